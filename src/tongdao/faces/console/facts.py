"""The right-hand side of an order's page: facts, sums, parcels, where the money goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongdao.faces.console.pictures import picture_url
from tongdao.faces.console.reading.record import Record, shares_of
from tongdao.faces.console.words import PARCEL_STATES, REFUND_STATES, SHARES, state
from tongdao.faces.kit.joining import joined
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Cell, Tone
from tongdao.faces.lists.payout_words import WAITS
from tongdao.rewards.commissions.queries import waits_for
from tongdao.terms.promotions.models import Kind
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.shipping.problems import problem_text
from tongdao.trade.shipping.states import LEFT
from tongdao.trade.story.queries import StoryLine


@dataclass(frozen=True, slots=True)
class ParcelShown:
    """A parcel with its scans, the newest first. `waiting`: the waybill has not come yet."""

    name: str
    waybill_no: str
    state_words: str
    state_tone: Tone
    problem: str
    waiting: bool
    scans: tuple[object, ...]
    parcel_id: UUID
    printable: bool
    can_cancel: bool


def facts_of(record: Record) -> list[Cell]:
    order = record.order
    dates: list[tuple[str, datetime | None]] = [
        (_("Placed"), order.placed_at),
        (_("Pay by"), order.pay_by if order.state == "placed" else None),
        (_("Paid"), order.paid_at),
        (_("Group fills until"), record.awaited.deadline if record.awaited else None),
        (_("Ship by"), order.ship_by if order.state == "paid" and not record.awaited else None),
        (_("Confirms by itself"), order.confirm_by if order.state == "paid" else None),
        (_("Completed"), order.completed_at),
        (_("Closed"), order.closed_at),
    ]
    facts = [Cell(at, label, "time") for label, at in dates if at]
    if record.promoters:
        facts.append(Cell(joined(record.promoters), _("Recommended by")))
    return facts


def money_of(record: Record) -> list[Cell]:
    """Sums as the buyer sees them, promotion by promotion, and what went back."""
    order = record.order
    off: dict[str, int] = {}
    for cut in record.cuts:
        name = _("Gift") if cut.kind == Kind.GIFT else cut.title
        off[name] = off.get(name, 0) + cut.fen
    sums = [
        Cell(int(order.goods_fen) + sum(off.values()), _("Goods"), "money"),
        *(Cell(-fen, name, "money") for name, fen in off.items()),
        Cell(order.freight_fen, _("Freight"), "money"),
        Cell(order.total_fen, _("Total"), "money", total=True),
    ]
    for refund in record.refunds:
        words, tone = state(REFUND_STATES, refund.state)
        sums.append(Cell(-refund.amount_fen, _("Refund"), "money"))
        sums.append(Cell(words, "", "tag", tone=tone))
    return sums


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line with its picture. `extra` names what was taken off it, its part of the freight, and what was
    promised of returning it.
    """

    line: StoryLine
    image_url: str
    gift: bool
    extra: str


def lines_of(record: Record) -> list[LineShown]:
    shown = []
    freights = dict(
        OrderLine.objects.filter(order=record.order, freight_fen__gt=0).values_list("id", "freight_fen")
    )
    for line in record.story.lines:
        cuts = [cut for cut in record.cuts if cut.line_id == line.line_id]
        gift = any(cut.kind == Kind.GIFT for cut in cuts)
        parts = [f"{cut.title} −¥{yuan(cut.fen)}" for cut in cuts if cut.kind != Kind.GIFT]
        if parts:
            whole = _("¥%(price)s each") % {"price": yuan(line.list_price_fen)}
            parts.insert(0, whole)
        if line.line_id in freights:
            parts.append(_("freight ¥%(amount)s") % {"amount": yuan(freights[line.line_id])})
        if line.back_quantity:
            parts.append(given_back(line))
        parts.append(line.promised)
        shown.append(LineShown(line, picture_url(line.picture), gift, " · ".join(filter(None, parts))))
    return shown


def given_back(line: StoryLine) -> str:
    """How many units the buyer has been promised money for, and how much."""
    return _("%(units)d of %(all)d given back, ¥%(amount)s") % {
        "units": line.back_quantity,
        "all": line.quantity,
        "amount": yuan(line.back_fen),
    }


def release_of(order_id: UUID) -> tuple[str, datetime | None]:
    """Why the shares are not released yet, and the earliest moment of it where that is known."""
    waiting = waits_for(order_id)
    return str(WAITS[waiting.cause]), waiting.until


def waiting_of(record: Record) -> tuple[str, str] | None:
    """What a notice says of an order that waits for its group: what happened, what it means."""
    group = record.awaited
    if group is None or record.order.state not in ("placed", "paid"):
        return None
    if group.dissolved:
        return _("Its group is dissolved"), _("It undoes itself in a moment; the buyer has nothing to do.")
    until = date_format(localtime(group.deadline), "Y-m-d H:i")
    title = _("Waiting for its group until %(until)s") % {"until": until}
    told = _(
        "%(paid)d of %(size)d seats are paid. It is packed when all are; else the money goes back by itself."
    )
    return title, told % {"paid": group.paid, "size": group.size}


def parcels_of(record: Record) -> list[ParcelShown]:
    told = {tracking.parcel_id: tracking for tracking in record.story.parcels}
    shown = []
    for parcel in record.parcels:
        words, tone = state(PARCEL_STATES, parcel.state)
        tracking = told.get(parcel.id)
        shown.append(
            ParcelShown(
                name=tracking.carrier_name if tracking else parcel.carrier,
                waybill_no=parcel.waybill_no,
                state_words=words,
                state_tone=tone,
                problem=problem_text(parcel.problem),
                waiting=parcel.state == "requested" and not parcel.problem,
                scans=tracking.scans if tracking else (),
                parcel_id=parcel.id,
                printable=parcel.state in LEFT,
                can_cancel=parcel.state == "shipped" and record.order.state == "paid",
            )
        )
    return shown


def waterfall_of(order_id: UUID) -> list[tuple[str, int]]:
    """(label, fen) for the kit's drawing."""
    found = []
    for share in shares_of(order_id):
        words = str(SHARES.get(share.kind, share.kind))
        found.append((f"{words} · {share.name}" if share.name else words, int(share.fen)))
    return found
