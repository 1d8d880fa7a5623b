from django.db import migrations, models

from tongdao.foundation.tenancy.operations import append_only

# A seal stands, and a day with postings does not go away.
FIXED_DAYS = """
revoke delete, truncate on ledger_day from tongdao_app;
create trigger sealed before update or delete on ledger_day
  for each row when (old.sealed_at is not null) execute function tongdao_append_only();
"""


class Migration(migrations.Migration):
    """Who posted; and neither an account's name nor a sealed day may change."""

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AddField("transaction", "actor_kind", models.CharField(max_length=16, default="system")),
        migrations.AddField("transaction", "actor_id", models.UUIDField(null=True)),
        migrations.RunSQL(append_only("ledger_account"), migrations.RunSQL.noop),
        migrations.RunSQL(FIXED_DAYS, migrations.RunSQL.noop),
    ]
