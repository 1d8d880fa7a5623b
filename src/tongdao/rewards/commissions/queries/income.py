"""What a promoter has earned, and in which stage it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Coalesce

from tongdao.finance.ledger.chart import AccountRef, held_promoter, owed_back_promoter, released_promoter
from tongdao.finance.ledger.models import Posting
from tongdao.finance.ledger.queries import balance
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.rewards.commissions.models import PAYABLE
from tongdao.rewards.commissions.operations.paying_out import EXTERNAL_PAYEE, claimed_promoter
from tongdao.rewards.commissions.queries.sales import in_stage
from tongdao.rewards.commissions.queries.shares import commissions_of, shares_of


@dataclass(frozen=True, slots=True)
class Part:
    """An amount in fen and how many orders it comes from. `next_at`: when the first of them moves on."""

    fen: Fen
    orders: int
    next_at: datetime | None = None


NO_PART = Part(Fen(0), 0)


@dataclass(frozen=True, slots=True)
class Income:
    """`estimated` stands on orders that are not paid yet; the others are what the ledger says: `held` until
    the goods can no longer be given back, `released` and due, `claimed` by a payout on its way, `paid` and
    there, `owed` back for goods given back after that.
    """

    estimated: Part
    held: Part
    released: Part
    owed: Part = NO_PART
    claimed: Part = NO_PART
    paid: Part = NO_PART

    @property
    def nothing(self) -> bool:
        stages = (self.estimated, self.held, self.released, self.claimed, self.paid)
        return not any(part.orders for part in stages) and not self.owed.fen


def income(promoter_ids: Sequence[UUID]) -> Income:
    """Of these promoters together, who are one person."""
    waiting = shares_of(promoter_ids).filter(in_stage("estimated"))
    placed = waiting.aggregate(
        fen=Sum("amount_fen"), orders=Count("line__order_id", distinct=True), next=Min("line__order__pay_by")
    )
    earned = commissions_of(promoter_ids)
    coming = Min("moves", filter=Q(moves__gt=clock.now()))
    moves = Coalesce("order__release_at", "order__confirm_by")
    waits = earned.filter(state="held").annotate(moves=moves)
    held = waits.aggregate(orders=Count("order_id", distinct=True), next=coming)
    due = earned.filter(state="released").annotate(left=PAYABLE).filter(left__gt=0)
    released = due.aggregate(orders=Count("order_id", distinct=True))
    debts = earned.filter(owed_fen__gt=F("netted_fen")).aggregate(orders=Count("order_id", distinct=True))
    return Income(
        claimed=Part(_sum(claimed_promoter, promoter_ids), _orders(promoter_ids, "claimed")),
        paid=Part(_arrived(promoter_ids), _orders(promoter_ids, "paid")),
        estimated=Part(Fen(int(placed["fen"] or 0)), placed["orders"], placed["next"]),
        held=Part(_sum(held_promoter, promoter_ids), held["orders"], held["next"]),
        released=Part(_sum(released_promoter, promoter_ids), released["orders"]),
        owed=Part(Fen(-_sum(owed_back_promoter, promoter_ids)), debts["orders"]),
    )


def _orders(promoter_ids: Sequence[UUID], state: str) -> int:
    found = commissions_of(promoter_ids).filter(state=state)
    return int(found.aggregate(orders=Count("order_id", distinct=True))["orders"])


def _arrived(promoter_ids: Sequence[UUID]) -> Fen:
    """What payouts have brought, by the ledger: a part of one that is still on its way counts, too."""
    sources = [claimed_promoter(id).code for id in promoter_ids]
    rows = Posting.objects.filter(source__code__in=sources, destination__code=EXTERNAL_PAYEE.code)
    return Fen(int(rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0))


def _sum(account: Callable[[UUID], AccountRef], promoter_ids: Sequence[UUID]) -> Fen:
    return Fen(sum(balance(account(id)) for id in promoter_ids))
