"""New offers. Amounts are fen, `off_bps` ten-thousandths, moments aware; None means no limit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.money import Fen
from tongdao.terms.promotions.checking import check_price, check_room, check_rules
from tongdao.terms.promotions.events import PromotionCreated
from tongdao.terms.promotions.models import Kind, Promotion
from tongdao.terms.promotions.offers import NOTHING
from tongdao.terms.promotions.refusals import CodeTaken, PromotionInvalid

TOLD = (
    "sku_id", "product_ids", "threshold_fen", "off_fen", "off_bps", "most_off_fen", "price_fen", "gift_units",
    "group_size", "group_hours", "per_member", "quota", "stacks", "on_reduced", "starts_at", "ends_at",
)  # fmt: skip
"""The rules that events tell of; title and code are words of the merchant's own and stay in the row."""


def create_coupon(
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    off_fen: Fen | None = None,
    off_bps: int | None = None,
    most_off_fen: Fen | None = None,
    threshold_fen: Fen | None = None,
    code: str = "",
    product_ids: Collection[UUID] = (),
    per_member: int | None = None,
    quota: int | None = None,
    stacks: bool = False,
    on_reduced: bool = False,
    actor: Actor,
) -> Promotion:
    """A coupon of exactly one of `off_fen` and `off_bps`; with a code it holds only for who types it.

    Raises PromotionInvalid, CodeTaken or TooManyPromotions.
    """
    row = Promotion(
        kind=Kind.COUPON,
        title=title.strip(),
        code=code.strip().upper(),
        product_ids=ids_text(product_ids),
        threshold_fen=threshold_fen or NOTHING,
        off_fen=off_fen,
        off_bps=off_bps,
        most_off_fen=most_off_fen,
        per_member=per_member,
        quota=quota,
        stacks=stacks,
        on_reduced=on_reduced,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return _create(row, actor)


def create_flash_sale(
    *,
    title: str,
    sku_id: UUID,
    price_fen: Fen,
    starts_at: datetime,
    ends_at: datetime,
    per_member: int | None = None,
    quota: int | None = None,
    actor: Actor,
) -> Promotion:
    """A SKU at `price_fen` a unit for a while. Raises PromotionInvalid or PriceNotBelowBase."""
    row = Promotion(
        kind=Kind.FLASH,
        title=title.strip(),
        sku_id=sku_id,
        price_fen=price_fen,
        per_member=per_member,
        quota=quota,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return _create(row, actor)


def create_group_buy(
    *,
    title: str,
    sku_id: UUID,
    price_fen: Fen,
    group_size: int,
    group_hours: int,
    starts_at: datetime,
    ends_at: datetime,
    per_member: int | None = None,
    quota: int | None = None,
    actor: Actor,
) -> Promotion:
    """A SKU at `price_fen` a unit for groups of `group_size` orders, all paid within `group_hours`.

    Raises PromotionInvalid or PriceNotBelowBase.
    """
    row = Promotion(
        kind=Kind.GROUP_BUY,
        title=title.strip(),
        sku_id=sku_id,
        price_fen=price_fen,
        group_size=group_size,
        group_hours=group_hours,
        per_member=per_member,
        quota=quota,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return _create(row, actor)


def create_gift(
    *,
    title: str,
    sku_id: UUID,
    gift_units: int,
    starts_at: datetime,
    ends_at: datetime,
    threshold_fen: Fen | None = None,
    product_ids: Collection[UUID] = (),
    per_member: int | None = None,
    quota: int | None = None,
    actor: Actor,
) -> Promotion:
    """`gift_units` of a SKU with each order of eligible goods for `threshold_fen` or more, while they last.

    Raises PromotionInvalid or TooManyPromotions.
    """
    row = Promotion(
        kind=Kind.GIFT,
        title=title.strip(),
        sku_id=sku_id,
        gift_units=gift_units,
        threshold_fen=threshold_fen or NOTHING,
        product_ids=ids_text(product_ids),
        per_member=per_member,
        quota=quota,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return _create(row, actor)


def _create(row: Promotion, actor: Actor) -> Promotion:
    now = clock.now()
    check_rules(row)
    if row.ends_at <= now:
        raise PromotionInvalid(fields=["ends_at"])
    check_price(row, now)
    check_room(row, now)
    if row.code and Promotion.objects.filter(code=row.code).exists():
        raise CodeTaken(fields=["code"])
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "promotion_code" not in str(error):
            raise
        raise CodeTaken(fields=["code"]) from error  # somebody else was faster
    payload = PromotionCreated(kind=Code(Kind(row.kind).value), starts_at=row.starts_at, ends_at=row.ends_at)
    record(payload, subject=row, actor=actor, new=rules_told(row))
    return row


def ids_text(ids: Collection[UUID]) -> list[str]:
    return sorted({str(id) for id in ids})


def rules_told(row: Promotion) -> Mapping[str, Any]:
    """A promotion's rules as an event carries them: what is not set is left out."""
    rules = {name: getattr(row, name) for name in TOLD}
    rules["product_ids"] = tuple(UUID(id) for id in row.product_ids)
    return {name: value for name, value in rules.items() if value is not None}
