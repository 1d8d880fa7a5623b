"""Recording: inside a scope, with its transaction, one statement a batch, nothing personal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from tests.support.statements import sent_statements
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import (
    Event,
    PersonalData,
    Subject,
    as_row,
    record,
    record_many,
    request_id,
    timeline,
)
from tongdao.foundation.events.codes import NotACode
from tongdao.foundation.events.definitions import BadVocabulary
from tongdao.foundation.events.payloads import BadPayload
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import OutsideScope, merchant_scope, node_scope, person_scope


def test_everything_that_was_said_is_kept(merchant: UUID, words: SimpleNamespace) -> None:
    thing, clerk, buyer, cause, request = (uuid7() for _ in range(5))
    reset = request_id.set(request)
    try:
        with clock.shifted(timedelta(days=3)), merchant_scope(merchant):
            moment = clock.now()
            event_id = record(
                words.Moved(thing, 2),
                subject=Subject("thing", thing, 7),
                actor=Actor("staff", clerk, on_behalf_of=buyer),
                reason="buyer_asked",
                old={"state": "here", "shelf_id": None},
                new={"state": "there", "shelf_id": cause, "counts": (1, 2)},
                cause_id=cause,
            )
    finally:
        request_id.reset(reset)
    with merchant_scope(merchant):
        event = Event.objects.get(id=event_id)
    assert (event.name, event.schema_version, event.merchant_id) == ("thing.moved", 1, merchant)
    assert (event.subject_type, event.subject_id, event.subject_version) == ("thing", thing, 7)
    assert (event.actor_kind, event.actor, event.on_behalf_of) == ("staff", clerk, buyer)
    assert (event.request_id, event.cause_id, event.reason) == (request, cause, "buyer_asked")
    assert event.old == {"state": "here", "shelf_id": None}
    assert event.new == {"state": "there", "shelf_id": str(cause), "counts": [1, 2]}
    assert event.read(words.Moved) == words.Moved(thing, 2)
    assert timedelta(0) <= event.at - moment < timedelta(minutes=1)
    with pytest.raises(BadVocabulary):
        event.read(words.Lost)


def test_only_a_merchants_scope_records(merchant: UUID, words: SimpleNamespace) -> None:
    thing = uuid7()
    subject = Subject("thing", thing)
    with pytest.raises(OutsideScope):
        record(words.Lost(thing), subject=subject, actor=SYSTEM)
    with person_scope(uuid7()), pytest.raises(OutsideScope):
        record(words.Lost(thing), subject=subject, actor=SYSTEM)
    with pytest.raises(OutsideScope):
        record_many([])
    with node_scope(merchant, uuid7()):
        event_id = record(words.Lost(thing), subject=subject, actor=SYSTEM)
    with merchant_scope(merchant):
        assert [event.id for event in timeline(subject)] == [event_id]


def test_what_is_rolled_back_was_never_told(merchant: UUID, words: SimpleNamespace) -> None:
    subject = Subject("thing", uuid7())
    with pytest.raises(ZeroDivisionError), merchant_scope(merchant):
        record(words.Lost(subject.id), subject=subject, actor=SYSTEM)
        raise ZeroDivisionError
    with merchant_scope(merchant):
        assert timeline(subject) == []


def test_a_batch_is_one_statement_and_keeps_its_order(merchant: UUID, words: SimpleNamespace) -> None:
    thing = uuid7()
    with merchant_scope(merchant):
        rows = [
            as_row(words.Moved(thing, n), subject=Subject("thing", thing, n), actor=SYSTEM)
            for n in range(1, 65)
        ]
        with sent_statements() as sent:
            ids = record_many(rows)
        assert len(sent) == 1
        events = timeline(Subject("thing", thing))
    assert [event.id for event in events] == ids
    assert [event.payload["steps"] for event in events] == list(range(1, 65))


@pytest.mark.parametrize(
    ("part", "error"),
    [
        ({"reason": "The buyer asked"}, NotACode),
        ({"old": {"phone": 1}}, PersonalData),
        ({"new": {"state": "张三"}}, NotACode),
        ({"new": {"state": "13800138000"}}, PersonalData),
        ({"new": {"price": 1.5}}, BadPayload),
        ({"new": {"names": ("x",), "title": "x"}}, PersonalData),
        ({"new": {"lines": [1]}}, BadPayload),
    ],
)
def test_nothing_personal_gets_in_beside_the_payload(
    merchant: UUID, words: SimpleNamespace, part: dict[str, object], error: type[Exception]
) -> None:
    with merchant_scope(merchant), pytest.raises(error):
        record(words.Lost(uuid7()), subject=Subject("thing", uuid7()), actor=SYSTEM, **part)


def test_an_unknown_payload_is_no_event(merchant: UUID) -> None:
    with merchant_scope(merchant), pytest.raises(BadVocabulary):
        record(object(), subject=Subject("thing", uuid7()), actor=SYSTEM)


def test_a_row_is_its_own_subject(
    merchant: UUID, words: SimpleNamespace, move: Callable[..., list[UUID]]
) -> None:
    (event_id,) = move(merchant)
    with merchant_scope(merchant):
        row = as_row(words.Lost(event_id), subject=Event.objects.get(id=event_id), actor=SYSTEM)
    assert (row["subject_type"], row["subject_id"]) == ("event", str(event_id))
