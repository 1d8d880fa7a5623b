"""What a buyer sees of coupons, flash prices, gifts and freight, without scripts."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.faces.shop.browsing import ADDRESS, Browser, put_into_cart
from tests.faces.shop.goods import add_product
from tests.faces.shop.offering import (
    HOUR,
    add_coupon,
    add_flash,
    add_freight,
    add_gift,
    period,
    to_checkout,
    with_region,
)
from tests.support.builders import Shop
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.models import PromotionUse
from tongdao.terms.promotions.operations import change_promotion, stop_promotion
from tongdao.trade.orders.models import DiscountShare, Order, OrderLine

XINJIANG = "650102"


def orders(shop: Shop) -> list[Order]:
    with merchant_scope(shop.merchant_id):
        return list(Order.objects.order_by("placed_at"))


def bill(html: str) -> dict[str, str]:
    """The sums, by label."""
    part = html[html.index('id="bill"') :]
    rows = re.findall(r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>\s*(.*?)\s*</dd>", part, re.DOTALL)
    return {label: re.sub(r"<[^>]+>", "", value).strip() for label, value in rows}


def test_the_best_coupon_is_taken_and_shown_in_line_and_sums(shop: Shop) -> None:
    add_coupon(shop, "小券", 500)
    best = add_coupon(shop, "大券", 1_000)
    browser = Browser()
    page = with_region(browser, to_checkout(browser, shop.slug))
    assert bill(page.html) == {
        "Goods": "¥128.00",
        "Coupon: 大券": "−¥10.00",
        "Delivery": "Free",
        "Total": "¥118.00",
    }
    assert "Coupon −¥10.00" in page.html
    assert page.form("/checkout").values["coupon"] == [str(best.id)]
    browser.send(page.form("/checkout"))
    [order] = orders(shop)
    assert order.total_fen == 11_800
    with merchant_scope(shop.merchant_id):
        assert DiscountShare.objects.get().promotion_id == best.id


def test_coupons_can_be_changed_and_dropped(shop: Shop) -> None:
    small, big = add_coupon(shop, "小券", 500), add_coupon(shop, "大券", 1_000)
    browser = Browser()
    page = with_region(browser, to_checkout(browser, shop.slug))
    page = browser.send(page.form("/checkout"), ("step", "coupons"), coupon=str(small.id))
    assert bill(page.html)["Total"] == "¥123.00"
    form = page.form("/checkout")
    assert (form.values["coupon"], form.values["recipient"]) == ([str(small.id)], [ADDRESS["recipient"]])
    del form.values["coupon"]
    page = browser.send(form, ("step", "coupons"))
    assert bill(page.html)["Total"] == "¥128.00"
    page = browser.send(page.form("/checkout"), ("step", "best"))
    assert page.form("/checkout").values["coupon"] == [str(big.id)]
    browser.send(page.form("/checkout"), ("step", "coupons"), coupon=str(small.id))
    assert orders(shop) == []


def test_of_two_that_do_not_combine_the_one_ticked_last_is_meant(shop: Shop) -> None:
    small, big = add_coupon(shop, "小券", 500), add_coupon(shop, "大券", 1_000)
    browser = Browser()
    form = with_region(browser, to_checkout(browser, shop.slug)).form("/checkout")
    assert form.values["coupon"] == [str(big.id)]
    form.values["coupon"].append(str(small.id))
    page = browser.send(form, ("step", "coupons"))
    assert bill(page.html)["Coupon: 小券"] == "−¥5.00"
    assert "大券: This coupon cannot be used together with another one." in page.html
    assert page.form("/checkout").values["coupon"] == [str(small.id)]


def test_a_code_is_answered_clearly(shop: Shop) -> None:
    add_coupon(shop, "老客", 2_000, code="LAOKE")
    add_coupon(shop, "满减", 3_000, code="BIG", threshold_fen=Fen(20_000))
    old = add_coupon(shop, "旧券", 900, code="OLD")
    with merchant_scope(shop.merchant_id):
        stop_promotion(old.id, actor=shop.owner)
    browser = Browser()
    page = with_region(browser, to_checkout(browser, shop.slug))
    for code, answer in {
        "NONE": "NONE: There is no such coupon.",
        "BIG": "BIG: Goods for ¥72 more are needed.",
        "OLD": "OLD: This offer is over.",
    }.items():
        page = browser.send(page.form("/checkout"), ("step", "code"), code=code)
        assert answer in page.html
        assert page.form("/checkout").values["code"] == [code]
        assert "applied" not in page.form("/checkout").values
    page = browser.send(page.form("/checkout"), ("step", "code"), code="laoke")
    form = page.form("/checkout")
    assert (form.values["applied"], form.values["code"]) == (["LAOKE"], [""])
    assert bill(page.html)["Total"] == "¥108.00"
    page = browser.send(form, ("drop", "LAOKE"))
    assert bill(page.html)["Total"] == "¥128.00"
    assert orders(shop) == []


def test_a_code_typed_and_not_sent_is_not_lost(shop: Shop) -> None:
    add_coupon(shop, "老客", 2_000, code="LAOKE")
    browser = Browser()
    page = with_region(browser, to_checkout(browser, shop.slug))
    page = browser.send(page.form("/checkout"), code="LAOKE")
    assert orders(shop) == []
    assert bill(page.html)["Total"] == "¥108.00"
    browser.send(page.form("/checkout"))
    assert [order.total_fen for order in orders(shop)] == [10_800]


def test_another_total_is_refused_and_shown(shop: Shop) -> None:
    coupon = add_coupon(shop, "大券", 1_000)
    browser = Browser()
    form = with_region(browser, to_checkout(browser, shop.slug)).form("/checkout")
    with merchant_scope(shop.merchant_id):
        stop_promotion(coupon.id, actor=shop.owner)
    page = browser.send(form)
    assert page.status == 409
    assert "Nothing was ordered" in page.html
    assert bill(page.html)["Total"] == "¥128.00"
    again = page.form("/checkout")
    assert again.values["detail"] == [ADDRESS["detail"]]
    assert again.values["key"] != form.values["key"]
    browser.send(again)
    assert [order.total_fen for order in orders(shop)] == [12_800]


def test_a_coupon_used_up_meanwhile_is_told_and_the_rest_kept(shop: Shop) -> None:
    add_coupon(shop, "仅此一张", 1_000, quota=1)
    first, second = Browser(), Browser()
    mine = with_region(first, to_checkout(first, shop.slug)).form("/checkout")
    theirs = with_region(second, to_checkout(second, shop.slug)).form("/checkout")
    first.send(mine)
    page = second.send(theirs)
    assert page.status == 409
    assert bill(page.html)["Total"] == "¥128.00"
    assert page.form("/checkout").values["phone"] == [ADDRESS["phone"]]
    with merchant_scope(shop.merchant_id):
        assert PromotionUse.objects.count() == 1


def test_freight_is_told_once_the_region_is_known(shop: Shop) -> None:
    add_freight(shop)
    browser = Browser()
    page = to_checkout(browser, shop.slug)
    assert bill(page.html)["Delivery"] == "Depends on the region"
    assert bill(page.html)["Total without delivery"] == "¥128.00"
    page = with_region(browser, page)
    assert bill(page.html)["Delivery"] == "¥8.00"
    assert bill(page.html)["Total"] == "¥136.00"
    browser.send(page.form("/checkout"))
    assert [(order.freight_fen, order.total_fen) for order in orders(shop)] == [(800, 13_600)]


def test_nobody_pays_freight_that_was_not_shown(shop: Shop) -> None:
    """Without scripts the last region may be chosen and the order sent at once."""
    add_freight(shop)
    browser = Browser()
    page = to_checkout(browser, shop.slug)
    page = browser.send(page.form("/checkout"), ("step", "region"), province="330000", **ADDRESS)
    page = browser.send(page.form("/checkout"), ("step", "region"), city="330100")
    page = browser.send(page.form("/checkout"), county="330106")
    assert page.status == 409
    assert orders(shop) == []
    assert bill(page.html)["Total"] == "¥136.00"
    browser.send(page.form("/checkout"))
    assert [order.total_fen for order in orders(shop)] == [13_600]


def test_several_parcels_are_told(shop: Shop) -> None:
    add_freight(shop, parcel_most_g=1_000)
    browser = Browser()
    page = with_region(browser, to_checkout(browser, shop.slug, quantity="3"))
    assert bill(page.html)["Delivery, 2 parcels"] == "¥16.00"


def test_what_is_not_delivered_there_is_told_at_its_line(shop: Shop) -> None:
    add_freight(shop)
    browser = Browser()
    page = with_region(browser, to_checkout(browser, shop.slug), XINJIANG)
    assert page.html.count("This is not delivered to your region.") == 1
    page = browser.send(page.form("/checkout"))
    assert page.status == 409
    assert orders(shop) == []
    page = browser.send(page.form("/checkout"), ("step", "fit"))
    assert "Nothing is left to order" in page.html


def test_a_gift_is_a_line_of_its_own(shop: Shop) -> None:
    [cup] = add_product(shop, "cup", "闻香杯", {(): (2_000, 1)})
    add_gift(shop, cup, threshold_fen=Fen(10_000))
    assert "闻香杯 with orders of ¥100 or more" in Browser().get(f"/s/{shop.slug}/p/tea-1").html
    browser = Browser()
    page = with_region(browser, to_checkout(browser, shop.slug))
    assert "闻香杯" in page.html and ">Gift<" in page.html
    assert len(page.form("/checkout").values["line"]) == 1
    page = browser.send(page.form("/checkout"))
    assert ">Gift<" in page.html
    with merchant_scope(shop.merchant_id):
        assert sorted(OrderLine.objects.values_list("title", "paid_fen")) == [
            ("云雾茶 1", 12_800),
            ("闻香杯", 0),
        ]


def test_nothing_is_crossed_out_that_was_not_asked_before(shop: Shop) -> None:
    """The goods are as new as the sale: there is no price to compare with."""
    add_flash(shop, 9_800)
    assert "<s>" not in Browser().get(f"/s/{shop.slug}/p/tea-1").html


def test_a_flash_price_is_shown_with_its_honest_base(shop: Shop) -> None:
    add_flash(shop, 9_800, per_member=2, **period(start=timedelta(0)))
    add_coupon(shop, "不与特价同享", 700)
    page = Browser().get(f"/s/{shop.slug}/p/tea-1")
    assert "¥7 off" not in page.html
    assert "<s>¥128.00</s> lowest price of the 7 days before" in page.html
    assert "98<small>.00</small>" in page.html
    assert "at most 2 for each person" in page.html
    browser = Browser()
    put_into_cart(browser, shop.slug)
    cart = browser.get(f"/s/{shop.slug}/cart")
    assert "Flash sale −¥30.00" in cart.html


def test_more_than_the_limit_is_told_and_can_be_lowered(shop: Shop) -> None:
    add_flash(shop, 9_800, per_member=2)
    browser = Browser()
    page = with_region(browser, to_checkout(browser, shop.slug, quantity="3"))
    assert "At the special price you can have 2." in page.html
    assert browser.send(page.form("/checkout")).status == 409
    page = browser.send(page.form("/checkout"), ("step", "fit"))
    browser.send(page.form("/checkout"))
    assert [order.total_fen for order in orders(shop)] == [19_600]


def test_a_sale_that_begins_shows_on_the_product_at_once(shop: Shop) -> None:
    path = f"/s/{shop.slug}/p/tea-1"
    assert "清明前限时" not in Browser().get(path).html
    sale = add_flash(shop)
    with merchant_scope(shop.merchant_id):
        change_promotion(sale.id, title="谷雨限时", actor=shop.owner)
    assert "谷雨限时" in Browser().get(path).html


def test_the_cart_shows_discounts_and_what_is_open(shop: Shop) -> None:
    add_freight(shop)
    add_coupon(shop, "大券", 1_000)
    browser = Browser()
    put_into_cart(browser, shop.slug)
    page = browser.get(f"/s/{shop.slug}/cart")
    for text in ("Coupon: 大券", "−¥10.00", "Depends on the region", "Total without delivery"):
        assert text in page.html


def test_an_offer_announced_is_not_yet_charged(shop: Shop) -> None:
    add_flash(shop, 9_800, **period(start=HOUR, end=HOUR + timedelta(minutes=10)))
    page = Browser().get(f"/s/{shop.slug}/p/tea-1")
    assert "It starts at" in page.html
    assert "128<small>.00</small>" in page.html
