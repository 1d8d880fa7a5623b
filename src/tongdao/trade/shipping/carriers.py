"""The carriers that we ship with, and our own words for what a scan says. Codes are the gateway's."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CARRIERS: dict[str, Promise] = {
    "shunfeng": _("SF Express"),
    "zhongtong": _("ZTO Express"),
    "yuantong": _("YTO Express"),
    "shentong": _("STO Express"),
    "yunda": _("Yunda Express"),
    "jtexpress": _("J&T Express"),
    "jd": _("JD Logistics"),
    "ems": _("EMS"),
    "youzhengguonei": _("China Post"),
    "debangkuaidi": _("Deppon Express"),
}
"""Kuaidi100's code → name, the usual one first."""


_MARKS = (
    ("SF", "shunfeng"),
    ("ZTO", "zhongtong"),
    ("YT", "yuantong"),
    ("STO", "shentong"),
    ("YD", "yunda"),
    ("JT", "jtexpress"),
    ("JD", "jd"),
    ("DPK", "debangkuaidi"),
)


def carrier_of(waybill_no: str) -> str:
    """Whose number it looks like, by the letters that it begins with; empty where they do not tell."""
    said = waybill_no.upper()
    return next((code for mark, code in _MARKS if said.startswith(mark)), "")


class Status(StrEnum):
    """What one scan tells, whatever the carrier's wording."""

    ORDERED = "ordered"  # the carrier knows of the parcel and has not got it yet
    COLLECTED = "collected"
    MOVING = "moving"
    ARRIVED = "arrived"  # in the receiver's city
    DELIVERING = "delivering"
    TO_COLLECT = "to_collect"  # waits in a locker or at a counter
    DELIVERED = "delivered"  # signed for
    TROUBLE = "trouble"  # delivery failed for now
    REFUSED = "refused"  # the receiver does not want it
    RETURNING = "returning"
    RETURNED = "returned"  # back at the sender, signed for
    CANCELLED = "cancelled"  # the waybill was cancelled
    CUSTOMS = "customs"


STATUS_NAMES: dict[str, Promise] = {
    Status.ORDERED: _("Waiting for collection"),
    Status.COLLECTED: _("Collected"),
    Status.MOVING: _("On its way"),
    Status.ARRIVED: _("Arrived in your city"),
    Status.DELIVERING: _("Out for delivery"),
    Status.TO_COLLECT: _("Waiting to be picked up"),
    Status.DELIVERED: _("Delivered"),
    Status.TROUBLE: _("Delivery problem"),
    Status.REFUSED: _("Refused by the receiver"),
    Status.RETURNING: _("Going back to the sender"),
    Status.RETURNED: _("Back at the sender"),
    Status.CANCELLED: _("Waybill cancelled"),
    Status.CUSTOMS: _("In customs"),
}

ATTENTION = frozenset({Status.TROUBLE, Status.REFUSED, Status.RETURNING, Status.RETURNED, Status.CANCELLED})
"""Somebody of the merchant should look."""

OVER = frozenset({Status.DELIVERED, Status.RETURNED, Status.CANCELLED})
"""The carrier has nothing more to tell."""

_FINE = {
    "101": Status.ORDERED,
    "102": Status.ORDERED,
    "1001": Status.ARRIVED,
    "501": Status.TO_COLLECT,
    "401": Status.CANCELLED,
    "14": Status.REFUSED,
}
_PLAIN = {
    "0": Status.MOVING,
    "1": Status.COLLECTED,
    "2": Status.TROUBLE,
    "3": Status.DELIVERED,
    "4": Status.RETURNED,
    "5": Status.DELIVERING,
    "6": Status.RETURNING,
    "7": Status.MOVING,
    "8": Status.CUSTOMS,
}


def status_of(code: str) -> Status:
    """Our word for Kuaidi100's plain or fine code; what is unknown counts as moving.

    Fine codes begin with their plain one, except the four-digit ones (on the way) and 10 to 13 (customs).
    """
    if code in _FINE:
        return _FINE[code]
    if len(code) == 4:
        return Status.MOVING
    if len(code) == 2:
        return Status.CUSTOMS
    return _PLAIN.get(code[:1], Status.MOVING)
