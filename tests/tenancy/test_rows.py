"""A row of another merchant in every table, and every way to it: none shows it, none touches it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, models, transaction

from tests.tenancy.catalogue import tenant_models
from tests.tenancy.conftest import Estate
from tests.tenancy.planting import make, parents
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import OutsideScope, TenantModel, merchant_scope

Admin = psycopg.Connection[tuple[Any, ...]]
Model = type[TenantModel]
MODELS = [pytest.param(model, id=model._meta.db_table) for model in tenant_models()]
FAMILY = [
    pytest.param(model, field.name, id=f"{model._meta.db_table}.{field.name}")
    for model in tenant_models()
    for field in parents(model)
]


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run as the application, in what scope is open."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if cursor.description:
            return list(cursor.fetchall())
        return [(cursor.rowcount,)]


def name(model: Model) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def as_it_stands(admin: Admin, model: Model, id: UUID) -> Any:
    return admin.execute(f"select t::text from {name(model)} t where id = %s", [id]).fetchone()


def without_manager(model: Model) -> models.QuerySet[Any]:
    """The first lock taken off."""
    return models.QuerySet(model=model)


@pytest.mark.parametrize("model", MODELS)
def test_there_is_something_to_hide(model: Model, admin: Admin, ours: Estate, theirs: Estate) -> None:
    assert as_it_stands(admin, model, theirs.row(model))
    with merchant_scope(theirs.merchant_id):
        assert model.objects.filter(pk=theirs.row(model)).exists()


@pytest.mark.parametrize("model", MODELS)
def test_the_orm_shows_only_ours(model: Model, ours: Estate, theirs: Estate) -> None:
    with merchant_scope(ours.merchant_id):
        assert ours.row(model) in model.objects.values_list("id", flat=True)
        assert set(model.objects.values_list("merchant_id", flat=True)) == {ours.merchant_id}
        assert not model.objects.filter(pk=theirs.row(model)).exists()
        assert not model.objects.filter(merchant_id=theirs.merchant_id).exists()


@pytest.mark.parametrize("model", MODELS)
def test_the_database_alone_hides_theirs(model: Model, ours: Estate, theirs: Estate) -> None:
    """The second lock without the first: no manager, plain statements."""
    with merchant_scope(ours.merchant_id):
        assert not without_manager(model).filter(pk=theirs.row(model)).exists()
        assert without_manager(model).filter(pk=ours.row(model)).exists()
        assert sql(f"select distinct merchant_id from {name(model)}") == [(ours.merchant_id,)]
        assert sql(f"select 1 from {name(model)} where id = %s", theirs.row(model)) == []


@pytest.mark.parametrize("model", MODELS)
def test_the_manager_alone_hides_theirs(model: Model, admin: Admin, ours: Estate, theirs: Estate) -> None:
    """The first lock without the second: its statements, run by one whom no policy holds."""
    with merchant_scope(ours.merchant_id):
        statement, values = model.objects.values_list("id", "merchant_id").query.sql_with_params()
    seen = admin.execute(statement, values).fetchall()  # type: ignore[arg-type]  # made by the ORM
    assert (ours.row(model), ours.merchant_id) in seen
    assert {merchant for _, merchant in seen} == {ours.merchant_id}


@pytest.mark.parametrize("model", MODELS)
def test_outside_a_scope_both_locks_are_shut(model: Model, ours: Estate) -> None:
    with pytest.raises(OutsideScope):
        model.objects.all()
    assert without_manager(model).count() == 0
    assert sql(f"select count(*) from {name(model)}") == [(0,)]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "statement",
    ["update {table} set merchant_id = merchant_id where id = %s", "delete from {table} where id = %s"],
)
def test_theirs_is_not_touched(
    model: Model, statement: str, admin: Admin, ours: Estate, theirs: Estate
) -> None:
    before = as_it_stands(admin, model, theirs.row(model))
    with merchant_scope(ours.merchant_id):
        try:
            with transaction.atomic():
                assert sql(statement.format(table=name(model)), theirs.row(model)) == [(0,)]
        except ProgrammingError as refused:
            assert "permission denied" in str(refused), "append-only"
    assert as_it_stands(admin, model, theirs.row(model)) == before


@pytest.mark.parametrize("model", MODELS)
def test_ours_cannot_be_given_to_them(model: Model, admin: Admin, ours: Estate, theirs: Estate) -> None:
    before = as_it_stands(admin, model, ours.row(model))
    statement = f"update {name(model)} set merchant_id = %s where id = %s"
    with pytest.raises(DatabaseError), merchant_scope(ours.merchant_id):
        sql(statement, theirs.merchant_id, ours.row(model))
    assert as_it_stands(admin, model, ours.row(model)) == before


@pytest.mark.parametrize("model", [param for param in MODELS if param.values[0] is not Event])
def test_nothing_is_written_in_their_name(model: Model, ours: Estate, theirs: Estate) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), merchant_scope(ours.merchant_id):
        given = {field.name: None for field in parents(model)}  # their check comes after the policy's
        make(model, merchant_id=theirs.merchant_id, **given)


def test_no_event_is_forged_in_their_name(ours: Estate, theirs: Estate) -> None:
    statement = (
        "insert into event (id, merchant_id, name, schema_version, subject_type, subject_id,"
        " actor_kind, payload)"
        " values (gen_random_uuid(), %s, 'order.paid', 1, 'order', gen_random_uuid(), 'system', '{}')"
    )
    with merchant_scope(ours.merchant_id):
        sql(statement, ours.merchant_id)
    with pytest.raises(ProgrammingError, match="row-level security"), merchant_scope(ours.merchant_id):
        sql(statement, theirs.merchant_id)


class Undone(Exception):
    """Rolls the scope back."""


@pytest.mark.parametrize(("model", "relation"), FAMILY)
def test_no_row_of_ours_points_at_theirs(model: Model, relation: str, ours: Estate, theirs: Estate) -> None:
    field: Any = model._meta.get_field(relation)
    key = f"{model._meta.db_table}_{field.column}_own"
    with suppress(Undone), merchant_scope(ours.merchant_id):
        make(model, **{field.attname: make(field.related_model).id})
        raise Undone  # one of ours is well
    with pytest.raises(IntegrityError, match=key), merchant_scope(ours.merchant_id):
        make(model, **{field.attname: theirs.row(field.related_model)})
    with pytest.raises(IntegrityError, match=key), merchant_scope(ours.merchant_id):
        make(model, **{field.attname: uuid7()})  # what does not exist answers as what is theirs


def test_the_readers_positions_are_hidden_too(ours: Estate, theirs: Estate) -> None:
    """The one table without a model."""
    mine = "select reader from event_reader_position where reader = any(%s)"
    with merchant_scope(ours.merchant_id):
        assert sql(mine, [ours.reader, theirs.reader]) == [(ours.reader,)]
        moved = "update event_reader_position set failures = failures + 1 where reader = %s"
        assert sql(moved, theirs.reader) == [(0,)]
    assert sql(mine, [ours.reader, theirs.reader]) == []
