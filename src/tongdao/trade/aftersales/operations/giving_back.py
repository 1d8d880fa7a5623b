"""Money back for units of orders: the one way in which it happens, whole or in part, whoever asks for it.

The caller holds the orders' locks and has reckoned under them what goes back (`standing.reckon`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.finance.ledger.chart import BUYER_FUNDS, CHANNEL_FEE, AccountRef
from tongdao.finance.ledger.operations import Draft, Line, post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.bulk import Together
from tongdao.foundation.events import Code, as_row, record_many
from tongdao.foundation.following import Joint
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant
from tongdao.terms.plans.budgets import return_earned
from tongdao.terms.promotions.operations import return_uses
from tongdao.trade.aftersales.events import AfterSaleGranted, AfterSaleOpened
from tongdao.trade.aftersales.models import AfterSale, AfterSaleKind, AfterSaleLine, AfterSaleShare
from tongdao.trade.aftersales.operations.giving_up import give_up_refunded
from tongdao.trade.aftersales.standing import LineBack
from tongdao.trade.orders.models import Order
from tongdao.trade.orders.models.agreed import ShareKind
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.operations.refunding import Owed, open_refunds

COUNT = """
insert into line_refunded as r (id, merchant_id, line_id, of_quantity, of_goods_fen, of_freight_fen, quantity,
  goods_fen, freight_fen, kept_fen)
select n.id, current_setting('tongdao.merchant')::uuid, n.line_id, n.of_quantity, n.of_goods_fen,
  n.of_freight_fen, n.quantity, n.goods_fen, n.freight_fen, n.kept_fen
from jsonb_to_recordset(%s::jsonb) as n(id uuid, line_id uuid, of_quantity integer, of_goods_fen bigint,
  of_freight_fen bigint, quantity integer, goods_fen bigint, freight_fen bigint, kept_fen bigint)
on conflict (merchant_id, line_id) do update set quantity = r.quantity + excluded.quantity,
  goods_fen = r.goods_fen + excluded.goods_fen, freight_fen = r.freight_fen + excluded.freight_fen,
  kept_fen = r.kept_fen + excluded.kept_fen
"""
# Of cases that buyers had opened, by which refund their money goes.
PAID = """
update after_sale a set refund_id = n.refund_id
from jsonb_to_recordset(%s::jsonb) as n(id uuid, refund_id uuid)
where a.merchant_id = current_setting('tongdao.merchant')::uuid and a.id = n.id
"""
PAYMENTS = "select order_id, attempt_id from payment_allocation where merchant_id = %s and order_id = any(%s)"


@dataclass(frozen=True, slots=True)
class GivingBack:
    """What goes back of one order. `whole`: nothing is left of it, so what it used of coupons and offers is
    free again. `asked`: the case that the buyer had opened, claimed as granted already; else one is opened.
    """

    order: Order
    backs: Sequence[LineBack]
    id: UUID
    kind: AfterSaleKind
    reason: str
    refund_reason: str
    whole: bool
    request: UUID | None = None  # by which it came, where another thread writes for it
    asked: AfterSale | None = None

    @property
    def fen(self) -> Fen:
        return Fen(sum(back.now.fen for back in self.backs))


@dataclass(frozen=True, slots=True)
class Taken:
    """What a share gives up, in fen, and `goods_fen` of its line that go back. `fen` may be nothing."""

    case: Case
    case_line_id: UUID
    line_id: UUID
    share_id: UUID
    kind: str
    beneficiary: UUID | None
    fen: Fen
    goods_fen: Fen


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A case that is being opened, and the postings by which its shares go back to where the buyers' funds
    stand.
    """

    giving: GivingBack
    row: AfterSale
    refund: Refund
    lines: Sequence[AfterSaleLine]
    postings: list[Line] = field(default_factory=list)

    @property
    def order(self) -> Order:
        return self.giving.order


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Shares that give something up. Whoever keeps a kind of them adds to their cases' postings from which
    account it comes.
    """

    shares: Sequence[Taken]
    at: datetime
    actor: Actor


TAKING_BACK: Joint[TakingBack] = Joint()


class NobodyAnswers(Exception):
    """A share gives something up and no room has said from where."""


def give_back(givings: Sequence[GivingBack], actor: Actor) -> list[Case]:
    """Open cases and refunds, free what has not left, take the shares back: of all these orders, each there
    once. Raises RefundExceedsPaid.
    """
    if not givings:
        return []
    owed = _owe(givings, actor)
    cases = [_case(giving, refund) for giving, (refund, _) in zip(givings, owed, strict=True)]
    taken = _write(cases)
    give_up_refunded([case.order.id for case in cases])
    return_uses([case.order.id for case in cases if case.giving.whole], actor=actor)
    return_earned({case.order.id: _earned_back(case.giving.backs) for case in cases})
    record_many(_event(case, actor) for case in cases)
    _return(cases, taken, actor)
    promises = [promise for _, promise in owed]
    post_transactions([*map(_draft, cases), *promises], actor=actor)
    return cases


def _owe(givings: Sequence[GivingBack], actor: Actor) -> list[tuple[Refund, Draft]]:
    """The refunds, under the locks of the attempts that they go back to."""
    orders = [current_merchant(), [giving.order.id for giving in givings]]
    attempts = dict(execute_prepared(PAYMENTS, orders).fetchall())
    lock_rows(Rank.ATTEMPT, PaymentAttempt, attempts.values())
    owed = [
        Owed(
            attempts[giving.order.id],
            giving.order.currency,
            giving.order.person_id,
            giving.fen,
            giving.refund_reason,
            giving.order.id,
            giving.request,
        )
        for giving in givings
    ]
    return open_refunds(owed, actor=actor)


def _case(giving: GivingBack, refund: Refund) -> Case:
    row = giving.asked or AfterSale(
        id=giving.id,
        order=giving.order,
        person_id=giving.order.person_id,
        kind=giving.kind,
        reason=giving.reason,
        state="granted",
        opened_at=clock.now(),
    )
    row.refund = refund
    lines = [
        AfterSaleLine(
            aftersale=row,
            line=back.line,
            quantity=back.now.quantity,
            refund_fen=back.now.fen,
            freight_fen=back.now.freight_fen,
        )
        for back in giving.backs
    ]
    return Case(giving, row, refund, lines)


def _write(cases: Sequence[Case]) -> list[Taken]:
    """Cases, their lines, what their shares give up and what is gone of each line: one statement."""
    together, taken, gone = Together(), [], []
    together.insert([case.row for case in cases if not case.giving.asked])
    if asked := [case.row for case in cases if case.giving.asked]:
        together.also(PAID, [{"id": row.id, "refund_id": row.refund_id} for row in asked])
    for case in cases:
        together.insert(case.lines)
        for line, back in zip(case.lines, case.giving.backs, strict=True):
            for share, fen in back.lost:
                if fen:
                    together.add(AfterSaleShare, case_line_id=line.id, share_id=share.id, amount_fen=fen)
                who = (share.id, share.kind, share.beneficiary)
                taken.append(Taken(case, line.id, back.line.id, *who, fen, back.now.goods_fen))
            gone.append(_gone(back))
    together.also(COUNT, gone)
    together.execute()
    return taken


def _earned_back(backs: Sequence[LineBack]) -> Counter[str]:
    """What promoters give up, by what their lines froze of the plan: its rules may have budgets."""
    found: Counter[str] = Counter()
    for back in backs:
        for share, fen in back.lost:
            if fen and share.kind == ShareKind.PROMOTER:
                found[share.rule_version] += fen
    return found


def _event(case: Case, actor: Actor) -> Mapping[str, Any]:
    giving = case.giving
    if giving.asked:
        granted = AfterSaleGranted(
            order_id=giving.order.id, person_id=giving.order.person_id, refund_fen=giving.fen
        )
        return as_row(granted, subject=case.row, actor=actor, reason=giving.reason)
    payload = AfterSaleOpened(
        order_id=giving.order.id,
        person_id=giving.order.person_id,
        kind=Code(giving.kind.value),
        refund_fen=giving.fen,
    )
    return as_row(payload, subject=case.row, actor=actor, reason=giving.reason, request=giving.request)


def _gone(back: LineBack) -> dict[str, object]:
    return {
        "id": uuid7(),
        "line_id": back.line.id,
        "of_quantity": back.line.quantity,
        "of_goods_fen": back.line.paid_fen,
        "of_freight_fen": back.line.freight_fen,
        "quantity": back.now.quantity,
        "goods_fen": back.now.goods_fen,
        "freight_fen": back.now.freight_fen,
        "kept_fen": back.now.kept_fen,
    }


def _return(cases: Sequence[Case], taken: Sequence[Taken], actor: Actor) -> None:
    """The shares' money back to where the buyer's funds stand: each case knows its postings."""
    for share in taken:
        if share.fen and share.kind != ShareKind.PROMOTER:
            share.case.postings.append(Line(_account(share), BUYER_FUNDS, share.fen, share.line_id))
    TAKING_BACK(TakingBack(taken, clock.now(), actor))
    for case in cases:
        if sum(line.amount for line in case.postings) != case.giving.fen:
            raise NobodyAnswers(f"refund {case.refund.refund_no}")


def _account(share: Taken) -> AccountRef:
    """Where a share of the house stands."""
    if share.kind == ShareKind.CHANNEL_FEE:
        return CHANNEL_FEE
    stage = "released" if share.case.order.released_at else "held"
    return AccountRef(f"{stage}.{share.kind}", share.beneficiary)


def _draft(case: Case) -> Draft:
    return Draft(
        key=f"given_back:{case.row.refund_id}",
        kind="given_back",
        subject=case.order.id,
        postings=case.postings,
        currency=case.order.currency,
    )
