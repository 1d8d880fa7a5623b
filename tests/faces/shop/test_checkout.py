"""From the cart to an order, without scripts: step by step, once, and with every refusal where it belongs."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tests.faces.shop.browsing import ADDRESS, DESK, Browser, fill_region, order_something, put_into_cart
from tests.faces.shop.goods import add_product
from tests.support.builders import WEST_LAKE, Shop
from tests.support.paying import PaySandbox
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.operations import set_price
from tongdao.goods.inventory.models import Stock
from tongdao.party.network.operations import join_promoter
from tongdao.party.people.operations import create_guest
from tongdao.reach.traffic.operations import create_link
from tongdao.trade.orders.models import CartLine, DeliveryAddress, Order, OrderLine


def orders(shop: Shop) -> list[Order]:
    with merchant_scope(shop.merchant_id):
        return list(Order.objects.order_by("placed_at"))


def test_a_phone_orders_and_is_led_to_the_payment_page(paid_shop: Shop, sandbox: PaySandbox) -> None:
    browser = Browser()
    order_something(browser, paid_shop.slug)
    [order] = orders(paid_shop)
    assert browser.outside.startswith(sandbox.papers["gateway"])
    back = parse_qs(urlsplit(browser.outside).query)["redirect_url"]
    assert back == [f"http://testserver/s/{paid_shop.slug}/orders/{order.id}?paid=1"]
    with merchant_scope(paid_shop.merchant_id):
        address = DeliveryAddress.objects.get(purchase_id=order.purchase_id)
        assert not CartLine.objects.exists()
    assert (address.recipient, address.phone, address.division_code) == ("林小满", "13812345678", WEST_LAKE)


def test_a_desk_is_shown_a_code_to_scan(paid_shop: Shop) -> None:
    browser = Browser(agent=DESK)
    page = order_something(browser, paid_shop.slug)
    [order] = orders(paid_shop)
    assert page.path.endswith(f"/orders/{order.id}/scan")
    assert 'class="qr"' in page.html
    assert "128.00" in page.html.replace("<small>", "").replace("</small>", "")


def test_an_order_stands_when_the_payment_cannot_be_opened(shop: Shop) -> None:
    page = order_something(Browser(), shop.slug)
    [order] = orders(shop)
    assert page.path.endswith(f"/orders/{order.id}")
    assert "This shop cannot take payments yet." in page.html
    assert "Waiting for your payment" in page.html


def test_the_regions_open_one_after_the_other(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    page = browser.get(f"/s/{shop.slug}/checkout")
    assert "city" not in page.form("/checkout").values
    page = fill_region(browser, page)
    values = page.form("/checkout").values
    assert [values[name] for name in ("province", "city", "county")] == [["330000"], ["330100"], [WEST_LAKE]]
    page = browser.send(page.form("/checkout"), ("step", "region"), province="110000")
    assert page.form("/checkout").values["city"] == [""]
    assert "county" not in page.form("/checkout").values


def test_a_region_that_does_not_lie_in_the_chosen_one_is_dropped(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    form = browser.get(f"/s/{shop.slug}/checkout").form("/checkout")
    page = browser.send(form, ("step", "region"), province="330000", city="330100", county="999999")
    assert "西湖区" in page.html
    assert page.form("/checkout").values["county"] == [""]


def test_sending_it_twice_orders_once(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    form = fill_region(browser, browser.get(f"/s/{shop.slug}/checkout")).form("/checkout")
    first, second = browser.send(form), browser.send(form)
    assert first.path == second.path
    assert len(orders(shop)) == 1


def test_the_same_form_with_another_address_is_refused_and_nothing_is_lost(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    form = fill_region(browser, browser.get(f"/s/{shop.slug}/checkout")).form("/checkout")
    browser.send(form)
    page = browser.send(form, recipient="别人")
    assert page.status == 409
    assert "This request key was already used" in page.html
    assert page.form("/checkout").values["recipient"] == ["别人"]
    assert len(orders(shop)) == 1


def test_every_wrong_field_is_named_at_once_and_kept(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    form = browser.get(f"/s/{shop.slug}/checkout").form("/checkout")
    typed = {"recipient": "x" * 41, "phone": "1380013", "detail": "路", "province": "330000"}
    page = browser.send(form, **typed)
    assert page.status == 422
    assert page.html.count('class="error"') == 4
    values = page.form("/checkout").values
    assert {name: values[name][0] for name in typed} == typed
    assert orders(shop) == []


def test_what_has_run_out_is_said_at_its_line_and_can_be_lowered(shop: Shop) -> None:
    add_product(shop, "rare", "孤品", {(): (5_000, 2)})
    browser = Browser()
    put_into_cart(browser, shop.slug)
    put_into_cart(browser, shop.slug, "rare", "2")
    form = fill_region(browser, browser.get(f"/s/{shop.slug}/checkout")).form("/checkout")
    with merchant_scope(shop.merchant_id):
        Stock.objects.filter(sku__product__handle="rare").update(on_hand=1)
    page = browser.send(form)
    assert page.status == 409
    assert page.html.count("Only 1 is left.") == 1
    assert page.form("/checkout").values["detail"] == [ADDRESS["detail"]]
    page = browser.send(page.form("/checkout"), ("step", "fit"))
    browser.send(page.form("/checkout"))
    with merchant_scope(shop.merchant_id):
        assert sorted(OrderLine.objects.values_list("title", "quantity")) == [("云雾茶 1", 1), ("孤品", 1)]


def test_a_price_that_moved_is_shown_before_anything_is_ordered(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    form = fill_region(browser, browser.get(f"/s/{shop.slug}/checkout")).form("/checkout")
    with merchant_scope(shop.merchant_id):
        set_price(shop.skus[0], Fen(9_900), actor=shop.owner)
    page = browser.send(form)
    assert page.status == 409
    assert "The price has changed since you looked" in page.html
    assert orders(shop) == []
    browser.send(page.form("/checkout"))
    assert [order.total_fen for order in orders(shop)] == [9_900]


def test_a_price_sent_by_the_browser_is_not_read(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    form = fill_region(browser, browser.get(f"/s/{shop.slug}/checkout")).form("/checkout")
    browser.send(form, price="1", total_fen="1", unit_fen="1")
    assert [order.total_fen for order in orders(shop)] == [12_800]


def test_lines_that_cannot_be_read_order_nothing(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    form = fill_region(browser, browser.get(f"/s/{shop.slug}/checkout")).form("/checkout")
    for line in ("", "x", f"{shop.skus[0]}:-1:1", f"{shop.skus[0]}:1:", f"{shop.skus[0]}:1:1:1"):
        assert browser.send(form, line=line).status == 422
    assert orders(shop) == []


def test_buying_at_once_leaves_the_cart_alone(shop: Shop) -> None:
    add_product(shop, "other", "别的", {(): (5_000, 5)})
    browser = Browser()
    put_into_cart(browser, shop.slug)
    product = browser.get(f"/s/{shop.slug}/p/other")
    page = browser.send(product.form("/choose"), ("then", "buy"), quantity="2")
    browser.send(fill_region(browser, page).form("/checkout"))
    assert [order.total_fen for order in orders(shop)] == [10_000]
    with merchant_scope(shop.merchant_id):
        assert CartLine.objects.count() == 1


def test_the_next_checkout_knows_the_last_address(shop: Shop) -> None:
    browser = Browser()
    order_something(browser, shop.slug)
    put_into_cart(browser, shop.slug)
    values = browser.get(f"/s/{shop.slug}/checkout").form("/checkout").values
    assert [values[name][0] for name in ADDRESS] == list(ADDRESS.values())
    assert values["county"] == [WEST_LAKE]


def test_whoever_led_the_visitor_here_is_the_promoter_of_record(shop: Shop) -> None:
    with merchant_scope(shop.merchant_id):
        promoter = join_promoter(create_guest().id, shown_name="阿棠", actor=shop.owner)
        link = create_link(channel="chat", promoter_id=promoter.id, actor=shop.owner)
    browser = Browser()
    browser.get(f"/l/{link.token}")
    order_something(browser, shop.slug)
    with merchant_scope(shop.merchant_id):
        assert OrderLine.objects.get().promoter_id == promoter.id


def test_a_stranger_at_the_checkout_is_led_to_the_cart(shop: Shop) -> None:
    page = Browser().get(f"/s/{shop.slug}/checkout?sku={shop.skus[0]}&quantity=1")
    assert page.path == f"/s/{shop.slug}/cart"


def test_a_form_beyond_the_size_limit_is_turned_away(shop: Shop) -> None:
    browser = Browser()
    put_into_cart(browser, shop.slug)
    form = browser.get(f"/s/{shop.slug}/checkout").form("/checkout")
    page = browser.send(form, detail="路" * 1_000_000)
    assert page.status == 413
    assert "Nothing was saved or changed." in page.html
    assert orders(shop) == []
