"""The log's locks in the database, each tried as the role that it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import errors

from tongdao.foundation import clock
from tongdao.foundation.events import Event
from tongdao.foundation.events.loop import ensure_partitions
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import OutsideScope, merchant_scope, node_scope, person_scope

INSERT = (
    "insert into event (id, merchant_id, name, schema_version, subject_type, subject_id, actor_kind,"
    " payload{more})"
    " values (gen_random_uuid(), %s, 'thing.moved', 1, 'thing', gen_random_uuid(), 'system', '{{}}'{values})"
)
PLAIN = INSERT.format(more="", values="")


def as_role(url: str, statement: str, arguments: Any = None, **scope: UUID) -> list[tuple[Any, ...]]:
    """Run one statement on a connection of its own, with the scope's variables set by hand."""
    with psycopg.connect(url) as connection:
        for name, value in scope.items():
            connection.execute("select set_config(%s, %s, true)", [f"tongdao.{name}", str(value)])
        cursor = connection.execute(statement, arguments)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize(
    "statement",
    [
        "update event set name = 'thing.lost'",
        "update event set txid = '1'",
        "delete from event",
        "truncate event",
        "delete from event_default",
        "select * from event_default",
    ],
)
def test_the_application_can_only_append(cluster: Any, merchant: UUID, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        as_role(cluster.urls.app, statement, merchant=merchant)


@pytest.mark.parametrize("column", ["seq", "txid"])
def test_order_and_transaction_cannot_be_forged(cluster: Any, merchant: UUID, column: str) -> None:
    forged = INSERT.format(more=f", {column}", values=", '1'").replace(
        ") values", ") overriding system value values"
    )
    with pytest.raises(errors.InsufficientPrivilege):
        as_role(cluster.urls.app, forged, [merchant], merchant=merchant)
    as_role(cluster.urls.app, PLAIN, [merchant], merchant=merchant)  # the rest of the statement is well


@pytest.mark.parametrize("table", ["event", "event_default", "{month}"])
@pytest.mark.parametrize("statement", ["update {} set name = 'x'", "delete from {}", "truncate {}"])
def test_not_even_the_owner_changes_the_past(cluster: Any, table: str, statement: str) -> None:
    month = f"event_{datetime.now(UTC):%Y_%m}"
    with pytest.raises(errors.RestrictViolation, match="append-only"):
        as_role(cluster.urls.owner, statement.format(table.format(month=month)))


def test_a_merchant_sees_and_writes_its_own_only(
    cluster: Any, merchant: UUID, move: Callable[..., list[UUID]]
) -> None:
    (event_id,) = move(merchant)
    seen = "select id from event where id = %s"
    assert as_role(cluster.urls.app, seen, [event_id], merchant=merchant) == [(event_id,)]
    assert as_role(cluster.urls.app, seen, [event_id], merchant=uuid7()) == []
    assert as_role(cluster.urls.app, seen, [event_id]) == []
    assert as_role(cluster.urls.app, seen, [event_id], person=uuid7()) == []
    assert as_role(cluster.urls.app, seen, [event_id], merchant=merchant, node=uuid7()) == []
    assert as_role(cluster.urls.platform, seen, [event_id]) == [(event_id,)]
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        as_role(cluster.urls.app, PLAIN, [uuid7()], merchant=merchant)
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        as_role(cluster.urls.app, PLAIN, [merchant])
    with pytest.raises(errors.InsufficientPrivilege):
        as_role(cluster.urls.platform, PLAIN, [merchant], merchant=merchant)


def test_a_partner_records_but_does_not_read(cluster: Any, merchant: UUID) -> None:
    as_role(cluster.urls.app, PLAIN, [merchant], merchant=merchant, node=uuid7())
    count = "select count(*) from event where merchant_id = %s"
    assert as_role(cluster.urls.platform, count, [merchant]) == [(1,)]


def test_the_manager_is_the_other_lock(merchant: UUID, move: Callable[..., list[UUID]]) -> None:
    (event_id,) = move(merchant)
    with merchant_scope(merchant):
        assert Event.objects.get(id=event_id).name == "thing.moved"
    with pytest.raises(OutsideScope):
        Event.objects.count()
    with person_scope(uuid7()), pytest.raises(OutsideScope):
        Event.objects.count()
    with node_scope(merchant, uuid7()), pytest.raises(OutsideScope):
        Event.objects.count()


def test_a_moment_without_a_partition_is_not_lost(
    cluster: Any, merchant: UUID, move: Callable[..., list[UUID]]
) -> None:
    with clock.shifted(timedelta(days=365 * 20)):
        (event_id,) = move(merchant)
    where = "select tableoid::regclass::text from event where id = %s"
    assert as_role(cluster.urls.app, where, [event_id], merchant=merchant) == [("event_default",)]


def test_months_are_made_ahead_once_and_locked(cluster: Any, merchant: UUID) -> None:
    assert ensure_partitions(24) == 0  # the migration made them
    with psycopg.connect(cluster.urls.owner) as owner:
        late = datetime.now(UTC) + timedelta(days=27 * 31)
        owner.execute("select set_config('tongdao.merchant', %s, true)", [str(merchant)])
        owner.execute(INSERT.format(more=", at", values=", %s"), [merchant, late])
        before = owner.execute(
            "select count(*) from pg_inherits where inhparent = 'event'::regclass"
        ).fetchone()
        made = owner.execute("select event_partitions_ensure(30)").fetchone()
        after = owner.execute(
            "select count(*) from pg_inherits where inhparent = 'event'::regclass"
        ).fetchone()
        assert before and made and after
        # The month whose event stands in the default partition stays there; the others are made.
        assert made[0] == 5
        assert after[0] - before[0] == 5
        open_to_roles = owner.execute(
            "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
            " where i.inhparent = 'event'::regclass and not (c.relrowsecurity and c.relforcerowsecurity"
            " and not has_table_privilege('tongdao_app', c.oid, 'select, insert, update, delete, truncate')"
            " and not has_table_privilege('tongdao_platform', c.oid, 'select'))"
        ).fetchall()
        assert open_to_roles == []
        owner.rollback()
