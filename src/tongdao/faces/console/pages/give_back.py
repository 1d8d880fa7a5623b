"""Money back for some units of an order: what it does is shown in numbers before the button."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.money_effects import amount_seen, money_effects
from tongdao.faces.console.order_cases import open_cases
from tongdao.faces.console.pictures import picture_url
from tongdao.faces.console.typed import identifier, text, whole
from tongdao.faces.console.words import FREIGHT_RULES, GIVE_BACK_REASONS
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Choice
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.trade.aftersales.operations import REFUND_REASONS, Preview, preview_refund, refund_lines
from tongdao.trade.aftersales.operations.refunding import REFUNDABLE
from tongdao.trade.aftersales.refusals import MoreThanBought
from tongdao.trade.aftersales.standing import StandingLine, is_packed, standing_lines
from tongdao.trade.orders.models import Order

PREFIX = "units."


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of the order with its stepper."""

    name: str
    title: str
    options: str
    image_url: str
    left: int
    back: int
    paid_fen: Fen
    value: int


def show(desk: Desk, order_id: UUID) -> HttpResponse:
    """The form, empty or, after a refusal, as it was typed."""
    return _page(desk, _order(order_id), None)


def act(desk: Desk, order_id: UUID) -> HttpResponse:
    """First what it would do, with a button; then just that is done, once for each such page."""
    typed = desk.request.POST
    order, units, freight = _order(order_id), _units(typed), text(typed, "freight", 8)
    if text(typed, "step", 8) != "give":
        return _page(desk, order, preview_refund(order, units, freight))
    case = refund_lines(
        order.id,
        units,
        freight=freight,
        reason=text(typed, "reason", 24),
        actor=desk.for_buyer(order.person_id),
        case_id=identifier(text(typed, "case", 40)),
        expected=amount_seen(typed),
    )
    done = _("¥%(amount)s is on its way back to the buyer.") % {"amount": yuan(case.back_fen)}
    return desk.done(done, "order", order_id=order.id)


def _order(order_id: UUID) -> Order:
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise NotFound()
    return order


def _page(desk: Desk, order: Order, preview: Preview | None) -> HttpResponse:
    typed = desk.request.POST
    lines = standing_lines(order.id) if order.state in REFUNDABLE else []
    context = {
        "crumbs": [
            desk.crumb(_("Orders"), "orders"),
            desk.crumb(order.number, "order", order_id=order.id),
            desk.crumb(_("Give money back")),
        ],
        "asked": open_cases(desk, order.id),
        "open": any(line.left for line in lines),
        "lines": [_line(line, typed) for line in lines],
        "packed": is_packed(order.id),
        "freights": [Choice(code, str(words)) for code, words in FREIGHT_RULES.items()],
        "freight": text(typed, "freight", 8) or "share",
        "reasons": [Choice(code, str(GIVE_BACK_REASONS[code])) for code in REFUND_REASONS],
        "reason": text(typed, "reason", 24),
        "preview": preview,
        "effects": _effects(order, preview) if preview else [],
        "case": uuid7(),
        "order_url": desk.url("order", order_id=order.id),
    }
    return desk.show("give_back", _("Money back for %(number)s") % {"number": order.number}, context)


def _line(one: StandingLine, typed: QueryDict) -> LineShown:
    name = f"{PREFIX}{one.line.id}"
    return LineShown(
        name=name,
        title=one.line.title,
        options=one.line.option_text,
        image_url=picture_url(one.line.picture),
        left=one.left,
        back=one.before.quantity,
        paid_fen=Fen(one.line.paid_fen),
        value=whole(text(typed, name, 8) or "0") or 0,
    )


def _units(typed: QueryDict) -> dict[UUID, int]:
    """By line; raises MoreThanBought for what is no whole number."""
    units = {}
    for name in typed:
        line = identifier(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
        if line is None:
            continue
        count = whole(text(typed, name, 8) or "0")
        if count is None:
            raise MoreThanBought(line=str(line))
        if count:
            units[line] = count
    return units


def _effects(order: Order, preview: Preview) -> list[str]:
    """Who gets what, and who gets less."""
    told = money_effects(preview.backs)
    if preview.whole:
        told.append(_("Nothing is left of the order; its coupons can be used again."))
    units = sum(back.now.quantity for back in preview.backs)
    if order.state == "paid":
        told.append(
            ngettext(
                "%(count)d unit: if it is in no parcel yet, it is not shipped and can be sold again.",
                "%(count)d units: what is in no parcel yet is not shipped and can be sold again.",
                units,
            )
            % {"count": units}
        )
    return told
