import django.db.models.deletion
from django.db import migrations, models

import tongdao.foundation.ids

# As with all that proves who one is: the platform's role, which reads for operators, does not read it.
GRANTS = "revoke select on passkey from tongdao_platform"


class Migration(migrations.Migration):

    dependencies = [("people", "0005_one_person")]

    operations = [
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("credential", models.BinaryField(max_length=1023, unique=True)),
                ("public_key", models.BinaryField(max_length=2048)),
                ("sign_count", models.BigIntegerField(default=0)),
                ("synced", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("copied_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="passkeys", to="people.person"),
                ),
            ],
            options={"db_table": "passkey"},
        ),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]
