import tongdao.foundation.ids
import tongdao.foundation.pii.fields
import tongdao.foundation.tenancy.scopes
from django.db import migrations, models

from tongdao.foundation.tenancy.operations import SecureTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [("foundation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="KeptAddress",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("merchant_id", models.UUIDField(default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False)),
                ("person_id", models.UUIDField()),
                ("recipient", tongdao.foundation.pii.fields.EncryptedTextField()),
                ("phone", tongdao.foundation.pii.fields.EncryptedTextField()),
                ("detail", tongdao.foundation.pii.fields.EncryptedTextField()),
                ("division_code", models.CharField(max_length=6)),
                ("division_version", models.CharField(max_length=24)),
                ("is_default", models.BooleanField(default=False)),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "db_table": "kept_address",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["person_id"], name="kept_address_person")],
                "constraints": [models.UniqueConstraint(condition=models.Q(("is_default", True)), fields=("merchant_id", "person_id"), name="kept_address_one_default")],
            },
        ),
        SecureTable("KeptAddress", person="person_id", platform=False),
    ]
