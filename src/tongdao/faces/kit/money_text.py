"""Fen to text for people. Integers only: a float here would be a wrong price on a page."""

from __future__ import annotations

MINUS = "\u2212"


class NotFen(TypeError):
    """A price must be a whole number of fen."""


def parts(fen: object) -> tuple[str, str, str]:
    """Fen -> (sign, yuan grouped by thousands, two digits of cents). Raises NotFen for anything but int."""
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise NotFen(f"{fen!r} is not a whole number of fen")
    whole, cents = divmod(abs(fen), 100)
    return (MINUS if fen < 0 else "", f"{whole:,}", f"{cents:02d}")


def yuan(fen: object) -> str:
    """123450 -> "1,234.50"; -5 -> "−0.05"."""
    sign, whole, cents = parts(fen)
    return f"{sign}{whole}.{cents}"


def amount(fen: object) -> str:
    """123450 -> "¥1,234.50"; -5 -> "−¥0.05"."""
    sign, whole, cents = parts(fen)
    return f"{sign}¥{whole}.{cents}"


def percent(bps: int) -> str:
    """Ten-thousandths as percent: 1250 -> "12.5"."""
    ones, rest = divmod(bps, 100)
    return f"{ones}.{rest:02d}".rstrip("0").rstrip(".")


def yuan_plain(fen: object) -> str:
    """For inputs and data: 123450 -> "1234.50", -5 -> "-0.05"."""
    return yuan(fen).replace(",", "").replace(MINUS, "-")
