import django.db.models.deletion
from django.db import migrations, models

import tongdao.foundation.ids

# Operators are made at the machine, by the owner of the tables; a web process only asks who is one. And the
# platform's role, which reads for operators, reads nothing that opens a session or proves a second step.
GRANTS = """
revoke insert, update, delete, truncate on platform_operator from tongdao_app;
revoke select on browser_session, access_token, authenticator, recovery_code, one_time_code from tongdao_platform;
"""


class Migration(migrations.Migration):

    dependencies = [("people", "0002_sign_in"), ("foundation", "0004_switches_deeds")]

    operations = [
        migrations.CreateModel(
            name="PlatformOperator",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("operator", "Operator"), ("observer", "Observer")], max_length=16
                    ),
                ),
                ("granted_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="platform_roles",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "db_table": "platform_operator",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("person",),
                        name="platform_operator_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]
