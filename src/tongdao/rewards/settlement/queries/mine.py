"""What a promoter sees of its own payouts. Every function takes the promoter ids that it may show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, Min, Q, Sum

from tongdao.finance.ledger.queries import transactions_of
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.rewards.commissions.queries import Booked, own_postings
from tongdao.rewards.settlement.models import Payee, Payout, PayoutLine, Transfer
from tongdao.rulebook.wechat import TRANSFER_CONFIRM

PaidBy = Literal["wechat", "bank"]
"""See models.Way."""
PayoutState = Literal["claimed", "approved", "paid", "partly", "returned"]
TransferState = Literal["created", "accepted", "waiting", "paid", "failed", "cancelled"]
_PAYOUT = ("id", "state", "way", "amount_fen", "claimed_at", "ended_at", "proof", "card")


@dataclass(frozen=True, slots=True)
class MyPayee:
    """How I want to be paid, as far as it is shown again. `checked_at`: staff compared it with papers."""

    way: PaidBy
    real_name: str = field(repr=False)
    bank: str
    card_end: str
    said_at: datetime
    checked_at: datetime | None

    @property
    def masked_name(self) -> str:
        """The first character: enough to know it again."""
        return self.real_name[:1] + "*" * max(1, len(self.real_name) - 1)


@dataclass(frozen=True, slots=True)
class MyPayout:
    """`arrived_fen` of `amount_fen` is there. `waiting`: so many transfers wait for me, the first of which
    lapses at `take_by`. `proof` is the bank's number for the payment, `card_end` the end of the card.
    """

    payout_id: UUID
    state: PayoutState
    way: PaidBy
    amount_fen: Fen
    claimed_at: datetime
    ended_at: datetime | None
    proof: str
    card_end: str
    arrived_fen: Fen
    waiting: int
    take_by: datetime | None
    transfers: int


@dataclass(frozen=True, slots=True)
class MyPayoutLine:
    """What an order line brings to a payout."""

    line_id: UUID
    title: str
    number: str
    fen: Fen


@dataclass(frozen=True, slots=True)
class MyTransfer:
    """One bill at the channel. `take_by`: from then on it may lapse, while it waits. `again`: it was not
    paid, and another bill has taken its place. `problem` is the channel's word for why not.
    """

    transfer_id: UUID
    part: int
    amount_fen: Fen
    state: TransferState
    created_at: datetime
    take_by: datetime | None
    ended_at: datetime | None
    problem: str
    again: bool


@dataclass(frozen=True, slots=True)
class Taking:
    """What the payee's page hands to WeChat, and where the payment sandbox's page is."""

    mchid: str
    appid: str
    package: str = field(repr=False)
    amount_fen: Fen
    gateway_url: str


def my_payee(promoter_ids: Sequence[UUID]) -> MyPayee | None:
    """What was said last."""
    row = Payee.objects.filter(promoter_id__in=list(promoter_ids)).order_by("-said_at").first()
    if row is None:
        return None
    told: Any = (row.way, row.real_name, row.bank, _end(row.card), row.said_at, row.checked_at)
    return MyPayee(*told)


def my_payouts(promoter_ids: Sequence[UUID], *, offset: int = 0, limit: int = 20) -> list[MyPayout]:
    """The latest first."""
    rows = Payout.objects.filter(promoter_id__in=list(promoter_ids)).order_by("-claimed_at", "-id")
    return _payouts(list(rows[offset : offset + limit].values_list(*_PAYOUT)))


def my_payout(promoter_ids: Sequence[UUID], payout_id: UUID) -> MyPayout:
    """Raises NotFound, also for somebody else's."""
    rows = Payout.objects.filter(promoter_id__in=list(promoter_ids), pk=payout_id)
    found = _payouts(list(rows.values_list(*_PAYOUT)))
    if not found:
        raise NotFound()
    return found[0]


def payouts_of_line(promoter_ids: Sequence[UUID], line_id: UUID) -> list[tuple[MyPayout, Fen]]:
    """Each payout that took the line's commission, with what it brought; the oldest first."""
    rows = PayoutLine.objects.filter(
        commission__line_id=line_id, commission__promoter_id__in=list(promoter_ids)
    )
    brought = dict(rows.values_list("payout_id", "amount_fen"))
    found = Payout.objects.filter(pk__in=list(brought)).order_by("claimed_at", "id").values_list(*_PAYOUT)
    return [(payout, brought[payout.payout_id]) for payout in _payouts(list(found))]


def payout_lines(payout_id: UUID) -> list[MyPayoutLine]:
    """In the order in which they were earned."""
    rows = PayoutLine.objects.filter(payout_id=payout_id).order_by("commission__released_at", "commission_id")
    names = ("line_id", "line__title", "order__number")
    found = rows.values_list(*(f"commission__{name}" for name in names), "amount_fen")
    return [MyPayoutLine(*row) for row in found]


def payout_transfers(payout_id: UUID) -> list[MyTransfer]:
    """By part, each part's first bill first."""
    rows = list(Transfer.objects.filter(payout_id=payout_id).order_by("part", "id"))
    last = {row.part: row.id for row in rows}
    return [
        MyTransfer(
            row.id,
            row.part,
            Fen(row.amount_fen),
            row.state,  # type: ignore[arg-type]  # see states.TRANSFER
            row.created_at,
            take_by(row.created_at) if row.state == "waiting" else None,
            row.ended_at,
            row.problem,
            again=last[row.part] != row.id,
        )
        for row in rows
    ]


def payout_booked(promoter_ids: Sequence[UUID], payout_id: UUID) -> list[Booked]:
    """What the payout moved in the books, the oldest first."""
    return own_postings(promoter_ids, transactions_of(payout_id))


def taking(promoter_ids: Sequence[UUID], payout_id: UUID, transfer_id: UUID) -> Taking | None:
    """For a transfer that waits for its payee; None when it does not any more. Raises NotFound."""
    mine = Transfer.objects.filter(payout__promoter_id__in=list(promoter_ids), payout_id=payout_id)
    row = mine.select_related("account").filter(pk=transfer_id).first()
    if row is None:
        raise NotFound()
    if row.state != "waiting" or not row.package:
        return None
    account = row.account
    return Taking(account.mchid, account.appid, row.package, Fen(row.amount_fen), account.gateway_url)


def take_by(created_at: datetime) -> datetime:
    """The channel counts from when it has the bill, which is never before it was made here."""
    return created_at + TRANSFER_CONFIRM.on(created_at)


def _payouts(rows: Sequence[Any]) -> list[MyPayout]:
    sent = _sent([row[0] for row in rows])
    told: Any = [(*row[:7], _end(row[7]), *_arrival(row, sent)) for row in rows]
    return [MyPayout(*each) for each in told]


def _sent(ids: Collection[UUID]) -> dict[UUID, tuple[int, int, datetime | None, int]]:
    """By payout: fen that transfers brought, how many wait, since when the first of them, and how many."""
    waits = Q(state="waiting")
    rows = Transfer.objects.filter(payout_id__in=list(ids)).order_by().values_list("payout_id")
    found = rows.annotate(
        paid=Sum("amount_fen", filter=Q(state="paid")),
        waiting=Count("id", filter=waits),
        since=Min("created_at", filter=waits),
        many=Count("id"),
    )
    return {id: (int(paid or 0), waiting, since, many) for id, paid, waiting, since, many in found}


def _arrival(row: Any, sent: Mapping[UUID, tuple[int, int, datetime | None, int]]) -> Any:
    """A payout that is paid is there whole, whichever way it went."""
    paid, waiting, since, many = sent.get(row[0], (0, 0, None, 0))
    return Fen(row[3] if row[1] == "paid" else paid), waiting, take_by(since) if since else None, many


def _end(card: str | None) -> str:
    return (card or "")[-4:]
