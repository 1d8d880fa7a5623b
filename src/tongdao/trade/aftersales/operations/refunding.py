"""Staff give money back for some units of a paid order, as often as there is something left of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.prepared import find_prepared
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import current_merchant
from tongdao.trade.aftersales.models import AfterSale, AfterSaleKind, AfterSaleLine
from tongdao.trade.aftersales.operations.cancelling import BY_BUYER, end_order
from tongdao.trade.aftersales.operations.giving_back import GivingBack, give_back
from tongdao.trade.aftersales.reckoning import FreightRule
from tongdao.trade.aftersales.refusals import (
    FreightRuleUnknown,
    OrderNotRefundable,
    RefundChanged,
    RefundReasonUnknown,
)
from tongdao.trade.aftersales.standing import (
    LineBack,
    StandingLine,
    is_packed,
    packed_of,
    reckon,
    standing_lines,
    standing_of,
)
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import Refund

REFUND_REASONS = ("damaged", "missing", "wrong_item", "quality", "too_late", "agreed", "other")
FREIGHT_RULES: tuple[FreightRule, ...] = get_args(FreightRule)
REFUNDABLE = ("paid", "completed")
OF_IDS = "merchant_id = %s and id = any(%s)"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a refund would do. `freight`: the rule that applies; while nothing is packed, the units' share."""

    backs: tuple[LineBack, ...]
    freight: FreightRule
    whole: bool

    @property
    def fen(self) -> Fen:
        return Fen(sum(back.now.fen for back in self.backs))


@dataclass(frozen=True, slots=True)
class RefundWish:
    """Give back what was paid for so many units (by order line), and freight by rule (FREIGHT_RULES).

    Units in no parcel yet are given up first, and gifts go with the last unit that cost something. The same
    `case_id` is the same case, once. `expected`: the fen that whoever asks for it has seen that it comes to.
    """

    order_id: UUID
    units: Mapping[UUID, int]
    freight: str
    reason: str
    case_id: UUID | None = None
    expected: int | None = None
    request: UUID | None = None  # by which it came, where another thread writes for it


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A case that stands, with what goes back of which lines."""

    case: AfterSale
    refund: Refund
    lines: Sequence[AfterSaleLine]


def refund_lines(
    order_id: UUID,
    units: Mapping[UUID, int],
    *,
    freight: str,
    reason: str,
    actor: Actor,
    case_id: UUID | None = None,
    expected: int | None = None,
) -> AfterSale:
    """As `RefundWish` says. It is never refused because a commission was paid. All of an order of which
    nothing is packed: that is cancelling it.

    Raises NotFound, OrderNotRefundable, MoreThanBought, NothingToGiveBack, RefundChanged,
    RefundReasonUnknown, FreightRuleUnknown.
    """
    wish = RefundWish(order_id, units, freight, reason, case_id, expected)
    answer = refund_many([wish], actor=actor)[0]
    if isinstance(answer, Refusal):
        raise answer
    return answer.case


def refund_many(wishes: Sequence[RefundWish], *, actor: Actor) -> list[GivenBack | Refusal]:
    """Each of another order. What can be given back is, in the open scope; the answer to each wish stands at
    its position.
    """
    ids = lock_rows(Rank.ORDER, Order, [wish.order_id for wish in wishes])
    asked = [current_merchant(), ids]
    orders = {order.id: order for order in find_prepared(Order, OF_IDS, asked)}
    lines, packed = standing_of(ids), packed_of(ids)
    standing = {id: Standing(orders[id], lines[id], packed=id in packed) for id in ids}
    cases = [wish.case_id for wish in wishes if wish.case_id]
    before = {case.id: case for case in AfterSale.objects.filter(pk__in=cases)} if cases else {}
    answers = [_decide(wish, standing.get(wish.order_id), before, actor) for wish in wishes]
    opened = give_back([each for each in answers if isinstance(each, GivingBack)], actor)
    made = {case.giving.id: GivenBack(case.row, case.refund, case.lines) for case in opened}
    return [made[each.id] if isinstance(each, GivingBack) else each for each in answers]


def cancel_units(
    order: Order, units: Mapping[UUID, int], *, reason: str, actor: Actor, case_id: UUID | None = None
) -> AfterSale:
    """Units that nobody has packed: the buyer does not want them any more. The caller holds the order's lock
    and has seen to it that they are not packed. Raises NothingToGiveBack.
    """
    standing = Standing(order, standing_lines(order.id), is_packed(order.id))
    preview = _preview(standing, units, "share")
    id = case_id or uuid7()
    if preview.whole and not standing.packed:
        giving = end_order(order, standing.lines, reason, BY_BUYER, actor, id=id)
    else:
        kind = AfterSaleKind.CANCEL
        giving = GivingBack(order, preview.backs, id, kind, reason, "partly", whole=preview.whole)
    return give_back([giving], actor)[0].row


@dataclass(frozen=True, slots=True)
class Standing:
    """An order under its lock."""

    order: Order
    lines: Sequence[StandingLine]
    packed: bool


def _decide(
    wish: RefundWish, standing: Standing | None, before: Mapping[UUID, AfterSale], actor: Actor
) -> GivingBack | GivenBack | Refusal:
    try:
        return _wanted(wish, standing, before, actor)
    except Refusal as refusal:
        return refusal


def _wanted(
    wish: RefundWish, standing: Standing | None, before: Mapping[UUID, AfterSale], actor: Actor
) -> GivingBack | GivenBack:
    if wish.reason not in REFUND_REASONS:
        raise RefundReasonUnknown(reason=wish.reason[:24])
    if standing is None:
        raise NotFound()
    case = before.get(wish.case_id) if wish.case_id else None
    if case:
        if case.order_id != wish.order_id:
            raise NotFound()
        if case.refund is None:
            raise NotFound()
        return GivenBack(case, case.refund, list(case.lines.order_by("id")))
    preview = _preview(standing, wish.units, wish.freight)
    if wish.expected is not None and wish.expected != preview.fen:
        raise RefundChanged(refund_fen=preview.fen)
    id, order = wish.case_id or uuid7(), standing.order
    if preview.whole and order.state == "paid" and not standing.packed:
        return end_order(order, standing.lines, wish.reason, BY_BUYER, actor, id=id)
    return GivingBack(
        order,
        preview.backs,
        id=id,
        kind=AfterSaleKind.REFUND,
        reason=wish.reason,
        refund_reason="refunded" if preview.whole else "partly",
        whole=preview.whole,
        request=wish.request,
    )


def preview_refund(order: Order, units: Mapping[UUID, int], freight: str) -> Preview:
    """What it would come to now; raises as `refund_lines` does."""
    return _preview(Standing(order, standing_lines(order.id), is_packed(order.id)), units, freight)


def _preview(standing: Standing, units: Mapping[UUID, int], freight: str) -> Preview:
    order, lines = standing.order, standing.lines
    if order.state not in REFUNDABLE:
        raise OrderNotRefundable(state=order.state)
    rule = freight_rule(freight)
    if not any(line.left for line in lines):
        raise OrderNotRefundable(state=order.state)
    units = with_gifts(lines, units)
    whole = _is_whole(lines, units)
    if not standing.packed:
        rule = "rest" if whole else "share"
    return Preview(tuple(reckon(lines, units, rule)), rule, whole)


def freight_rule(freight: str) -> FreightRule:
    """The rule of this name. Raises FreightRuleUnknown."""
    for rule in FREIGHT_RULES:
        if rule == freight:
            return rule
    raise FreightRuleUnknown(freight=freight[:24])


def with_gifts(lines: Sequence[StandingLine], units: Mapping[UUID, int]) -> Mapping[UUID, int]:
    """The last units that cost something take the gifts along, or nothing could end the order."""
    if not units or not _is_whole([line for line in lines if line.bought.fen], units):
        return units
    return {**{line.line.id: line.left for line in lines if line.left and not line.bought.fen}, **units}


def _is_whole(lines: Sequence[StandingLine], units: Mapping[UUID, int]) -> bool:
    return all(units.get(line.line.id, 0) == line.left for line in lines)
