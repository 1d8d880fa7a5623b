"""A batch of verified notices of one merchant in one transaction: each message counts once or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard, TypeVar
from uuid import UUID

from tongdao.finance.ledger.operations import post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL
from tongdao.foundation.bulk import Together, to_json
from tongdao.foundation.ids import uuid7_text
from tongdao.foundation.locks import Rank, enter_rank
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant, merchant_scope
from tongdao.trade.payments.gateways import PaidNotice, RefundNotice
from tongdao.trade.payments.models import CallbackRecord, Verdict
from tongdao.trade.payments.operations.capturing import (
    Found,
    find_payments,
    lock_payments,
    settle_captures,
)
from tongdao.trade.payments.operations.refunded import Word, find_refunds, lock_refunds, settle_refunds

# In digest order, so that of two batches with the same messages one waits for the other, not each for each.
ACCEPT = """
insert into callback_record (id, merchant_id, source, verdict, digest, kind, at)
select m.id, %s, 'wechatpay', 'accepted', decode(m.digest, 'hex'), m.kind, %s
from jsonb_to_recordset(%s::jsonb) as m(id uuid, digest text, kind text) order by m.digest
on conflict (merchant_id, digest) where verdict = 'accepted' do nothing
returning digest
"""
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Message:
    """A notice that verifies as the channel's. `digest`: SHA-256 of the message's nonce and body. `request`:
    by which it came.
    """

    digest: bytes
    notice: PaidNotice | RefundNotice
    request: UUID | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the messages are about, by its number at the channel."""

    payments: Found
    refunds: Mapping[str, UUID]


def take_messages(merchant_id: UUID, messages: Sequence[Message]) -> list[Verdict]:
    """Record and effect the messages in the order given; what became of each. Opens its own scope.

    The unique key on accepted digests is the guard: of two equal messages the later one is REPLAYED, in this
    batch or in another, which waits for the end of this one.
    """
    with merchant_scope(merchant_id):
        known = _find(messages)
        verdicts = dict.fromkeys(_unknown(messages, known), Verdict.UNKNOWN)
        fresh = _accept(messages, verdicts)
        for position in range(len(messages)):
            if position not in verdicts and position not in fresh:
                verdicts[position] = Verdict.REPLAYED
        write_records([(verdict, messages[position].digest) for position, verdict in verdicts.items()])
        verdicts |= _settle({position: messages[position] for position in fresh}, known)
    return [verdicts[position] for position in range(len(messages))]


def write_records(told: Sequence[tuple[Verdict, bytes]]) -> None:
    """Keep what is not believed or tells nothing."""
    now, together = clock.now(), Together()
    for verdict, digest in told:
        together.add(CallbackRecord, source="wechatpay", verdict=verdict.value, digest=digest, at=now)
    together.execute()


def _find(messages: Sequence[Message]) -> Known:
    notices = [message.notice for message in messages]
    return Known(
        payments=find_payments(notice for notice in notices if _is_paid(notice)),
        refunds=find_refunds(notice for notice in notices if _is_refund(notice)),
    )


def _unknown(messages: Sequence[Message], known: Known) -> list[int]:
    """Positions of those about a number that is not this merchant's. It stays open to come again, so it is
    looked for before anything is accepted. A payment that has not happened is not looked for.
    """
    return [
        position
        for position, message in enumerate(messages)
        if (_is_paid(message.notice) and message.notice.trade_no not in known.payments)
        or (_is_refund(message.notice) and message.notice.refund_no not in known.refunds)
    ]


def _accept(messages: Sequence[Message], refused: Mapping[int, Verdict]) -> list[int]:
    """Positions of those that are new, the first of each digest."""
    first: dict[bytes, int] = {}
    for position, message in enumerate(messages):
        if position not in refused:
            first.setdefault(message.digest, position)
    enter_rank(Rank.KEY)
    if not first:
        return []
    rows = [
        {"id": uuid7_text(), "digest": digest.hex(), "kind": type(messages[position].notice).__name__}
        for digest, position in first.items()
    ]
    made = execute_prepared(ACCEPT, [current_merchant(), clock.now(), to_json(rows)])
    return sorted(first[bytes(row[0])] for row in made.fetchall())


def _settle(fresh: Mapping[int, Message], known: Known) -> dict[int, Verdict]:
    """All locks first, payments' before refunds'; then their effects, which touch different rows; the ledger
    at last and at once.
    """
    paid = {position: each.notice for position, each in fresh.items() if _is_paid(each.notice)}
    back = {
        position: Word(each.notice, request=each.request)
        for position, each in fresh.items()
        if _is_refund(each.notice)
    }
    payments = lock_payments(_some(known.payments, (each.trade_no for each in paid.values())))
    lock_refunds(_some(known.refunds, (word.notice.refund_no for word in back.values())))
    requests = [fresh[position].request for position in paid]
    outcomes, sold = settle_captures(list(paid.values()), payments, actor=CHANNEL, requests=requests)
    news, returned = settle_refunds(list(back.values()), known.refunds, actor=CHANNEL)
    post_transactions([*sold, *returned], actor=CHANNEL)
    verdicts = dict.fromkeys(fresh, Verdict.REPEATED)
    for position, outcome in zip(paid, outcomes, strict=True):
        verdicts[position] = Verdict.REFUSED if outcome == "mismatched" else Verdict.ACCEPTED
    for position, new in zip(back, news, strict=True):
        verdicts[position] = Verdict.ACCEPTED if new is True else Verdict.REPEATED
    return verdicts


def _some(found: Mapping[str, F], numbers: Iterable[str]) -> dict[str, F]:
    return {number: found[number] for number in numbers}


def _is_paid(notice: PaidNotice | RefundNotice) -> TypeGuard[PaidNotice]:
    return isinstance(notice, PaidNotice) and notice.state == "paid"


def _is_refund(notice: PaidNotice | RefundNotice) -> TypeGuard[RefundNotice]:
    return isinstance(notice, RefundNotice)
