"""The right-hand side of an order's page: facts, sums, parcels, where the money goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.console.reading.record import Record, shares_of
from tongdao.faces.console.words import PARCEL_STATES, REFUND_STATES, SHARES, state
from tongdao.faces.kit.shapes import Cell, Tone
from tongdao.trade.shipping.problems import problem_text


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


def facts_of(record: Record) -> list[Cell]:
    order = record.order
    dates: list[tuple[str, datetime | None]] = [
        (_("Placed"), order.placed_at),
        (_("Pay by"), order.pay_by if order.state == "placed" else None),
        (_("Paid"), order.paid_at),
        (_("Ship by"), order.ship_by if order.state == "paid" else None),
        (_("Confirms by itself"), order.confirm_by if order.state == "paid" else None),
        (_("Completed"), order.completed_at),
        (_("Closed"), order.closed_at),
    ]
    facts = [Cell(at, label, "time") for label, at in dates if at]
    if record.promoters:
        facts.append(Cell("、".join(record.promoters), _("Recommended by")))
    return facts


def money_of(record: Record) -> list[Cell]:
    """Sums as the buyer sees them, and what went back."""
    order = record.order
    sums = [
        Cell(order.goods_fen, _("Goods"), "money"),
        Cell(order.freight_fen, _("Freight"), "money"),
        Cell(order.total_fen, _("Total"), "money", total=True),
    ]
    for refund in record.refunds:
        words, tone = state(REFUND_STATES, refund.state)
        sums.append(Cell(-refund.amount_fen, _("Refund"), "money"))
        sums.append(Cell(words, "", "tag", tone=tone))
    return sums


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
