import django.db.models.deletion
import tongdao.foundation.ids
import tongdao.foundation.money
import tongdao.foundation.tenancy.models
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("foundation", "0001_initial"),
        ("catalog", "0005_held_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="Favourite",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ("person_id", models.UUIDField()),
                ("from_fen", tongdao.foundation.money.MoneyField(null=True)),
                ("kept_at", models.DateTimeField()),
                ("product", tongdao.foundation.tenancy.models.TenantForeignKey(indexed=False, on_delete=django.db.models.deletion.DO_NOTHING, to="catalog.product")),
            ],
            options={
                "db_table": "favourite",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["person_id"], name="favourite_person")],
                "constraints": [models.UniqueConstraint(fields=("merchant_id", "person_id", "product"), name="favourite_once")],
            },
        ),
        SecureTable("Favourite", person="person_id", platform=False),
    ]
