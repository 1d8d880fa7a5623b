import django.db.models.deletion
from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.pii.fields
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import SecureTable

ID = models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)
MERCHANT = models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)
BASE = {"abstract": False, "base_manager_name": "objects"}
FLAGS = [("", "no flag"), ("red", "red"), ("amber", "amber"), ("green", "green"), ("blue", "blue")]


def to(model: str, **options: object) -> models.Field:
    return tongdao.foundation.tenancy.models.TenantForeignKey(
        on_delete=django.db.models.deletion.DO_NOTHING, to=model, **options
    )


class Migration(migrations.Migration):

    initial = True
    dependencies = [("foundation", "0001_initial"), ("orders", "0003_shares_of_promoter")]

    operations = [
        migrations.CreateModel(
            name="OrderNote",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("text", tongdao.foundation.pii.fields.EncryptedTextField()),
                ("staff_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("order", to("orders.order", related_name="notes")),
            ],
            options={"db_table": "order_note", **BASE},
        ),
        migrations.CreateModel(
            name="OrderMark",
            fields=[
                ("id", ID),
                ("merchant_id", MERCHANT),
                ("flag", models.CharField(blank=True, choices=FLAGS, default="", max_length=8)),
                ("order", to("orders.order", related_name="marks", indexed=False)),
                ("pinned", to("notes.ordernote", null=True, indexed=False)),
            ],
            options={"db_table": "order_mark", **BASE},
        ),
        migrations.AddConstraint(
            "ordermark",
            models.UniqueConstraint(fields=["merchant_id", "order"], name="order_mark_once"),
        ),
        SecureTable("OrderNote", append_only=True),
        SecureTable("OrderMark"),
    ]
