from collections.abc import Callable
from typing import Any

from django.db import migrations, models
from django.db.models import Q

from tongdao.party.people.tails import mask_key, tail_key

CHUNK = 2_000
TAIL = models.Index(
    condition=Q(tail__isnull=False, valid_to__isnull=True), fields=["tail"], name="identity_tail"
)
MASK = models.Index(condition=Q(name_mask__isnull=False), fields=["name_mask"], name="person_name_mask")


def fill(apps: Any, schema: Any) -> None:
    """Only this process can open what is sealed, so it reads and writes all rows, some at a time."""
    alias = schema.connection.alias
    identities = apps.get_model("people", "Identity").objects.using(alias)
    phones = identities.filter(kind="phone", value__isnull=False)
    _fill(identities, phones, "tail", lambda row: tail_key(row.kind, row.value))
    people = apps.get_model("people", "Person").objects.using(alias)
    _fill(people, people.filter(shown_name__isnull=False), "name_mask", lambda row: mask_key(row.shown_name))


def _fill(all_rows: Any, rows: Any, column: str, key: Callable[[Any], bytes | None]) -> None:
    some = list(rows.order_by("id")[:CHUNK])
    while some:
        for row in some:
            setattr(row, column, key(row))
        all_rows.bulk_update(some, [column])
        some = list(rows.filter(id__gt=some[-1].id).order_by("id")[:CHUNK])


class Migration(migrations.Migration):

    dependencies = [("people", "0007_merges_to_tell")]

    operations = [
        migrations.AddField("Identity", "tail", models.BinaryField(max_length=32, null=True)),
        migrations.AddField("Person", "name_mask", models.BinaryField(max_length=32, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex("Identity", TAIL),
        migrations.AddIndex("Person", MASK),
    ]
