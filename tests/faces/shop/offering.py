"""Offers for a shop made by tests.support.builders, through the operations themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.faces.shop.browsing import ADDRESS, Browser, Page
from tests.support.builders import Shop
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.terms.agreements.operations import RuleDraft, TemplateDraft, create_template
from tongdao.terms.promotions.models import Promotion
from tongdao.terms.promotions.operations import (
    create_coupon,
    create_flash_sale,
    create_gift,
    create_group_buy,
)

HOUR = timedelta(hours=1)


def period(start: timedelta = -HOUR, end: timedelta = HOUR) -> dict[str, datetime]:
    now = clock.now()
    return {"starts_at": now + start, "ends_at": now + end}


def add_coupon(shop: Shop, title: str = "春茶券", off: int = 1_000, **rules: Any) -> Promotion:
    with merchant_scope(shop.merchant_id):
        return create_coupon(title=title, actor=shop.owner, **({"off_fen": Fen(off)} | period() | rules))


def add_flash(shop: Shop, price: int = 9_800, **rules: Any) -> Promotion:
    given = {"title": "清明前限时", "sku_id": shop.skus[0], "price_fen": Fen(price)} | period() | rules
    with merchant_scope(shop.merchant_id):
        return create_flash_sale(actor=shop.owner, **given)


def add_group_buy(shop: Shop, price: int = 8_800, size: int = 2, **rules: Any) -> Promotion:
    given = {"title": "两人成团", "sku_id": shop.skus[0], "price_fen": Fen(price), "group_size": size}
    with merchant_scope(shop.merchant_id):
        return create_group_buy(actor=shop.owner, **({"group_hours": 24} | given | period() | rules))


def add_gift(shop: Shop, sku_id: UUID, **rules: Any) -> Promotion:
    given = {"title": "随手礼", "sku_id": sku_id, "gift_units": 1} | period() | rules
    with merchant_scope(shop.merchant_id):
        return create_gift(actor=shop.owner, **given)


def add_freight(shop: Shop, *, parcel_most_g: int | None = None) -> None:
    """The first template is the default: 8 yuan a kilogram to Zhejiang, none to Xinjiang, 12 elsewhere."""
    rules = (
        RuleDraft(("33",), first_fee_fen=800, step_fee_fen=200),
        RuleDraft(("65",), not_served=True),
        RuleDraft((), first_fee_fen=1_200, step_fee_fen=400),
    )
    draft = TemplateDraft("快递", rules, parcel_most_g=parcel_most_g)
    with merchant_scope(shop.merchant_id):
        create_template(draft, actor=shop.owner)
        Sku.objects.update(weight_g=500)


def to_checkout(browser: Browser, slug: str, handle: str = "tea-1", quantity: str = "1") -> Page:
    """Straight from the product."""
    page = browser.get(f"/s/{slug}/p/{handle}")
    return browser.send(page.form("/choose"), ("then", "buy"), quantity=quantity)


def with_region(browser: Browser, page: Page, county: str = "330106") -> Page:
    """The address typed and the region chosen, step by step."""
    codes = {"province": county[:2] + "0000", "city": county[:4] + "00", "county": county}
    for name, code in codes.items():
        page = browser.send(page.form("/checkout"), ("step", "region"), **{name: code}, **ADDRESS)
    return page
