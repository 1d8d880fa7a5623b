"""Offers as a page shows them: prices with their base, countdowns, coupons and gifts that are for everybody.

What is left is a hint of the moment, never a promise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import current_merchant
from tongdao.rulebook import trade
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.queries.offering import BASE, offered_ids, rows_of

AHEAD = timedelta(days=7)
"""How long before its start a sale is announced."""

SHOWN = f"""
select p.id, p.kind, p.title, p.sku_id, p.product_ids, p.price_fen, p.starts_at, p.ends_at, p.quota, p.used,
  p.per_member, p.group_size, p.group_hours, p.threshold_fen, p.off_fen, p.off_bps, p.most_off_fen, p.stacks,
  p.on_reduced, p.gift_units, sku.price_fen as public_fen,
  case when p.price_fen is not null then ({BASE}) end as base_fen
from promotion p left join sku on sku.merchant_id = p.merchant_id and sku.id = p.sku_id
where p.merchant_id = %(merchant)s and p.stopped_at is null and p.code = ''
  and p.ends_at > %(at)s and p.starts_at <= %(until)s
"""  # noqa: S608 constants


@dataclass(frozen=True, slots=True)
class Deal:
    """A flash or group price of a SKU. `base_fen` may be shown crossed out: the lowest that one unit really
    cost in the days before the sale, None where the history bears none. `left`: units of the quota."""

    promotion_id: UUID
    kind: Kind
    title: str
    sku_id: UUID
    price_fen: Fen
    base_fen: Fen | None
    starts_at: datetime
    ends_at: datetime
    running: bool
    left: int | None
    per_member: int | None
    group_size: int | None
    group_hours: int | None


@dataclass(frozen=True, slots=True)
class CouponTag:
    """A running coupon that needs no code. Exactly one of `off_fen` and `off_bps`."""

    promotion_id: UUID
    title: str
    threshold_fen: Fen
    off_fen: Fen | None
    off_bps: int | None
    most_off_fen: Fen | None
    per_member: int | None
    stacks: bool
    on_reduced: bool
    starts_at: datetime
    ends_at: datetime
    used_up: bool


@dataclass(frozen=True, slots=True)
class GiftTag:
    """A running gift: `units` of the SKU with orders of `threshold_fen` or more."""

    promotion_id: UUID
    title: str
    sku_id: UUID
    units: int
    threshold_fen: Fen
    ends_at: datetime
    used_up: bool


@dataclass(frozen=True, slots=True)
class Deals:
    """What a product page shows; `flash` and `groups` also what starts within AHEAD, the lowest first."""

    flash: tuple[Deal, ...]
    groups: tuple[Deal, ...]
    coupons: tuple[CouponTag, ...]
    gifts: tuple[GiftTag, ...]

    def price_of(self, sku_id: UUID) -> Deal | None:
        """The flash price at which the SKU is sold now, while some of it is left."""
        running = (deal for deal in self.flash if deal.sku_id == sku_id and deal.running and deal.left != 0)
        return min(running, key=lambda deal: deal.price_fen, default=None)


def deals(at: datetime, *, skus: Collection[UUID], products: Collection[UUID] = ()) -> Deals:
    """For a product page (its SKUs and itself) or a shelf (those of all its cards). One statement."""
    rows = _shown(at, "and (p.price_fen is null or p.sku_id = any(%(skus)s))", {"skus": list(skus)})
    wanted = frozenset(products)
    prices = _priced(rows, at)
    public = [row for row in rows if row["starts_at"] <= at and _covers(row, wanted)]
    return Deals(
        flash=tuple(deal for deal in prices if deal.kind == Kind.FLASH),
        groups=tuple(deal for deal in prices if deal.kind == Kind.GROUP_BUY),
        coupons=tuple(_coupon(row) for row in public if row["kind"] == Kind.COUPON),
        gifts=tuple(_gift(row) for row in public if row["kind"] == Kind.GIFT),
    )


def flash_sales(at: datetime) -> tuple[Deal, ...]:
    """All flash sales that run or start within AHEAD, the lowest price first: the countdown page."""
    return tuple(_priced(_shown(at, "and p.kind = 'flash'", {}), at))


def _shown(at: datetime, only: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    days = trade.PRICE_BASE_DAYS.on(at)
    given = {"merchant": current_merchant(), "at": at, "until": at + AHEAD, "base": days, **values}
    return rows_of(f"{SHOWN} {only} order by p.price_fen, p.threshold_fen, p.id", given)


def _covers(row: Mapping[str, Any], products: frozenset[UUID]) -> bool:
    scope = offered_ids(row["product_ids"])
    return not scope or not products or bool(scope & products)


def _priced(rows: Collection[Mapping[str, Any]], at: datetime) -> list[Deal]:
    """Those below the public price: one that is not says nothing to a buyer."""
    found = []
    for row in rows:
        if row["price_fen"] is None or row["price_fen"] >= row["public_fen"]:
            continue
        base = min(row["public_fen"], row["base_fen"]) if row["base_fen"] is not None else None
        found.append(
            Deal(
                promotion_id=row["id"],
                kind=Kind(row["kind"]),
                title=row["title"],
                sku_id=row["sku_id"],
                price_fen=Fen(row["price_fen"]),
                base_fen=Fen(base) if base is not None and base > row["price_fen"] else None,
                starts_at=row["starts_at"],
                ends_at=row["ends_at"],
                running=row["starts_at"] <= at,
                left=None if row["quota"] is None else row["quota"] - row["used"],
                per_member=row["per_member"],
                group_size=row["group_size"],
                group_hours=row["group_hours"],
            )
        )
    return found


def _used_up(row: Mapping[str, Any]) -> bool:
    return row["quota"] is not None and row["used"] >= row["quota"]


def _coupon(row: Mapping[str, Any]) -> CouponTag:
    names = (
        "title", "threshold_fen", "off_fen", "off_bps", "most_off_fen", "per_member", "stacks", "on_reduced",
        "starts_at", "ends_at",
    )  # fmt: skip
    return CouponTag(promotion_id=row["id"], used_up=_used_up(row), **{name: row[name] for name in names})


def _gift(row: Mapping[str, Any]) -> GiftTag:
    return GiftTag(
        promotion_id=row["id"],
        title=row["title"],
        sku_id=row["sku_id"],
        units=row["gift_units"],
        threshold_fen=Fen(row["threshold_fen"]),
        ends_at=row["ends_at"],
        used_up=_used_up(row),
    )
