"""Short links: the visitor's key, the touch, and who is said to recommend."""

from __future__ import annotations

from uuid import UUID

from tests.faces.shop.browsing import Browser
from tests.support.builders import Shop
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.party.network.operations import join_promoter
from tongdao.party.people.operations import create_guest
from tongdao.reach.traffic.models import ShareLink, Touch
from tongdao.reach.traffic.operations import create_link


def a_link(shop: Shop, *, to_product: bool = True) -> ShareLink:
    with merchant_scope(shop.merchant_id):
        promoter = join_promoter(create_guest().id, shown_name="阿棠", actor=shop.owner)
        product = Product.objects.get() if to_product else None
        return create_link(
            channel="chat",
            promoter_id=promoter.id,
            product_id=product.id if product else None,
            actor=shop.owner,
        )


def touches(shop: Shop) -> list[Touch]:
    with merchant_scope(shop.merchant_id):
        return list(Touch.objects.order_by("at"))


def test_following_a_link_stores_a_touch_under_the_visitors_key(shop: Shop) -> None:
    browser, link = Browser(), a_link(shop)
    page = browser.get(f"/l/{link.token}")
    assert page.path == f"/s/{shop.slug}/p/tea-1"
    cookie = browser.client.cookies["td_visitor"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 3600
    browser.get(f"/l/{link.token}")
    assert [touch.visitor for touch in touches(shop)] == [UUID(cookie.value)] * 2
    assert "阿棠" in page.html
    assert "阿棠" not in Browser().get(f"/s/{shop.slug}/p/tea-1").html


def test_a_link_whose_product_is_gone_leads_to_the_store(shop: Shop) -> None:
    link = a_link(shop)
    with merchant_scope(shop.merchant_id):
        Product.objects.update(published=False)
    assert Browser().get(f"/l/{link.token}").path == f"/s/{shop.slug}/"


def test_a_link_to_the_store_leads_there(shop: Shop) -> None:
    assert Browser().get(f"/l/{a_link(shop, to_product=False).token}").path == f"/s/{shop.slug}/"


def test_only_a_visit_counts(shop: Shop) -> None:
    browser, link = Browser(), a_link(shop)
    assert browser.client.head(f"/l/{link.token}").status_code == 405
    assert browser.get("/l/unknown").status == 404
    assert touches(shop) == []


def test_a_forged_key_is_replaced(shop: Shop) -> None:
    browser = Browser()
    browser.client.cookies["td_visitor"] = "not-a-key"
    browser.get(f"/l/{a_link(shop).token}")
    assert touches(shop)[0].visitor == UUID(browser.client.cookies["td_visitor"].value)
