"""What the settings of a promotion may be: each field that is not right is named. Reads only."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.queries import lowest_price_before
from tongdao.rulebook import trade
from tongdao.terms.promotions.models import Kind, Promotion
from tongdao.terms.promotions.refusals import PriceNotBelowBase, PromotionInvalid, TooManyPromotions

MOST_FEN = 1_000_000_000
MOST_UNITS = 10_000_000
MOST_AT_ONCE = 50  # coupons without a code, and gifts: every quote looks at each of them
CODE = re.compile(r"[A-Z0-9_-]{3,20}")

Check = Callable[[Promotion], bool]  # whether the field is right


def _within(name: str, least: int, most: int) -> Check:
    def check(row: Promotion) -> bool:
        value = getattr(row, name)
        return value is None or (type(value) is int and least <= value <= most)

    return check


ALWAYS: dict[str, Check] = {
    "title": lambda row: 1 <= len(row.title.strip()) <= 60,
    "ends_at": lambda row: row.ends_at > row.starts_at,
    "threshold_fen": _within("threshold_fen", 0, MOST_FEN),
    "per_member": _within("per_member", 1, MOST_UNITS),
    "quota": _within("quota", 1, MOST_UNITS),
    "product_ids": lambda row: _all_products(row.product_ids),
}
BY_KIND: dict[str, dict[str, Check]] = {
    Kind.COUPON: {
        "code": lambda row: row.code == "" or CODE.fullmatch(row.code) is not None,
        "off_fen": lambda row: (
            (row.off_fen is None) != (row.off_bps is None) and _within("off_fen", 1, MOST_FEN)(row)
        ),
        "off_bps": _within("off_bps", 1, 10_000),
        "most_off_fen": lambda row: (
            row.most_off_fen is None or (row.off_bps is not None and 0 < row.most_off_fen <= MOST_FEN)
        ),
    },
    Kind.FLASH: {"price_fen": _within("price_fen", 1, MOST_FEN), "sku_id": lambda row: _has_sku(row)},
    Kind.GROUP_BUY: {
        "price_fen": _within("price_fen", 1, MOST_FEN),
        "sku_id": lambda row: _has_sku(row),
        "group_size": _within("group_size", 2, 100),
        "group_hours": _within("group_hours", 1, 168),
        "quota": lambda row: row.quota is None or _within("quota", row.group_size or 0, MOST_UNITS)(row),
    },
    Kind.GIFT: {"gift_units": _within("gift_units", 1, 99), "sku_id": lambda row: _has_sku(row)},
}


def check_rules(row: Promotion) -> None:
    """Raise PromotionInvalid, naming every field that is not right."""
    checks = [*ALWAYS.items(), *BY_KIND[row.kind].items()]
    wrong = sorted({name for name, right in checks if not right(row)})
    if wrong:
        raise PromotionInvalid(fields=wrong)


def check_price(row: Promotion, now: datetime) -> None:
    """A flash or group price lies below the lowest public price of the days before. Raises PriceNotBelowBase.

    Interim Provisions on Regulating Promotional Acts (2020), Art. 21. The pages show the base as of the
    sale's start (`queries.deals`), which may be lower still.
    """
    if row.price_fen is None or row.sku_id is None:
        return
    days = timedelta(days=trade.PRICE_BASE_DAYS.on(now))
    base = lowest_price_before(row.sku_id, since=now - days, until=now)
    if base is None:
        base = Fen(Sku.objects.values_list("price_fen", flat=True).get(pk=row.sku_id))
    if row.price_fen >= base:
        raise PriceNotBelowBase(fields=["price_fen"], base_fen=int(base))


def check_room(row: Promotion, now: datetime) -> None:
    """Every quote looks at all open coupons and gifts: their number has an end. Raises TooManyPromotions."""
    if row.kind not in (Kind.COUPON, Kind.GIFT) or row.code:
        return
    live = Promotion.objects.filter(kind__in=[Kind.COUPON, Kind.GIFT], code="", ends_at__gt=now)
    if live.filter(stopped_at__isnull=True).count() >= MOST_AT_ONCE:
        raise TooManyPromotions(most=MOST_AT_ONCE)


def _has_sku(row: Promotion) -> bool:
    return row.sku_id is not None and Sku.objects.filter(pk=row.sku_id).exists()


def _all_products(ids: list[str]) -> bool:
    wanted = {UUID(id) for id in ids}
    return not wanted or Product.objects.filter(pk__in=wanted).count() == len(wanted)
