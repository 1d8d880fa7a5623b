"""Reading what people type: bounded, without control characters, never an error of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from tongdao.foundation.money import BadMoney, Fen, parse_yuan
from tongdao.trade.orders.refusals import QuantityInvalid

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
DIGITS = re.compile(r"[0-9]{1,6}")
FULL_WIDTH = str.maketrans("０１２３４５６７８９．。，", "0123456789..,")


def text(data: Mapping[str, object], name: str, limit: int = 400) -> str:
    """What was typed into a field, or nothing; cut at `limit` characters."""
    return CONTROL.sub("", str(data.get(name, ""))[:limit]).strip()


def units(data: Mapping[str, object], name: str = "quantity") -> int:
    """A quantity; raises QuantityInvalid for what is no whole number."""
    value = text(data, name, 12)
    if not DIGITS.fullmatch(value):
        raise QuantityInvalid()
    return int(value)


def identifier(value: object) -> UUID | None:
    """An id that came back from one of our own forms, or None."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def page_number(data: Mapping[str, object], most: int = 10_000) -> int:
    """From 1; anything else is the first page."""
    value = text(data, "page", 8)
    return min(max(int(value), 1), most) if DIGITS.fullmatch(value) else 1


def amount(data: Mapping[str, object], name: str) -> Fen | None:
    """An amount in yuan; None where nothing was typed, or nothing that is one."""
    value = text(data, name, 24).strip("¥￥ ").translate(FULL_WIDTH).replace(",", "")
    try:
        return parse_yuan(value) if value else None
    except BadMoney:
        return None
