"""What a buyer does with a case: asks, thinks better of it, has the others that came instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.events import Code, record
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.goods.catalog.models import Sku
from tongdao.trade.aftersales.carriage import carriage_of
from tongdao.trade.aftersales.eligibility import Offer, offer_for, offers
from tongdao.trade.aftersales.events import AfterSaleRequested
from tongdao.trade.aftersales.models import AfterSale, AfterSaleItem, AfterSaleKind, Side
from tongdao.trade.aftersales.operations.moving import (
    case_opened,
    clock_of,
    lock_case,
    moved,
    say,
    undisputed,
)
from tongdao.trade.aftersales.operations.once import said_before
from tongdao.trade.aftersales.operations.refunding import cancel_units
from tongdao.trade.aftersales.operations.sending_back import back_to
from tongdao.trade.aftersales.reasons import NO_REASON, freight_of
from tongdao.trade.aftersales.reckoning import worth
from tongdao.trade.aftersales.refusals import (
    CaseAmountWrong,
    CaseMoved,
    CaseNotOffered,
    CaseReasonUnknown,
    CaseUnitsWrong,
    OptionNotExchangeable,
)
from tongdao.trade.aftersales.standing import standing_lines
from tongdao.trade.aftersales.states import AFTER_SALE
from tongdao.trade.orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class CaseWish:
    """What a buyer asks for: units by order line, for one of the offer's reasons, with words of its own.

    `asked_fen`: less than the units come to (REFUND_ONLY, RETURN), or by how much the price is to fall
    (PRICE, needed). `options`: by line, the SKU that is wanted instead. The same `case_id` is the same case.
    """

    order_id: UUID
    kind: str
    units: Mapping[UUID, int]
    reason: str
    text: str = ""
    asked_fen: int | None = None
    options: Mapping[UUID, UUID] = field(default_factory=dict)
    case_id: UUID | None = None
    files: Sequence[Kept] = ()


def open_case(wish: CaseWish, *, actor: Actor) -> AfterSale:
    """Open it under the order's lock. What the law grants without a reason is agreed to at once; units that
    nobody has packed are cancelled at once.

    Raises NotFound, CaseNotOffered, CaseReasonUnknown, CaseUnitsWrong, CaseAmountWrong, CaseWordsTooLong,
    OptionNotExchangeable.
    """
    order = _locked(wish, actor)
    if before := _before(wish):
        return before
    offered = _offered(order, wish)
    if wish.kind == AfterSaleKind.CANCEL:
        return cancel_units(order, wish.units, reason=wish.reason, actor=actor, case_id=wish.case_id)
    case = _insert(order, wish)
    say(case, Side.BUYER, "requested", wish.text, wish.files, actor=actor)
    case_opened(order.id)
    units = sum(wish.units.values())
    payload = AfterSaleRequested(order.id, order.person_id, Code(str(wish.kind)), units=units)
    record(payload, subject=case, actor=actor, reason=wish.reason)
    return _agree_at_once(case, offered) if wish.reason == NO_REASON else case


def _locked(wish: CaseWish, actor: Actor) -> Order:
    mine = {"person_id__same_as": actor.id} if actor.kind == "person" else {}
    if not Order.objects.filter(pk=wish.order_id, **mine).exists():
        raise NotFound()
    lock_rows(Rank.ORDER, Order, [wish.order_id])
    return Order.objects.get(pk=wish.order_id)


def _before(wish: CaseWish) -> AfterSale | None:
    """The same wish a second time."""
    case = AfterSale.objects.filter(pk=wish.case_id).first() if wish.case_id else None
    if case and case.order_id != wish.order_id:
        raise NotFound()
    return case


def _offered(order: Order, wish: CaseWish) -> list[Offer]:
    """What of the order's offers it takes up; each line has its own."""
    if not wish.units:
        raise CaseUnitsWrong()
    now = offers(order)
    found = []
    for line_id, units in wish.units.items():
        offer = offer_for(now, line_id, wish.kind)
        if offer is None:
            raise CaseNotOffered()
        if type(units) is not int or not 0 < units <= offer.most:
            raise CaseUnitsWrong(line=str(line_id), most=offer.most)
        if wish.reason not in offer.reasons:
            raise CaseReasonUnknown(reason=wish.reason[:24])
        found.append(offer)
    _check_amount(order, wish)
    _check_options(wish, found)
    return found


def _check_amount(order: Order, wish: CaseWish) -> None:
    """A price falls by less than what is left of it; other money is at most what the units come to."""
    if wish.asked_fen is None:
        if wish.kind == AfterSaleKind.PRICE:
            raise CaseAmountWrong()
        return
    lines = {each.line.id: each for each in standing_lines(order.id)}
    most: int
    if wish.kind == AfterSaleKind.PRICE:
        most = lines[next(iter(wish.units))].goods_left
    else:
        most = sum(
            worth(lines[id].bought, lines[id].before, units, "none").goods_fen
            for id, units in wish.units.items()
        )
    alone = len(wish.units) == 1
    money = wish.kind in (AfterSaleKind.PRICE, AfterSaleKind.REFUND_ONLY, AfterSaleKind.RETURN)
    if not (alone and money and 0 < wish.asked_fen <= most):
        raise CaseAmountWrong()


def _check_options(wish: CaseWish, offered: Sequence[Offer]) -> None:
    if not wish.options:
        return
    lines = {offer.line.id: offer.line for offer in offered}
    for line_id, sku_id in wish.options.items():
        line = lines.get(line_id)
        if wish.kind != AfterSaleKind.EXCHANGE or line is None or not _exchangeable(line, sku_id):
            raise OptionNotExchangeable()


def _exchangeable(line: OrderLine, sku_id: UUID) -> bool:
    """Of the same product, on sale, and at the price of the line's own now: nobody owes a difference."""
    prices = dict(
        Sku.objects.filter(
            pk__in=[sku_id, line.sku_id], product_id=line.product_id, saleable=True
        ).values_list("id", "price_fen")
    )
    return sku_id in prices and prices[sku_id] == prices.get(line.sku_id, line.list_price_fen)


def _insert(order: Order, wish: CaseWish) -> AfterSale:
    now = clock.now()
    case = AfterSale(
        id=wish.case_id or uuid7(),
        order=order,
        person_id=order.person_id,
        kind=wish.kind,
        reason=wish.reason,
        asked_fen=Fen(wish.asked_fen) if wish.asked_fen else None,
        freight=freight_of(wish.kind, wish.reason),
        carriage=carriage_of(wish.kind, wish.reason, since=order.placed_at),
        opened_at=now,
    )
    for column, value in clock_of(case, "requested", now).items():
        setattr(case, column, value)
    case.save(force_insert=True)
    AfterSaleItem.objects.bulk_create(
        AfterSaleItem(aftersale=case, line_id=line_id, quantity=units, for_sku_id=wish.options.get(line_id))
        for line_id, units in wish.units.items()
    )
    return case


def _agree_at_once(case: AfterSale, offered: Sequence[Offer]) -> AfterSale:
    """The law has agreed already (Consumer Protection Law Art. 25)."""
    changes = {**clock_of(case, "agreed", clock.now()), **back_to(case)}
    claimed = claim(AFTER_SALE, "requested", "agreed", AfterSale, [case.id], **changes)
    return moved(case, claimed, "platform", actor=SYSTEM, reason=NO_REASON)


def withdraw_case(case_id: UUID, *, actor: Actor) -> AfterSale:
    """The buyer thinks better of it, before anything was sent. Raises NotFound, CaseDisputed, CaseMoved."""
    case = undisputed(lock_case(case_id, person_id=actor.id))
    ended = {"ended_at": clock.now(), "due_at": None}
    claimed = (
        claim(AFTER_SALE, "requested", "withdrawn", AfterSale, [case.id], **ended)
        or claim(AFTER_SALE, "agreed", "withdrawn", AfterSale, [case.id], **ended)
        or claim(AFTER_SALE, "refused", "withdrawn", AfterSale, [case.id], **ended)
    )
    return moved(case, claimed, "buyer", actor=actor)


def confirm_replacement(case_id: UUID, *, actor: Actor) -> AfterSale:
    """The buyer has the other goods, or the same ones mended. Raises NotFound, CaseDisputed, CaseMoved."""
    case = undisputed(lock_case(case_id, person_id=actor.id))
    ended = {"ended_at": clock.now(), "due_at": None}
    claimed = claim(AFTER_SALE, "replaced", "settled", AfterSale, [case.id], **ended)
    return moved(case, claimed, "buyer", actor=actor)


def add_words(
    case_id: UUID, text: str, files: Sequence[Kept] = (), *, side: Side, actor: Actor, key: str = ""
) -> None:
    """A side says more while the case is open; with the same `key` (8 to 64 characters) once.

    Raises NotFound, CaseMoved, CaseWordsTooLong, BadRequestKey, CaseWordsChanged.
    """
    if said_before(key, case_id, "statement", text, files, actor=actor):
        return
    person_id = actor.id if side == Side.BUYER else None
    case = lock_case(case_id, person_id=person_id)
    if case.ended_at:
        raise CaseMoved(state=case.state)
    say(case, side, "statement", text, files, actor=actor)
