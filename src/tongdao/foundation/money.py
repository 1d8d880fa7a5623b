"""Money: whole fen of the yuan (1 yuan = 100 fen), one type, one rounding, one way to split.

Amounts are integers that fit PostgreSQL's bigint; floats and Decimals never enter a money path.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NewType, TypeVar

from django.db import models
from django.db.models.expressions import Combinable

Fen = NewType("Fen", int)

FEN_MAX = 2**63 - 1
FEN_MIN = -(2**63)
BPS_ONE = 10_000

_YUAN = re.compile(r"([0-9]{1,17})(?:\.([0-9]{1,2}))?")


class BadMoney(ValueError):
    """The text or number is no amount that this system can hold."""


def parse_yuan(text: str) -> Fen:
    """Read an amount in yuan exactly: ASCII digits, at most two decimals, no sign and no grouping.

    Raises BadMoney on anything else, also on amounts beyond bigint; TypeError on what is not text.
    """
    if not isinstance(text, str):
        raise TypeError(f"parse_yuan reads text, not {type(text).__name__}")
    found = _YUAN.fullmatch(text)
    if found is None:
        raise BadMoney("not an amount in yuan with at most two decimals")
    yuan, decimals = found.group(1), found.group(2) or ""
    return _fit(int(yuan) * 100 + int(decimals.ljust(2, "0")))


def format_yuan(amount: Fen) -> str:
    """Write fen as yuan with two decimals and no grouping: 1230 is "12.30", -5 is "-0.05"."""
    yuan, fen = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{yuan}.{fen:02d}"


def apply_bps(amount: Fen, bps: int) -> Fen:
    """Take `bps` ten-thousandths of an amount, half a fen rounded up; neither may be negative.

    This is the only rounding of money: whatever is to sum up to a total goes through `split`.
    """
    if amount < 0 or bps < 0:
        raise BadMoney("a share is taken of an amount >= 0 at a rate >= 0")
    return _fit((amount * bps + BPS_ONE // 2) // BPS_ONE)


def split(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """Share a total >= 0 by weights >= 0, largest remainder first; the parts sum to the total.

    Every part is less than one fen from its exact share. Equal remainders go to the larger weight, then to
    the lower index, so that the order of the lines changes nobody's part (apart from equal weights).
    Raises BadMoney on a negative total or weight and where no weight is above zero.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise BadMoney("only a total >= 0 can be split, by weights >= 0")
    whole = sum(weights)
    if whole == 0:
        raise BadMoney("at least one weight must be above zero")
    parts = [total * weight // whole for weight in weights]
    by_need = sorted(range(len(parts)), key=lambda i: (-(total * weights[i] % whole), -weights[i], i))
    for index in by_need[: total - sum(parts)]:
        parts[index] += 1
    return [Fen(part) for part in parts]


def _fit(amount: int) -> Fen:
    if not FEN_MIN <= amount <= FEN_MAX:
        raise BadMoney("the amount is beyond what the database can hold")
    return Fen(amount)


def _only_fen(value: object, field: str) -> Fen | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{field} holds whole fen (int), not {type(value).__name__}")
    return _fit(value)


# Set and get type of the column, in the way of django-stubs: a nullable one reads `Fen | None`.
_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)

if TYPE_CHECKING:

    class _Column(models.BigIntegerField[_ST, _GT]): ...

else:

    class _Column(models.BigIntegerField):
        def __class_getitem__(cls, types):
            return cls  # Django's own fields know no type parameters at run time


class MoneyField(_Column[_ST, _GT]):
    """A bigint column of fen. It takes int only: a bool, float, Decimal or text is a TypeError."""

    description = "Money in fen"
    _pyi_private_set_type: Fen | Combinable
    _pyi_private_get_type: Fen
    _pyi_lookup_exact_type: Fen

    def to_python(self, value: object) -> Fen | None:
        return _only_fen(value, str(self))

    def get_prep_value(self, value: object) -> Fen | None:
        # The integer field would call int() on it; only the field above it (lazy values) is wanted here.
        return _only_fen(super(models.IntegerField, self).get_prep_value(value), str(self))
