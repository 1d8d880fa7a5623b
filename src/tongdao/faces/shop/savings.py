"""What offers take off, in words: at a line, in the sums, on a coupon."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tongdao.faces.kit.money_text import yuan
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.rulebook import trade


def kind_name(kind: str) -> str:
    return {
        "coupon": _("Coupon"),
        "flash": _("Flash sale"),
        "group_buy": _("Group price"),
        "gift": _("Gift"),
    }[kind]


def minus(fen: int) -> str:
    """¥ and the figure, below zero."""
    return f"−¥{yuan(fen)}"


def short_yuan(fen: int) -> str:
    """Without cents where there are none: what a rule is told with."""
    return yuan(fen).removesuffix(".00")


def saved_text(cuts: Iterable[tuple[str, int]]) -> str:
    """(kind, fen) of each offer, as one line."""
    return " · ".join(f"{kind_name(kind)} {minus(fen)}" for kind, fen in cuts if fen)


def base_text() -> str:
    """What a crossed-out price is."""
    days = trade.PRICE_BASE_DAYS.on(clock.now())
    return _("lowest price of the %(days)d days before") % {"days": days}


def coupon_rule(
    off_fen: Fen | None, off_bps: int | None, most_off_fen: Fen | None, threshold_fen: Fen
) -> str:
    """Exactly one of `off_fen` and `off_bps`, in ten-thousandths."""
    if off_fen is not None:
        off = _("¥%(off)s off") % {"off": short_yuan(off_fen)}
    else:
        whole, rest = divmod(off_bps or 0, 100)
        percent = f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
        off = _("%(percent)s%% off") % {"percent": percent}
    if most_off_fen is not None:
        off = _("%(off)s, at most ¥%(most)s") % {"off": off, "most": short_yuan(most_off_fen)}
    if threshold_fen:
        return _("%(off)s from ¥%(from)s") % {"off": off, "from": short_yuan(threshold_fen)}
    return off
