import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import tongdao.foundation.ids
from tongdao.foundation.tenancy.operations import append_only

PEOPLE = settings.AUTH_USER_MODEL
PERSONS = """
create or replace function tongdao_persons(uuid) returns uuid[] language sql stable strict parallel safe
return $1 || array(select id from person where merged_into_id = $1)
"""
# After the statement, so that one statement may bring several. `for share` waits for whoever is merging the
# target at the same moment, and sees what came of it.
FLAT = """
create function tongdao_merged_flat() returns trigger language plpgsql as $$
declare target person%rowtype;
begin
  if new.merged_into_id is null then return null; end if;
  select * into target from person where id = new.merged_into_id for share;
  if new.merged_into_id = new.id or target.merged_into_id is not null
    or exists (select from person where merged_into_id = new.id) then
    raise exception 'a merged person points at one who is not merged' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger merged_flat after insert or update of merged_into_id on person
  for each row execute function tongdao_merged_flat();
"""


class Migration(migrations.Migration):

    dependencies = [("people", "0004_wechat"), ("foundation", "0005_same_person")]

    operations = [
        migrations.CreateModel(
            name="PersonMerge",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=40)),
                ("proposed_by", models.UUIDField(null=True)),
                ("merchant_id", models.UUIDField(null=True)),
                ("proposed_at", models.DateTimeField()),
                ("proved_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("untold_at", models.DateTimeField(null=True)),
                ("root", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="merges", to=PEOPLE)),
                ("absorbed", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="merges_away", to=PEOPLE)),
            ],
            options={
                "db_table": "person_merge",
                "constraints": [
                    models.UniqueConstraint(condition=Q(("done_at__isnull", False), ("undone_at__isnull", True)), fields=("absorbed",), name="person_merge_once"),
                    models.CheckConstraint(condition=Q(("root", F("absorbed")), _negated=True), name="person_merge_two"),
                    models.CheckConstraint(condition=Q(("done_at__isnull", True), ("proved_at__isnull", False), _connector="OR"), name="person_merge_proved"),
                    models.CheckConstraint(condition=Q(("undone_at__isnull", True), ("done_at__isnull", False), _connector="OR"), name="person_merge_undone"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=24)),
                ("version", models.CharField(max_length=24)),
                ("language", models.CharField(max_length=8)),
                ("text", models.TextField()),
                ("stored_at", models.DateTimeField()),
            ],
            options={"db_table": "consent_text"},
        ),
        migrations.CreateModel(
            name="PersonConsent",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=24)),
                ("given", models.BooleanField()),
                ("version", models.CharField(max_length=24)),
                ("digest", models.BinaryField(max_length=32)),
                ("face", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="consents", to=PEOPLE)),
            ],
            options={
                "db_table": "person_consent",
                "indexes": [models.Index(fields=["person", "purpose", "at"], name="person_consent_last")],
            },
        ),
        migrations.RunSQL("\n".join(f"{one};" for table in ("consent_text", "person_consent") for one in append_only(table)), migrations.RunSQL.noop),
        migrations.RunSQL(PERSONS, migrations.RunSQL.noop),
        migrations.RunSQL(FLAT, migrations.RunSQL.noop),
    ]
