from django.db import migrations, models

import tongdao.foundation.ids

# Nobody updates or deletes: no grant for the roles, and a trigger against the owner.
DEEDS = """
revoke update, delete, truncate on operator_deed from tongdao_app;
create trigger append_only before update or delete on operator_deed
  for each row execute function tongdao_append_only();
create trigger append_only_truncate before truncate on operator_deed
  for each statement execute function tongdao_append_only();
revoke delete on feature_switch from tongdao_app;
"""
# What was given up is few and looked for by operators.
GIVEN_UP = "create index event_intent_failed on event_intent (created_at) where state = 'failed'"


class Migration(migrations.Migration):

    dependencies = [("foundation", "0003_throttle")]

    operations = [
        migrations.CreateModel(
            name="FeatureSwitch",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("is_on", models.BooleanField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={"db_table": "feature_switch"},
        ),
        migrations.CreateModel(
            name="OperatorDeed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("person_id", models.UUIDField(null=True)),
                ("act", models.CharField(max_length=40)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.CharField(blank=True, max_length=80)),
                ("merchant_id", models.UUIDField(null=True)),
                ("reason", models.CharField(max_length=300)),
                ("details", models.JSONField(default=dict)),
                ("request_id", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "operator_deed",
                "indexes": [
                    models.Index(fields=["merchant_id", "id"], name="operator_deed_merchant"),
                    models.Index(fields=["person_id", "id"], name="operator_deed_person"),
                ],
            },
        ),
        migrations.RunSQL(DEEDS, migrations.RunSQL.noop),
        migrations.RunSQL(GIVEN_UP, migrations.RunSQL.noop),
    ]
