"""What a rule makes of a price: whole fen in, whole fen out, one rounding (foundation.money.apply_bps)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from tongdao.foundation.money import BPS_ONE, Fen, apply_bps

How = Literal["set", "percent", "amount"]
Compare = Literal["keep", "old", "none"]
HOW: tuple[How, ...] = ("set", "percent", "amount")
COMPARE: tuple[Compare, ...] = ("keep", "old", "none")
ENDINGS = (0, 90)  # fen behind the point
YUAN = 100
LEAST_BPS, MOST_BPS = -BPS_ONE + 1, 10 * BPS_ONE


@dataclass(frozen=True, slots=True)
class PriceRule:
    """`value`: fen to ask ("set"), fen more or less ("amount"), ten-thousandths more or less ("percent").

    `ending`: the nearest price that ends in so many fen. `floor_fen`: no new price may lie below it.
    `compare`: the crossed-out price stays, becomes the old price, or goes.
    """

    how: How
    value: int
    ending: int | None = None
    floor_fen: int | None = None
    compare: Compare = "keep"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def new_price(old: Fen, rule: PriceRule) -> int:
    """The price in fen that the rule makes of `old`; it may lie beyond what a price may be."""
    match rule.how:
        case "set":
            raw = rule.value
        case "amount":
            raw = old + rule.value
        case "percent":
            raw = apply_bps(old, BPS_ONE + rule.value)
    return raw if rule.ending is None else ends_in(raw, rule.ending)


def ends_in(fen: int, ending: int) -> int:
    """The nearest amount above zero whose fen behind the point are `ending`; the dearer of two as near."""
    wholes = (fen - ending + YUAN // 2) // YUAN
    nearest = wholes * YUAN + ending
    return nearest if nearest > 0 else ending or YUAN


def new_compare_at(old: Fen, stated: Fen | None, price: int, rule: PriceRule) -> Fen | None:
    """The crossed-out price beside `price`; one that is not above it says nothing and goes."""
    wanted = {"keep": stated, "old": old, "none": None}[rule.compare]
    return wanted if wanted is not None and wanted > price else None
