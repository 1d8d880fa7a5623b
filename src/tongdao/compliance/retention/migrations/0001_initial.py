from django.db import migrations, models

import tongdao.foundation.ids
from tongdao.foundation.tenancy.operations import GuardStates

OPEN = models.Q(("state__in", ["asked", "erasing"]))


class Migration(migrations.Migration):

    initial = True

    dependencies = [("foundation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("state", models.CharField(default="asked", max_length=10)),
                ("version", models.IntegerField(default=1)),
                ("wishes", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("places", models.JSONField(default=list)),
                ("done", models.IntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "erasure",
                "indexes": [models.Index(condition=OPEN, fields=["due_at"], name="erasure_due")],
                "constraints": [
                    models.UniqueConstraint(condition=OPEN, fields=("person_id",), name="erasure_one_open")
                ],
            },
        ),
        migrations.CreateModel(
            name="TakeOut",
            fields=[
                ("id", models.UUIDField(default=tongdao.foundation.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("state", models.CharField(default="asked", max_length=8)),
                ("version", models.IntegerField(default=1)),
                ("language", models.CharField(max_length=10)),
                ("done", models.IntegerField(default=0)),
                ("steps", models.IntegerField(default=0)),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
                ("good_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "take_out",
                "indexes": [
                    models.Index(fields=["person_id", "asked_at"], name="take_out_person"),
                    models.Index(condition=models.Q(("state", "ready")), fields=["good_until"], name="take_out_over"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")), fields=("person_id",), name="take_out_one_at_a_time"
                    )
                ],
            },
        ),
        GuardStates(
            "Erasure",
            initial="asked",
            transitions=[("asked", "erasing"), ("asked", "withdrawn"), ("erasing", "asked"), ("erasing", "erased")],
        ),
        GuardStates(
            "TakeOut",
            initial="asked",
            transitions=[("asked", "failed"), ("asked", "ready"), ("ready", "gone")],
        ),
    ]
