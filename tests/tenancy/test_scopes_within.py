"""Inside one merchant and across merchants: what a person sees of its own, and a partner of its own."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, models, transaction

from tests.tenancy.catalogue import tenant_models
from tests.tenancy.conftest import Estate
from tests.tenancy.planting import make
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import OutsideScope, TenantModel, merchant_scope, node_scope, person_scope

Model = type[TenantModel]
Admin = psycopg.Connection[tuple[Any, ...]]


def params(models: list[Model]) -> list[Any]:
    return [pytest.param(model, id=model._meta.db_table) for model in models]


ALL = list(tenant_models())
PERSONAL = params([model for model in ALL if model.tenant_rules.person])
IMPERSONAL = params([model for model in ALL if not model.tenant_rules.person])
SHARED = params([model for model in ALL if model.tenant_rules.node == "shared"])
HIDDEN = params([model for model in ALL if model.tenant_rules.node == "hidden"])
NODES = params([model for model in ALL if model.tenant_rules.node not in ("shared", "hidden")])


def bare(model: Model) -> models.QuerySet[Any]:
    """Without the manager: the database alone."""
    return models.QuerySet(model=model)


def writes(model: Model, id: UUID) -> list[tuple[str, list[UUID]]]:
    table = connection.ops.quote_name(model._meta.db_table)
    return [
        (f"update {table} set id = id where id = %s", [id]),
        (f"delete from {table} where id = %s", [id]),
    ]


def touched(statement: str, values: list[UUID]) -> int:
    """Rows that the statement reached; 0 also when it is not allowed at all."""
    with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount
    return 0


def of_two_persons(model: Model, ours: Estate, theirs: Estate) -> tuple[UUID, set[UUID], set[UUID]]:
    """A person, its rows with both merchants, and a neighbour's."""
    person, mine, others = uuid7(), set(), set()
    for estate in (ours, theirs):
        with merchant_scope(estate.merchant_id):
            mine.add(make(model, **{str(model.tenant_rules.person): person}).id)
            others.add(make(model, **{str(model.tenant_rules.person): uuid7()}).id)
    return person, mine, others


@pytest.mark.parametrize("model", PERSONAL)
def test_a_person_sees_its_own_with_every_merchant(
    model: Model, admin: Admin, ours: Estate, theirs: Estate
) -> None:
    person, mine, _ = of_two_persons(model, ours, theirs)
    with person_scope(person):
        assert set(model.objects.values_list("id", flat=True)) == mine
        assert set(bare(model).values_list("id", flat=True)) == mine, "the database alone"
        statement, values = model.objects.values_list("id").query.sql_with_params()
    alone = admin.execute(statement, values).fetchall()  # type: ignore[arg-type]  # made by the ORM
    assert {row[0] for row in alone} == mine, "the manager alone"


@pytest.mark.parametrize("model", PERSONAL)
def test_a_person_writes_nothing(model: Model, ours: Estate, theirs: Estate) -> None:
    person, mine, others = of_two_persons(model, ours, theirs)
    with person_scope(person):
        reached = [touched(*write) for id in mine | others for write in writes(model, id)]
    assert set(reached) == {0}
    with pytest.raises((DatabaseError, OutsideScope)), person_scope(person):
        make(model, merchant_id=ours.merchant_id)


@pytest.mark.parametrize("model", IMPERSONAL)
def test_what_is_no_persons_is_shut_in_a_persons_scope(model: Model, ours: Estate) -> None:
    with person_scope(uuid7()):
        with pytest.raises(OutsideScope):
            model.objects.all()
        assert bare(model).count() == 0


def of_two_nodes(model: Model, ours: Estate, theirs: Estate) -> tuple[UUID, UUID, UUID, UUID]:
    """A partner, its row, a neighbour's row, and a row of another merchant."""
    column = model.tenant_rules.node
    with merchant_scope(ours.merchant_id):
        mine, other = make(model), make(model)
    with merchant_scope(theirs.merchant_id):
        foreign = make(model)
    return getattr(mine, column), mine.id, other.id, foreign.id


@pytest.mark.parametrize("model", NODES)
def test_a_partner_sees_its_own_and_nothing_of_its_neighbours(
    model: Model, admin: Admin, ours: Estate, theirs: Estate
) -> None:
    partner, mine, other, foreign = of_two_nodes(model, ours, theirs)
    with node_scope(ours.merchant_id, partner):
        assert list(model.objects.values_list("id", flat=True)) == [mine]
        assert list(bare(model).values_list("id", flat=True)) == [mine], "the database alone"
        reached = [touched(*write) for id in (other, foreign) for write in writes(model, id)]
        assert touched(*writes(model, mine)[0]) == 1
        statement, values = model.objects.values_list("id").query.sql_with_params()
    assert set(reached) == {0}
    assert admin.execute(statement, values).fetchall() == [(mine,)], "the manager alone"  # type: ignore[arg-type]


@pytest.mark.parametrize("model", NODES)
def test_a_partner_writes_nothing_in_a_neighbours_name(model: Model, ours: Estate, theirs: Estate) -> None:
    partner, mine, other, _ = of_two_nodes(model, ours, theirs)
    with merchant_scope(ours.merchant_id):
        neighbour = getattr(bare(model).get(pk=other), model.tenant_rules.node)
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"update {table} set {model.tenant_rules.node} = %s where id = %s"
    with pytest.raises(DatabaseError, match=r"row-level security|permission denied"):  # noqa: SIM117 one block, one scope
        with node_scope(ours.merchant_id, partner), connection.cursor() as cursor:
            cursor.execute(statement, [neighbour, mine])


@pytest.mark.parametrize("model", [param for param in HIDDEN if param.values[0] is not Event])
def test_what_is_hidden_from_partners_is_shut(model: Model, ours: Estate) -> None:
    with node_scope(ours.merchant_id, uuid7()):
        with pytest.raises(OutsideScope):
            model.objects.all()
        assert bare(model).count() == 0
        assert {touched(*write) for write in writes(model, ours.row(model))} == {0}


def test_a_partner_tells_the_log_but_does_not_read_it(ours: Estate) -> None:
    with node_scope(ours.merchant_id, uuid7()):
        assert bare(Event).count() == 0


@pytest.mark.parametrize("model", SHARED)
def test_what_is_shared_is_read_by_partners_and_not_written(
    model: Model, ours: Estate, theirs: Estate
) -> None:
    with merchant_scope(ours.merchant_id):
        ids = set(bare(model).values_list("id", flat=True))
    with node_scope(ours.merchant_id, uuid7()):
        assert set(model.objects.values_list("id", flat=True)) == ids
        assert set(bare(model).values_list("id", flat=True)) == ids
        assert {touched(*write) for write in writes(model, ours.row(model))} == {0}
    with pytest.raises(DatabaseError), node_scope(ours.merchant_id, uuid7()):
        make(model)


def test_the_platform_lists_all_and_writes_nothing(ours: Estate, theirs: Estate) -> None:
    seen = bare(ALL[0]).using("platform").values_list("merchant_id", flat=True)
    assert {ours.merchant_id, theirs.merchant_id} <= set(seen)
    for model in ALL:
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            connections["platform"].cursor() as cursor,
        ):
            cursor.execute(*writes(model, ours.row(model))[0])
