import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tongdao.foundation.ids
import tongdao.foundation.pii.fields

# Whoever is signed in stays so. Fresh databases never had Django's own table.
TAKE_SESSIONS = """
do $$ begin
  if to_regclass('django_session') is not null then
    insert into browser_session (session_key, session_data, expire_date, device, seen_at)
    select session_key, session_data, expire_date, '', now() from django_session;
    drop table django_session;
  end if;
end $$
"""
PEOPLE = settings.AUTH_USER_MODEL


class Migration(migrations.Migration):

    dependencies = [("people", "0001_initial"), ("foundation", "0003_throttle")]

    operations = [
        migrations.AddField("Identity", "proved_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="BrowserSession",
            fields=[
                ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key")),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("device", models.CharField(default="", max_length=60)),
                ("seen_at", models.DateTimeField()),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to=PEOPLE)),
            ],
            options={"db_table": "browser_session"},
        ),
        migrations.RunSQL(TAKE_SESSIONS, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="OneTimeCode",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("purpose", models.CharField(choices=[("sign_in", "Sign In"), ("number", "Number")], max_length=16)),
                ("lookup", models.BinaryField(max_length=32)),
                ("digest", models.BinaryField(max_length=32)),
                ("tries", models.SmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "one_time_code",
                "constraints": [models.UniqueConstraint(fields=("purpose", "lookup"), name="one_time_code_last")],
            },
        ),
        migrations.CreateModel(
            name="Authenticator",
            fields=[
                ("person", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to=PEOPLE)),
                ("secret", tongdao.foundation.pii.fields.EncryptedTextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("last_step", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "authenticator"},
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="recovery_codes", to=PEOPLE)),
            ],
            options={"db_table": "recovery_code"},
        ),
    ]
