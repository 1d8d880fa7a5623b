from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from django.apps.registry import Apps
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models, transaction

from tongdao.foundation.keys import KeyMissing
from tongdao.foundation.pii import BadSeal, EncryptedTextField, seal

Ring = Callable[..., None]

SECRET = "李雷 13812345678"


class Patient(models.Model):
    id = models.IntegerField(primary_key=True)
    name = EncryptedTextField(max_length=20)
    note = EncryptedTextField(null=True, default=None)
    objects: ClassVar[models.Manager[Patient]] = models.Manager()

    class Meta:
        apps = Apps()  # a registry of its own: walks over all models must not meet this one
        app_label = "ward"
        db_table = "ward_patient"


NAME = Patient._meta.get_field("name")


@pytest.fixture
def table(use_ring: Ring) -> Iterator[Callable[[str], Any]]:
    """A temporary table for Patient; the fixture's value reads a column as the database holds it."""
    columns = "id integer primary key, name bytea not null, note bytea"
    # One transaction around the test: the table lives in one session and goes with it.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"create temporary table ward_patient ({columns}) on commit drop")
        yield stored


def stored(column: str) -> list[bytes | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from ward_patient order by id")
        return [None if row[0] is None else bytes(row[0]) for row in cursor.fetchall()]


def test_the_database_sees_only_sealed_bytes(table: Callable[[str], Any]) -> None:
    Patient.objects.create(id=1, name=SECRET)
    assert Patient.objects.get(id=1).name == SECRET
    assert Patient.objects.get(id=1).note is None
    assert table("note") == [None]
    (raw,) = table("name")
    assert SECRET.encode() not in raw
    assert NAME.open(raw) == SECRET


def test_updates_and_bulk_writes_seal_too(table: Callable[[str], Any]) -> None:
    Patient.objects.bulk_create([Patient(id=1, name="a"), Patient(id=2, name="a", note="")])
    first, second = table("name")
    assert first != second
    Patient.objects.filter(id=1).update(note=SECRET)
    patients = list(Patient.objects.order_by("id"))
    assert [p.note for p in patients] == [SECRET, ""]
    patients[1].note = "b"
    Patient.objects.bulk_update(patients, ["note"])
    assert list(Patient.objects.order_by("id").values_list("note", flat=True)) == [SECRET, "b"]


def test_values_moved_between_columns_do_not_open(table: Callable[[str], Any]) -> None:
    Patient.objects.create(id=1, name=SECRET)
    with connection.cursor() as cursor:
        cursor.execute("update ward_patient set note = name")
    with pytest.raises(BadSeal):
        Patient.objects.get(id=1)


def test_an_unknown_key_is_named(table: Callable[[str], Any], use_ring: Ring) -> None:
    Patient.objects.create(id=1, name=SECRET)
    use_ring("new", current="new")
    with pytest.raises(KeyMissing, match="'old'"):
        Patient.objects.get(id=1)


@pytest.mark.parametrize("lookup", ["name", "name__icontains", "name__in", "name__gt", "name__lower"])
def test_look_ups_are_refused_without_showing_the_value(lookup: str) -> None:
    with pytest.raises(FieldError, match="blind index") as caught:
        Patient.objects.filter(**{lookup: SECRET})
    assert SECRET not in str(caught.value)


def test_absence_can_be_looked_up(table: Callable[[str], Any]) -> None:
    Patient.objects.create(id=1, name="a")
    Patient.objects.create(id=2, name="a", note="b")
    assert [p.id for p in Patient.objects.filter(note__isnull=True)] == [1]


@pytest.mark.parametrize("value", [1, b"x", 1.5, ["a"]])
def test_only_text_goes_in(use_ring: Ring, value: object) -> None:
    for convert in (NAME.to_python, lambda v: NAME.get_db_prep_save(v, connection)):
        with pytest.raises(TypeError, match="holds text"):
            convert(value)


def test_too_long_a_text_is_invalid(use_ring: Ring) -> None:
    with pytest.raises(ValidationError):
        NAME.clean("x" * 21, None)


@pytest.mark.parametrize("flag", ["unique", "db_index", "primary_key"])
def test_a_sealed_column_is_no_key(flag: str) -> None:
    options: dict[str, Any] = {flag: True}
    with pytest.raises(FieldError, match=flag):
        EncryptedTextField(**options)


def test_a_stated_context_survives_migrations_and_renames(use_ring: Ring) -> None:
    field = EncryptedTextField(null=True, context="ward.patient.name")
    path, args, kwargs = field.deconstruct()[1:]
    assert path == "tongdao.foundation.pii.fields.EncryptedTextField"
    assert EncryptedTextField(*args, **kwargs).open(seal(SECRET, NAME.context)) == SECRET
    assert "context" not in NAME.deconstruct()[3]
