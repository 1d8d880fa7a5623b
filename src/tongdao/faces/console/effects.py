"""What a promotion does, sentence by sentence and in numbers: the preview, and the head of its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.promotion_words import moment
from tongdao.faces.kit.joining import joined
from tongdao.faces.kit.money_text import percent, yuan
from tongdao.foundation.money import Fen, apply_bps
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.queries import PromotionRow

NAMED = 3  # products that are named; the others are counted


@dataclass(frozen=True, slots=True)
class Goods:
    """What a promotion is about. `base_fen` is the lowest public price of the last `base_days`, `free` what
    can be promised now; `products` are the titles of those that it is for, none for all."""

    name: str = ""
    price_fen: Fen | None = None
    base_fen: Fen | None = None
    base_days: int = 0
    free: int = 0
    products: tuple[str, ...] = ()


def effects_of(row: PromotionRow, goods: Goods) -> list[str]:
    """The sentences, the most important first."""
    first = {
        Kind.COUPON: _coupon,
        Kind.FLASH: _priced,
        Kind.GROUP_BUY: _group,
        Kind.GIFT: _gift,
    }[row.kind]
    period = _("From %(start)s to %(end)s, Beijing time.") % {
        "start": moment(row.starts_at),
        "end": moment(row.ends_at),
    }
    return [*first(row, goods), *_limits(row, goods), period]


def _priced(row: PromotionRow, goods: Goods) -> list[str]:
    price, public = row.price_fen or Fen(0), goods.price_fen or Fen(0)
    told = [
        _("%(goods)s: ¥%(public)s → ¥%(price)s, ¥%(less)s less for each piece.")
        % {
            "goods": goods.name,
            "public": yuan(public),
            "price": yuan(price),
            "less": yuan(Fen(max(public - price, 0))),
        }
    ]
    if goods.base_fen is not None:
        told.append(
            _("The lowest price of the last %(days)d days was ¥%(base)s: buyers see that one crossed out.")
            % {"days": goods.base_days, "base": yuan(goods.base_fen)}
        )
    return told


def refused_price(name: str, price_fen: Fen, at: datetime) -> str:
    """A planned price that an offer stands against: an offer lies below the public price, or it is none."""
    return _("%(goods)s: ¥%(price)s, planned for %(moment)s") % {
        "goods": name,
        "price": yuan(price_fen),
        "moment": moment(at),
    }


def _group(row: PromotionRow, goods: Goods) -> list[str]:
    return [
        *_priced(row, goods),
        _("A group is %(size)d buyers who pay within %(hours)d hours of its opening.")
        % {"size": row.group_size, "hours": row.group_hours},
        _("Nothing of it is shipped before; if the group is not full in time, all get their money back."),
    ]


def _coupon(row: PromotionRow, goods: Goods) -> list[str]:
    off = _worth(row)
    if row.threshold_fen:
        off = _("%(off)s when the goods cost ¥%(threshold)s or more.") % {
            "off": off,
            "threshold": yuan(row.threshold_fen),
        }
    else:
        off = _("%(off)s, whatever the goods cost.") % {"off": off}
    whose = (
        _("For who types the code %(code)s.") % {"code": row.code}
        if row.code
        else _("For everybody: it is taken off by itself where it saves the most.")
    )
    together = (
        _("Goes together with other coupons that do.")
        if row.stacks
        else _("Not together with another coupon.")
    )
    reduced = (
        _("Also for goods at a flash or group price.")
        if row.on_reduced
        else _("Not for goods at a flash or group price.")
    )
    return [off, _example(row), _scope(goods), whose, f"{together} {reduced}"]


def _worth(row: PromotionRow) -> str:
    if row.off_fen is not None:
        return _("¥%(off)s off the goods") % {"off": yuan(row.off_fen)}
    part = _("%(percent)s%% off") % {"percent": percent(row.off_bps or 0)}
    if row.most_off_fen is None:
        return part
    return _("%(part)s, at most ¥%(most)s") % {"part": part, "most": yuan(row.most_off_fen)}


def _example(row: PromotionRow) -> str:
    """At the threshold, or at a round sum where there is none."""
    goods = row.threshold_fen or max(Fen(10_000), Fen(2 * (row.off_fen or 0)))
    off = int(row.off_fen if row.off_fen is not None else apply_bps(Fen(goods), row.off_bps or 0))
    off = min(off, off if row.most_off_fen is None else row.most_off_fen, goods - 1)
    return _("Example: goods for ¥%(goods)s cost ¥%(left)s.") % {
        "goods": yuan(goods),
        "left": yuan(goods - off),
    }


def _scope(goods: Goods) -> str:
    if not goods.products:
        return _("Holds for all goods.")
    named = joined(goods.products[:NAMED])
    rest = len(goods.products) - NAMED
    if rest <= 0:
        return _("Only for %(goods)s.") % {"goods": named}
    told = ngettext("Only for %(goods)s and %(count)d more.", "Only for %(goods)s and %(count)d more.", rest)
    return told % {"goods": named, "count": rest}


def _gift(row: PromotionRow, goods: Goods) -> list[str]:
    values = {"units": row.gift_units, "goods": goods.name, "threshold": yuan(row.threshold_fen)}
    told = (
        _("%(units)d × %(goods)s for nothing with each order whose goods cost ¥%(threshold)s or more.")
        if row.threshold_fen
        else _("%(units)d × %(goods)s for nothing with each order.")
    )
    return [told % values, _scope(goods), _("When they have run out, orders go on without them.")]


def _limits(row: PromotionRow, goods: Goods) -> list[str]:
    return [_in_all(row, goods), _each(row)]


def _in_all(row: PromotionRow, goods: Goods) -> str:
    coupon = row.kind == Kind.COUPON
    if row.quota is None:
        return (
            _("As often as people like.")
            if coupon
            else _("As long as the stock lasts: %(free)d free now.") % {"free": goods.free}
        )
    if coupon:
        told = ngettext("Used %(count)d time in all.", "Used at most %(count)d times in all.", row.quota)
        return told % {"count": row.quota}
    told = ngettext(
        "At most %(count)d piece in all; %(free)d free in stock now.",
        "At most %(count)d pieces in all; %(free)d free in stock now.",
        row.quota,
    )
    return told % {"count": row.quota, "free": goods.free}


def _each(row: PromotionRow) -> str:
    if row.per_member is None:
        return _("No limit for a person.")
    told = (
        ngettext("%(count)d time a person.", "At most %(count)d times a person.", row.per_member)
        if row.kind == Kind.COUPON
        else ngettext("%(count)d piece a person.", "At most %(count)d pieces a person.", row.per_member)
    )
    return told % {"count": row.per_member}
