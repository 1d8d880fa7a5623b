"""Why something is asked for or refused, as codes; the faces have the words."""

from __future__ import annotations

from collections.abc import Mapping

from tongdao.trade.aftersales.models import AfterSaleKind
from tongdao.trade.aftersales.reckoning import FreightRule

NO_REASON = "no_reason"
NOT_RECEIVED = ("not_received", "lost", "refused_delivery")
"""Reasons for which the goods need not have arrived."""

REASONS: Mapping[str, tuple[str, ...]] = {
    AfterSaleKind.CANCEL: ("changed_mind", "wrong_item", "wrong_address", "too_slow", "other"),
    AfterSaleKind.REFUND_ONLY: (*NOT_RECEIVED, "damaged", "missing", "wrong_item", "quality", "agreed"),
    AfterSaleKind.RETURN: (NO_REASON, "damaged", "missing", "wrong_item", "quality", "not_as_described"),
    AfterSaleKind.EXCHANGE: ("damaged", "wrong_item", "quality", "not_as_described", "other_option"),
    AfterSaleKind.REPAIR: ("quality", "damaged"),
    AfterSaleKind.PRICE: ("price_fell", "quality", "damaged", "agreed"),
}
"""What a buyer may say, by kind."""

REFUSALS = (
    "not_received_yet",
    "arrived_whole",
    "as_described",
    "used",
    "not_what_was_sold",
    "too_late",
    "other",
)
"""What a seller may say; words of its own go with it."""

_OWN_CHOICE = (NO_REASON, "other_option", "agreed", "price_fell")


def freight_of(kind: str, reason: str) -> FreightRule:
    """Whether the freight of the units goes along: it does where the goods were at fault or never came."""
    return "none" if reason in _OWN_CHOICE or kind == AfterSaleKind.PRICE else "share"
