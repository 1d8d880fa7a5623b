from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.tenancy.scopes
from tongdao.foundation.tenancy.operations import PERSONS_ALONE, SecureTable

# Grants for the roles that the cluster bootstrap made: the application reads and writes rows and owns
# nothing; the platform role only reads, and only where a policy lets it.
GRANTS = """
grant usage on schema public to tongdao_app, tongdao_platform;
grant select, insert, update, delete on all tables in schema public to tongdao_app;
grant usage, select on all sequences in schema public to tongdao_app;
grant select on all tables in schema public to tongdao_platform;
alter default privileges in schema public grant select, insert, update, delete on tables to tongdao_app;
alter default privileges in schema public grant usage, select on sequences to tongdao_app;
alter default privileges in schema public grant select on tables to tongdao_platform;
revoke all on django_migrations from tongdao_app;
grant select on django_migrations to tongdao_app;
"""

FUNCTIONS = """
create function tongdao_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create function tongdao_refuse_state() returns trigger language plpgsql as $$
begin
  raise exception '% has no step to state %', tg_table_name, new.state using errcode = 'check_violation';
end $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(PERSONS_ALONE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="DirectoryEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("token", models.CharField(max_length=128)),
                ("merchant_id", models.UUIDField()),
                ("target_id", models.UUIDField()),
            ],
            options={
                "db_table": "directory",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "token"), name="directory_token"),
                ],
            },
        ),
        # A token never changes hands: entries are made and kept.
        migrations.RunSQL("revoke update, delete on directory from tongdao_app", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "merchant_id",
                    models.UUIDField(
                        default=tongdao.foundation.tenancy.scopes.current_merchant, editable=False
                    ),
                ),
                ("scope", models.CharField(max_length=32)),
                ("input_hash", models.BinaryField(max_length=32)),
                ("answer", models.JSONField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "idempotency_key",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        SecureTable("IdempotencyKey"),
    ]
