"""What the seller does with a case: grants, agrees, refuses, takes the goods back, sends others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.money import Fen
from tongdao.foundation.states import claim
from tongdao.goods.inventory.operations.returning import NotFree, put_back, take_out
from tongdao.rulebook.returns import CHECK_SIGNED
from tongdao.trade.aftersales.deadlines import GOODS_BACK, REPLACING, Whose, due_at
from tongdao.trade.aftersales.models import AfterSale, AfterSaleItem, AfterSaleKind, Side
from tongdao.trade.aftersales.operations.giving_back import GivingBack, give_back
from tongdao.trade.aftersales.operations.moving import (
    clock_of,
    lock_case,
    moved,
    say,
    undisputed,
)
from tongdao.trade.aftersales.operations.refunding import freight_rule, with_gifts
from tongdao.trade.aftersales.operations.sending_back import back_to, checked_waybill, place_of_case
from tongdao.trade.aftersales.reasons import REFUSALS
from tongdao.trade.aftersales.reckoning import lessened, lowered
from tongdao.trade.aftersales.refusals import (
    CaseMoved,
    CasePicturesMissing,
    CaseReasonUnknown,
    CaseWordsMissing,
    NothingToGiveBack,
    RefundChanged,
    ReplacementOutOfStock,
    ReturnAddressMissing,
    UnitsToStockWrong,
)
from tongdao.trade.aftersales.standing import LineBack, StandingLine, back_of, reckon, standing_lines
from tongdao.trade.aftersales.states import AFTER_SALE
from tongdao.trade.orders.models import Allocation
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.refusals import UnknownCarrier


def agree_to_case(case_id: UUID, *, actor: Actor, text: str = "") -> AfterSale:
    """The goods may come back. Raises NotFound, ReturnAddressMissing, CaseDisputed, CaseMoved."""
    case = undisputed(lock_case(case_id))
    if case.kind in GOODS_BACK and place_of_case(case) is None:
        raise ReturnAddressMissing()
    say(case, Side.SELLER, "agreed", text, actor=actor)
    return agree(case, "seller", actor=actor)


def agree(case: AfterSale, side: Whose, *, actor: Actor) -> AfterSale:
    """The same by whoever decides; the caller holds the order's lock."""
    if case.kind not in GOODS_BACK:
        raise CaseMoved(state=case.state)
    changes = {**clock_of(case, "agreed", clock.now()), **back_to(case)}
    claimed = claim(AFTER_SALE, "requested", "agreed", AfterSale, [case.id], **changes) or claim(
        AFTER_SALE, "refused", "agreed", AfterSale, [case.id], **changes
    )
    return moved(case, claimed, side, actor=actor)


def grant_case(case_id: UUID, *, actor: Actor, text: str = "", expected: int | None = None) -> AfterSale:
    """The money goes back: what the units come to, or what was asked. `expected`: the fen that whoever grants
    it has seen.

    Raises NotFound, CaseDisputed, CaseMoved, RefundChanged.
    """
    case = undisputed(lock_case(case_id))
    say(case, Side.SELLER, "granted", text, actor=actor)
    return grant(case, "seller", actor=actor, expected=expected)


def grant(
    case: AfterSale, side: Whose, *, actor: Actor, fen: int | None = None, expected: int | None = None
) -> AfterSale:
    """The same by whoever decides; the caller holds the order's lock. Where nothing is left of the units
    because all went back another way, the case is closed.
    """
    if case.refund_id:
        raise CaseMoved(state=case.state)  # sent twice: not told as another amount
    lines, units = _asked(case)
    backs = case_backs(case, lines, units, fen or case.asked_fen)
    if not backs:
        return close(case, side, actor=actor)
    if expected is not None and expected != sum(back.now.fen for back in backs):
        raise RefundChanged(refund_fen=sum(back.now.fen for back in backs))
    changes = {"due_at": None, "paused_left": None}
    claimed = (
        claim(AFTER_SALE, "requested", "granted", AfterSale, [case.id], **changes)
        or claim(AFTER_SALE, "agreed", "granted", AfterSale, [case.id], **changes)
        or claim(AFTER_SALE, "received", "granted", AfterSale, [case.id], **changes)
        or claim(AFTER_SALE, "refused", "granted", AfterSale, [case.id], **changes)
    )
    moved(case, claimed, side, actor=actor)
    gone = {back.line.id: back.now.quantity for back in backs}
    whole = all(gone.get(one.line.id, 0) == one.left for one in lines)
    giving = GivingBack(
        case.order,
        backs,
        id=case.id,
        kind=AfterSaleKind(case.kind),
        reason=case.reason,
        refund_reason="refunded" if whole else "partly",
        whole=whole,
        asked=case,
    )
    return give_back([giving], actor)[0].row


def worth_of(case: AfterSale, fen: int | None = None) -> int:
    """What granting it would give back now, in fen, freight included; nothing where nothing is left."""
    return sum(back.now.fen for back in backs_of(case, fen))


def backs_of(case: AfterSale, fen: int | None = None) -> list[LineBack]:
    """The same by line, with what each share of it would give up. `fen`: of the goods, else as asked."""
    lines, units = _asked(case)
    return case_backs(case, lines, units, fen or case.asked_fen)


def _asked(case: AfterSale) -> tuple[list[StandingLine], dict[UUID, int]]:
    """The order's lines as they stand, and how many units of which are asked for and left."""
    lines = standing_lines(case.order_id)
    left = {one.line.id: one.left for one in lines}
    items = AfterSaleItem.objects.filter(aftersale=case)
    units = {item.line_id: min(item.quantity, left[item.line_id]) for item in items}
    return lines, {line_id: count for line_id, count in units.items() if count}


def case_backs(
    case: AfterSale, lines: Sequence[StandingLine], units: Mapping[UUID, int], fen: int | None
) -> list[LineBack]:
    """What granting it would give back of so many units. `fen`: of the goods, where it is not what they come
    to; it is for one line. Of the case its kind and its freight are read.
    """
    if not units:
        return []
    by_id = {one.line.id: one for one in lines}
    if case.kind == AfterSaleKind.PRICE:
        one = by_id[next(iter(units))]
        amount = min(fen or 0, one.goods_left)
        return [back_of(one, lowered(Fen(amount)))] if amount else []
    try:
        backs = reckon(lines, with_gifts(lines, units), freight_rule(case.freight))
    except NothingToGiveBack:
        return []
    if fen is None or len(units) > 1:
        return backs
    return [_lessened(by_id[back.line.id], back, fen) if back.line.id in units else back for back in backs]


def _lessened(one: StandingLine, back: LineBack, fen: int) -> LineBack:
    if fen >= back.now.goods_fen:
        return back
    return back_of(one, lessened(back.now, Fen(fen)))


def close(case: AfterSale, side: Whose, *, actor: Actor) -> AfterSale:
    """Nothing is given back for it, or nothing is left to be; the caller holds the order's lock."""
    ended = {"ended_at": clock.now(), "due_at": None, "paused_left": None}
    claimed = (
        claim(AFTER_SALE, "requested", "closed", AfterSale, [case.id], **ended)
        or claim(AFTER_SALE, "agreed", "closed", AfterSale, [case.id], **ended)
        or claim(AFTER_SALE, "received", "closed", AfterSale, [case.id], **ended)
        or claim(AFTER_SALE, "refused", "closed", AfterSale, [case.id], **ended)
    )
    return moved(case, claimed, side, actor=actor)


def refuse_case(
    case_id: UUID, reason: str, *, text: str, files: Sequence[Kept] = (), actor: Actor
) -> AfterSale:
    """The seller says no, or that what came back is not as it was. The buyer may take it to the platform.

    Of what the carrier has handed over it may be said at once, and shown: whoever reads it has the carrier's
    word against the seller's.

    Raises NotFound, CaseReasonUnknown, CaseWordsMissing, CasePicturesMissing, CaseDisputed, CaseMoved.
    """
    if reason not in REFUSALS:
        raise CaseReasonUnknown(reason=reason[:24])
    if not text.strip():
        raise CaseWordsMissing()
    case = undisputed(lock_case(case_id))
    if case.state == "returning" and not case.signed_at:
        raise CaseMoved(state=case.state)
    if case.state == "returning" and not files:
        raise CasePicturesMissing()
    say(case, Side.SELLER, "refused", text, files, actor=actor)
    changes = {"refused_as": reason, **clock_of(case, "refused", clock.now())}
    claimed = (
        claim(AFTER_SALE, "requested", "refused", AfterSale, [case.id], **changes)
        or claim(AFTER_SALE, "returning", "refused", AfterSale, [case.id], **changes)
        or claim(AFTER_SALE, "received", "refused", AfterSale, [case.id], **changes)
    )
    return moved(case, claimed, "seller", actor=actor, reason=reason)


def receive_return(case_id: UUID, to_stock: Mapping[UUID, int], *, actor: Actor) -> AfterSale:
    """The goods are back; `to_stock`, by order line, are the units that can be sold again.

    Raises NotFound, CaseDisputed, CaseMoved, UnitsToStockWrong.
    """
    case = undisputed(lock_case(case_id))
    case = received(case, "seller", actor=actor)
    items = {
        item.line_id: item for item in AfterSaleItem.objects.filter(aftersale=case).select_related("line")
    }
    for line_id, units in sorted(to_stock.items()):
        item = items.get(line_id)
        if item is None or type(units) is not int or not 0 <= units <= item.quantity:
            raise UnitsToStockWrong()
        if units:
            put_back(item.line.sku_id, _node(line_id), units, source=item.id)
    return case


def received(case: AfterSale, side: Whose, *, actor: Actor) -> AfterSale:
    """The same by whoever says so; the caller holds the order's lock."""
    now = clock.now()
    changes = {"received_at": now, **clock_of(case, "received", now)}
    if case.signed_at:  # the days of the law run from the handing over, with some time left to look at it
        least = now + CHECK_SIGNED.on(case.opened_at)
        changes["due_at"] = max(due_at(case.kind, "received", case.signed_at) or least, least)
    claimed = claim(AFTER_SALE, "returning", "received", AfterSale, [case.id], **changes)
    return moved(case, claimed, side, actor=actor)


def ship_replacement(case_id: UUID, carrier: str, waybill_no: str, *, actor: Actor) -> AfterSale:
    """Others are on their way, out of what is free in stock; or the same ones, mended.

    Raises NotFound, WaybillMissing, UnknownCarrier, CaseDisputed, CaseMoved, ReplacementOutOfStock.
    """
    number = checked_waybill(waybill_no)
    if carrier not in CARRIERS:
        raise UnknownCarrier(carrier=carrier[:24])
    case = undisputed(lock_case(case_id))
    if case.kind not in REPLACING:
        raise CaseMoved(state=case.state)
    now = clock.now()
    changes = {
        "new_carrier": carrier,
        "new_waybill_no": number,
        "replaced_at": now,
        **clock_of(case, "replaced", now),
    }
    claimed = claim(AFTER_SALE, "received", "replaced", AfterSale, [case.id], **changes)
    moved(case, claimed, "seller", actor=actor)
    if case.kind == AfterSaleKind.EXCHANGE:
        _send_others(case)
    return case


def _send_others(case: AfterSale) -> None:
    for item in AfterSaleItem.objects.filter(aftersale=case).select_related("line").order_by("line_id"):
        sku_id = item.for_sku_id or item.line.sku_id
        try:
            take_out(sku_id, _node(item.line_id), item.quantity, source=item.id)
        except NotFree as error:
            raise ReplacementOutOfStock() from error


def _node(line_id: UUID) -> UUID:
    """Who shipped the line, and has its goods back."""
    return Allocation.objects.filter(line_id=line_id).order_by("id").values_list("node_id", flat=True)[0]
