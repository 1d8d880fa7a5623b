from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import SecureTable

ID = models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)
MERCHANT = models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)
BASE = {"abstract": False, "base_manager_name": "objects"}


class Migration(migrations.Migration):

    dependencies = [("traffic", "0002_touch_of_person")]

    operations = [
        migrations.CreateModel(
            name="VisitDay",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("day", models.DateField()),
                ("views", models.BigIntegerField(default=0)),
                ("visits", models.BigIntegerField(default=0)),
                ("visitors", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "visit_day", **BASE},
        ),
        migrations.CreateModel(
            name="DayVisitor",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("day", models.DateField()),
                ("mark", models.BinaryField(max_length=16)),
                ("last_at", models.DateTimeField()),
            ],
            options={"db_table": "day_visitor", **BASE},
        ),
        migrations.AddConstraint(
            "visitday", models.UniqueConstraint(fields=["merchant_id", "day"], name="visit_day_once")
        ),
        migrations.AddConstraint(
            "dayvisitor",
            models.UniqueConstraint(fields=["merchant_id", "day", "mark"], name="day_visitor_once"),
        ),
        SecureTable("VisitDay"),
        SecureTable("DayVisitor"),
    ]
