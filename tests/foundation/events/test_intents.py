"""Reactors: an intent is recorded once, delivered at least once, and never repeated by reading again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from tongdao.foundation.events import (
    Event,
    Intent,
    PersonalData,
    add_intent,
    delivery,
    projection,
    reactor,
    reader_named,
    replay,
    run_reader,
)
from tongdao.foundation.events.intents import (
    OutsideReactor,
    claim_intents,
    deliver,
    fail_intent,
    finish_intent,
)
from tongdao.foundation.events.registry import BadReader
from tongdao.foundation.events.work import list_due, reader_status
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import current_scope, merchant_scope

Move = Callable[..., list[UUID]]


@pytest.fixture
def hooks(words: SimpleNamespace) -> str:
    """Two intents for each move."""

    @reactor("hooks", events=[words.Moved])
    def hooks(batch: list[Event]) -> None:
        for event in batch:
            for target in ("one", "two"):
                add_intent(event, target=target, kind="test.call", payload={"thing_id": event.subject_id})

    return "hooks"


def stored(merchant_id: UUID) -> list[tuple[UUID, str, str, int]]:
    with merchant_scope(merchant_id):
        rows = Intent.objects.order_by("event_seq", "target")
        return list(rows.values_list("event_id", "target", "state", "attempts"))


def test_reading_again_repeats_no_intent(hooks: str, merchant: UUID, move: Move) -> None:
    ids = move(merchant, 3)
    assert run_reader(hooks, merchant) == 3
    first = stored(merchant)
    assert first == [(id_, target, "pending", 0) for id_ in ids for target in ("one", "two")]
    with merchant_scope(merchant), connection.cursor() as cursor:
        cursor.execute("update event_reader_position set snapshot = '1:1:' where reader = %s", [hooks])
    assert run_reader(hooks, merchant) == 3
    assert stored(merchant) == first
    with pytest.raises(BadReader):
        replay(reader_named(hooks), merchant)


def test_a_failing_reactor_leaves_no_intent(words: SimpleNamespace, merchant: UUID, move: Move) -> None:
    @reactor("broken", events=[words.Moved])
    def broken(batch: list[Event]) -> None:
        add_intent(batch[0], target="one", kind="test.call")
        raise ZeroDivisionError

    move(merchant)
    run_reader("broken", merchant)
    assert stored(merchant) == []


def test_only_reactors_record_intents(words: SimpleNamespace, merchant: UUID, move: Move, tally: Any) -> None:
    @projection("pushy", events=[words.Moved], tables=[tally])
    def pushy(batch: list[Event]) -> None:
        add_intent(batch[0], target="one", kind="test.call")

    move(merchant)
    run_reader("pushy", merchant)
    assert ["OutsideReactor" in row.last_error for row in reader_status() if row.merchant_id == merchant] == [
        True
    ]
    with merchant_scope(merchant):
        event = Event.objects.first()
        assert event is not None
        with pytest.raises(OutsideReactor):
            add_intent(event, target="one", kind="test.call")


def test_an_intent_holds_no_personal_data(words: SimpleNamespace, merchant: UUID, move: Move) -> None:
    refused: list[str] = []

    @reactor("chatty", events=[words.Moved])
    def chatty(batch: list[Event]) -> None:
        for part in ({"target": "13800138000"}, {"payload": {"phone": 1}}):
            with pytest.raises(PersonalData):
                add_intent(batch[0], **{"target": "one", "kind": "test.call", **part})
            refused.append(next(iter(part)))

    move(merchant)
    assert run_reader("chatty", merchant) == 1
    assert refused == ["target", "payload"]


def test_a_delivery_runs_outside_scopes_and_once_if_well(hooks: str, merchant: UUID, move: Move) -> None:
    seen: list[tuple[str, UUID]] = []

    @delivery("test.call")
    def call(intent: Intent) -> None:
        assert current_scope() is None
        seen.append((intent.target, UUID(intent.payload["thing_id"])))

    move(merchant)
    run_reader(hooks, merchant)
    assert merchant in list_due()
    assert deliver(merchant) == 2
    assert deliver(merchant) == 0
    assert merchant not in list_due()
    assert sorted(target for target, _ in seen) == ["one", "two"]
    assert {row[2:] for row in stored(merchant)} == {("done", 1)}


def test_a_failed_delivery_is_put_off_and_in_the_end_given_up(hooks: str, merchant: UUID, move: Move) -> None:
    @delivery("test.call")
    def call(intent: Intent) -> None:
        if intent.target == "two":
            raise ConnectionRefusedError("nobody there")

    move(merchant)
    run_reader(hooks, merchant)
    assert deliver(merchant) == 2
    assert [row[1:] for row in stored(merchant)] == [("one", "done", 1), ("two", "pending", 1)]
    assert deliver(merchant) == 0  # not due yet
    for _ in range(11):
        with merchant_scope(merchant):
            Intent.objects.filter(target="two").update(next_at="2020-01-01T00:00Z")
        assert deliver(merchant) == 1
    assert [row[1:] for row in stored(merchant)] == [("one", "done", 1), ("two", "failed", 12)]
    with merchant_scope(merchant):
        assert Intent.objects.get(target="two").last_error == "ConnectionRefusedError: nobody there"


def test_an_abandoned_claim_is_claimed_again(hooks: str, merchant: UUID, move: Move) -> None:
    move(merchant)
    run_reader(hooks, merchant)
    with merchant_scope(merchant):
        first = claim_intents(["test.call"], lease=timedelta(0))
    with merchant_scope(merchant):
        second = claim_intents(["test.call"], lease=timedelta(minutes=1))
    with merchant_scope(merchant):
        assert claim_intents(["test.call"]) == []
    assert {each.id for each in first} == {each.id for each in second}
    late, early = first[0], next(each for each in second if each.id == first[0].id)
    with merchant_scope(merchant):
        fail_intent(late, "too late")  # the second claim goes on undisturbed
        assert Intent.objects.get(id=late.id).last_error == ""
        finish_intent(early)
        fail_intent(early, "after it was done")
        assert Intent.objects.get(id=early.id).state == "done"


def test_two_deliverers_never_hold_the_same_intent(
    cluster: Any, hooks: str, merchant: UUID, move: Move
) -> None:
    move(merchant, 2)
    run_reader(hooks, merchant)
    with psycopg.connect(cluster.urls.app) as other:
        other.execute("select set_config('tongdao.merchant', %s, true)", [str(merchant)])
        held = other.execute("select id from event_intent order by id limit 3 for update").fetchall()
        with merchant_scope(merchant):
            mine = claim_intents(["test.call"])
        other.rollback()
    assert len(mine) == 1
    assert (mine[0].id,) not in held


def test_another_merchants_intents_are_invisible(hooks: str, merchant: UUID, move: Move) -> None:
    move(merchant)
    run_reader(hooks, merchant)
    with merchant_scope(uuid7()):
        assert claim_intents(["test.call"]) == []
        assert Intent.objects.count() == 0
