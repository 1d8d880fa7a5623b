"""However a row of messages is cut into batches, what is written is the same as one by one.

TONGDAO_EXAMPLES raises the number of rows tried (default 8).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pytest
from django.db import DataError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.interleaving.invariants import find_broken
from tests.interleaving.world import PRICE
from tests.support.statements import sent_statements
from tests.trade.payments.till import STAGES, Till
from tongdao.foundation.actors import CHANNEL
from tongdao.foundation.committing import commit_each
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.payments.gateways import PaidNotice, RefundNotice
from tongdao.trade.payments.models import CallbackRecord, PaymentAttempt, Verdict
from tongdao.trade.payments.operations import capture_many, record_refunds
from tongdao.trade.payments.operations.noticing import Message, take_messages
from tongdao.trade.payments.operations.refunded import Word


class Told(NamedTuple):
    """One message: `what`, of which purchase and attempt; messages with the same `nonce` are the same."""

    what: str
    number: int = 0
    attempt: int = 0
    nonce: int = -1  # drawn anew

    def message(self, till: Till, position: int) -> Message:
        nonce = self.nonce if self.nonce >= 0 else 100 + position
        return Message(hashlib.sha256(str(nonce).encode()).digest(), self.notice(till))

    def notice(self, till: Till) -> PaidNotice | RefundNotice:
        if self.what == "paid":
            return till.paid(self.number, self.attempt)
        if self.what == "wrong":
            return till.paid(self.number, self.attempt, PRICE - 1)
        if self.what == "open":
            return PaidNotice(till.line[self.number].attempts[self.attempt], "open")
        if self.what == "nobody's":
            return _nobodys(till)
        if self.what == "nobody's refund":
            return RefundNotice("no-such-refund", "succeeded")
        return till.back(self.what)  # type: ignore[arg-type]  # one of the states


def _nobodys(till: Till) -> PaidNotice:
    known = till.paid(0, 0)
    return PaidNotice("no-such-trade", "paid", "4200", known.amount_fen, known.paid_at)


WORDS = ["paid", "paid", "paid", "wrong", "open", "nobody's", "nobody's refund"]
WORDS += ["accepted", "succeeded", "failed", "unknown"]
MESSAGES = st.lists(
    st.builds(
        Told,
        st.sampled_from(WORDS),
        st.integers(0, len(STAGES) - 1),
        st.integers(0, 1),
        st.integers(-3, 3),
    ),
    min_size=2,
    max_size=12,
)
EXAMPLES = int(os.environ.get("TONGDAO_EXAMPLES", "8"))
relaxed = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def take(till: Till, told: Sequence[Told], cuts: Sequence[int]) -> list[Verdict]:
    """All messages, in batches of these sizes and then one by one."""
    messages = [one.message(till, position) for position, one in enumerate(told)]
    found: list[Verdict] = []
    sizes = iter(cuts)
    while len(found) < len(messages):
        size = next(sizes, 1)
        found += take_messages(till.shop.merchant_id, messages[len(found) : len(found) + size])
    return found


TWICE = [Told("paid", 0, 0), Told("paid", 0, 0), Told("paid", 0, 1), Told("paid", 0, 1)]
REPLAYED = [Told("paid", 0, 0, 1), Told("paid", 1, 0, 1), Told("wrong", 1, 0, 1), Told("paid", 1, 0, 2)]
LATE = [Told("paid", 3, 0), Told("paid", 3, 1), Told("paid", 2, 1), Told("paid", 2, 0), Told("paid", 4, 1)]
WRONG = [
    Told("wrong", 0, 0),
    Told("paid", 0, 1),
    Told("wrong", 0, 1),
    Told("wrong", 0, 0),
    Told("paid", 0, 0),
]
BACK = [Told("accepted"), Told("unknown"), Told("failed"), Told("accepted"), Told("succeeded")]
BACK += [Told("succeeded"), Told("failed")]
STRANGE = [
    Told("nobody's", nonce=1),
    Told("nobody's", nonce=1),
    Told("nobody's refund"),
    Told("open", 0, 0, 2),
]
STRANGE += [Told("open", 0, 0, 2), Told("open", 0, 0, 2), Told("paid", 0, 0, 1)]


@relaxed
@given(told=MESSAGES, cuts=st.lists(st.integers(1, 12), max_size=6))
@example(told=TWICE, cuts=[4])
@example(told=REPLAYED, cuts=[4])
@example(told=LATE, cuts=[5])
@example(told=WRONG, cuts=[5])
@example(told=BACK, cuts=[7])
@example(told=STRANGE, cuts=[6])
def test_a_batch_is_its_messages_one_by_one(told: list[Told], cuts: list[int]) -> None:
    batched, single = Till(), Till()
    assert take(batched, told, cuts) == take(single, told, [])
    assert batched.story() == single.story()
    assert find_broken(batched) == []


def test_the_story_tells_a_payment_from_none() -> None:
    """Control: what the comparison above compares would not be equal if the second shop had not been told."""
    first, second = Till(["placed"]), Till(["placed"])
    assert first.story() == second.story()
    take(first, [Told("paid")], [])
    differing = {table for table in first.story() if first.story()[table] != second.story()[table]}
    assert differing == {
        *("payment_attempt", '"order"', "payment_schedule", "payment_allocation"),
        *("callback_record", "ledger_transaction", "postings", "events"),
    }


def test_what_each_message_of_a_batch_comes_to() -> None:
    till = Till()
    told = [Told("paid", 0, 0, 1), Told("paid", 0, 0, 1), Told("paid", 0, 0, 2), Told("paid", 0, 1, 3)]
    told += [Told("wrong", 1, 0, 4), Told("nobody's", nonce=5), Told("succeeded", nonce=6)]
    assert take(till, told, [7]) == [
        *("accepted", "replayed", "accepted", "accepted"),
        *("refused", "unknown", "accepted"),
    ]
    with merchant_scope(till.shop.merchant_id):
        records = CallbackRecord.objects.order_by("verdict").values_list("verdict", flat=True)
        assert list(records) == ["accepted"] * 5 + ["replayed", "unknown"]


def test_outcomes_stand_at_their_positions() -> None:
    till = Till()
    notices = [till.paid(*told) for told in ((3, 0), (0, 0), (0, 1), (0, 0), (1, 1, 7), (4, 0), (2, 0))]
    with merchant_scope(till.shop.merchant_id):
        answers = capture_many([*notices[:2], _nobodys(till), *notices[2:]], actor=CHANNEL)
    assert isinstance(answers.pop(2), NotFound)
    assert answers == [
        *("refunded", "captured", "refunded", "repeated", "mismatched", "repeated", "captured"),
    ]
    with merchant_scope(till.shop.merchant_id):
        words = [Word(till.back("accepted")), Word(till.back("accepted")), Word(RefundNotice("?", "failed"))]
        news = record_refunds(words, actor=CHANNEL)
    assert news[:2] == [True, False]
    assert isinstance(news[2], NotFound)


def test_each_event_of_a_batch_names_its_own_request() -> None:
    till = Till()
    told = [Told("paid", 0), Told("paid", 3), Told("wrong", 1), Told("succeeded")]
    requests = [uuid7() for _ in told]
    messages = [
        replace(one.message(till, position), request=requests[position]) for position, one in enumerate(told)
    ]
    take_messages(till.shop.merchant_id, messages)
    with merchant_scope(till.shop.merchant_id):
        events = Event.objects.filter(request_id__in=requests).values_list("request_id", "name")
        named = sorted((requests.index(request), name) for request, name in events if request)
    assert named == [
        (0, "order.paid"),
        (0, "payment.captured"),
        (1, "payment.captured"),
        (1, "refund.requested"),
        (2, "payment.mismatched"),
        (3, "refund.completed"),
    ]


def test_many_cost_as_many_statements_as_few() -> None:
    def statements(copies: int) -> int:
        till = Till(["placed", "closed", "closing"] * copies)
        messages = [
            Told(what, number, attempt).message(till, 10 * number + 2 * attempt + (what == "wrong"))
            for number in range(3 * copies)
            for what, attempt in (("paid", 0), ("wrong", 1), ("paid", 1))
        ]
        take_messages(till.shop.merchant_id, [Told("paid").message(till, 999)])  # accounts and day
        with sent_statements() as sent:
            take_messages(till.shop.merchant_id, messages)
        return len(sent)

    assert statements(6) == statements(2) <= 30


def test_what_the_database_refuses_refuses_nobody_else() -> None:
    till = Till(["placed"] * 5)
    messages = [Told("paid", number).message(till, number) for number in range(5)]
    bad = messages[2].notice
    assert isinstance(bad, PaidNotice)
    broken = PaidNotice(bad.trade_no, "paid", "4" * 65, bad.amount_fen, bad.paid_at)  # the column holds 64
    messages[2] = Message(messages[2].digest, broken)
    with pytest.raises(DataError):
        take_messages(till.shop.merchant_id, messages)
    answers = commit_each(take_messages, till.shop.merchant_id, messages)
    assert isinstance(answers.pop(2), DataError)
    assert answers == ["accepted"] * 4
    with merchant_scope(till.shop.merchant_id):
        left = PaymentAttempt.objects.filter(product="h5").exclude(state="captured")
        assert [row.trade_no for row in left] == [bad.trade_no]
        assert CallbackRecord.objects.count() == 4
    assert take_messages(till.shop.merchant_id, [Message(messages[2].digest, bad)]) == ["accepted"], (
        "what was not taken comes again"
    )
    assert find_broken(till) == []
