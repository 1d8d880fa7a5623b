"""The order's page: its story, and what the buyer can do with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.faces.shop.browsing import Browser, Page, order_something
from tests.support.builders import Shop
from tests.support.paying import PaySandbox
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.orders.operations import set_confirm_deadline
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.shipping.carriers import Status
from tongdao.trade.shipping.models import Parcel, TrackingEvent

PLACES = ("", "/story", "/scan", "/close", "/cancel", "/confirm")


def the_order(shop: Shop) -> Order:
    with merchant_scope(shop.merchant_id):
        return Order.objects.get()


def page_of(browser: Browser, shop: Shop, place: str = "") -> Page:
    return browser.get(f"/s/{shop.slug}/orders/{the_order(shop).id}{place}")


def pay(shop: Shop, sandbox: PaySandbox) -> None:
    """The payer pays, and the shop is told."""
    with merchant_scope(shop.merchant_id):
        trade_no = PaymentAttempt.objects.get().trade_no
    sandbox.pay(trade_no)


@pytest.mark.parametrize("place", PLACES)
def test_anothers_order_is_not_there(shop: Shop, place: str) -> None:
    owner, other = Browser(), Browser()
    order_something(owner, shop.slug)
    order_something(other, shop.slug)
    with merchant_scope(shop.merchant_id):
        mine = Order.objects.order_by("placed_at").values_list("id", flat=True)[0]
    assert Browser().get(f"/s/{shop.slug}/orders/{mine}{place}").status == 404
    assert other.get(f"/s/{shop.slug}/orders/{mine}{place}").status == 404
    assert owner.get(f"/s/{shop.slug}/orders/{mine}{place}").status == 200


def test_anothers_order_cannot_be_acted_on(shop: Shop) -> None:
    owner, other = Browser(), Browser()
    order_something(owner, shop.slug)
    order = the_order(shop)
    form = order_something(other, shop.slug).form("/pay")
    for place in ("pay", "close", "cancel", "confirm"):
        form.action = f"/s/{shop.slug}/orders/{order.id}/{place}"
        assert other.send(form, reason="other").status == 404
    with merchant_scope(shop.merchant_id):
        assert Order.objects.get(pk=order.id).state == "placed"


def test_an_order_of_one_store_is_not_found_through_another(shop: Shop, paid_shop: Shop) -> None:
    browser = Browser()
    order_something(browser, shop.slug)
    assert browser.get(f"/s/{paid_shop.slug}/orders/{the_order(shop).id}").status == 404


def test_coming_back_asks_the_channel_once_and_tells_the_story(paid_shop: Shop, sandbox: PaySandbox) -> None:
    browser = Browser()
    order_something(browser, paid_shop.slug)
    assert "Waiting for your payment" in page_of(browser, paid_shop).html
    waiting = page_of(browser, paid_shop, "?paid=1")
    assert "We are waiting for WeChat" in waiting.html
    assert 'hx-trigger="every 4s"' in waiting.html
    pay(paid_shop, sandbox)
    page = page_of(browser, paid_shop, "?paid=1")
    assert "The payment has arrived." in page.html
    assert "We are waiting for WeChat" not in page.html
    assert "<html" not in page_of(browser, paid_shop, "/story").html


def test_giving_up_says_what_happens_and_then_does_it(paid_shop: Shop) -> None:
    browser = Browser()
    order_something(browser, paid_shop.slug)
    question = page_of(browser, paid_shop, "/close")
    assert "1 piece goes back on the shelf." in question.html
    assert the_order(paid_shop).state == "placed"
    page = browser.send(question.form("/close"))
    assert the_order(paid_shop).state == "closed"
    assert "The order is closed. You have not been charged." in page.html


def test_giving_up_what_was_paid_meanwhile_keeps_the_order(paid_shop: Shop, sandbox: PaySandbox) -> None:
    browser = Browser()
    order_something(browser, paid_shop.slug)
    question = page_of(browser, paid_shop, "/close")
    pay(paid_shop, sandbox)
    browser.send(question.form("/close"))
    assert the_order(paid_shop).state == "paid"


def test_cancelling_names_the_amount_and_wants_a_reason(paid_shop: Shop, sandbox: PaySandbox) -> None:
    browser = Browser()
    order_something(browser, paid_shop.slug)
    pay(paid_shop, sandbox)
    question = page_of(browser, paid_shop, "/cancel")
    assert "¥128.00 goes back" in question.html
    refused = browser.send(question.form("/cancel"))
    assert refused.status == 422
    assert "Choose one of the reasons" in refused.html
    page = browser.send(question.form("/cancel"), reason="too_slow")
    assert the_order(paid_shop).state == "cancelled"
    with merchant_scope(paid_shop.merchant_id):
        assert AfterSale.objects.get().reason == "too_slow"
    assert "¥128.00 goes back to you" in page.html
    assert "/cancel" not in page.html


def test_what_is_packed_cannot_be_cancelled_by_an_old_page(paid_shop: Shop, sandbox: PaySandbox) -> None:
    browser = Browser()
    order_something(browser, paid_shop.slug)
    pay(paid_shop, sandbox)
    question = page_of(browser, paid_shop, "/cancel")
    with merchant_scope(paid_shop.merchant_id):
        Allocation.objects.update(packed=1)
    page = browser.send(question.form("/cancel"), reason="other")
    assert the_order(paid_shop).state == "paid"
    assert "so it cannot be cancelled" in page.html


def test_confirming_completes_the_order(paid_shop: Shop, sandbox: PaySandbox) -> None:
    browser = Browser()
    order_something(browser, paid_shop.slug)
    pay(paid_shop, sandbox)
    order = the_order(paid_shop)
    early = page_of(browser, paid_shop, "/confirm")
    assert early.path.endswith(str(order.id))
    with merchant_scope(paid_shop.merchant_id):
        set_confirm_deadline(order.id, clock.now())
    question = page_of(browser, paid_shop, "/confirm")
    assert "¥128.00 goes to the shop once the time for returning is over." in question.html
    page = browser.send(question.form("/confirm"))
    assert the_order(paid_shop).state == "completed"
    assert "Receipt is confirmed. Thank you." in page.html


def test_the_list_shows_orders_by_what_is_to_be_done(shop: Shop) -> None:
    browser = Browser()
    order_something(browser, shop.slug)
    number = str(the_order(shop).id)
    assert number in browser.get(f"/s/{shop.slug}/orders/").html
    assert number in browser.get(f"/s/{shop.slug}/orders/?state=pay").html
    assert number not in browser.get(f"/s/{shop.slug}/orders/?state=done").html
    assert number not in Browser().get(f"/s/{shop.slug}/orders/").html
    assert '<span class="badge">1</span>' in browser.get(f"/s/{shop.slug}/me").html


def ship(order: Order, text: str) -> None:
    """A parcel under way with two scans, written directly: shipping has tests of its own."""
    now = clock.now()
    parcel = Parcel.objects.create(
        order=order,
        person_id=order.person_id,
        node_id=order.seller_id,
        carrier="shunfeng",
        waybill_no=f"SF{uuid7().int % 10**12}",
        callback_token=uuid7().hex,
        callback_salt="salt",
        requested_at=now,
        shipped_at=now,
    )
    Parcel.objects.filter(pk=parcel.pk).update(state="shipped")
    for number, status in enumerate((Status.COLLECTED, Status.MOVING)):
        TrackingEvent.objects.create(
            parcel=parcel,
            fingerprint=bytes([number]),
            status=status,
            text=text,
            area="杭州市",
            scanned_at=now + timedelta(minutes=number),
            received_at=now,
        )


def test_each_stop_of_the_parcel_is_shown_and_the_carriers_words_are_text(
    paid_shop: Shop, sandbox: PaySandbox
) -> None:
    browser = Browser()
    order_something(browser, paid_shop.slug)
    pay(paid_shop, sandbox)
    with merchant_scope(paid_shop.merchant_id):
        ship(Order.objects.get(), "<b>已揽收</b>")
    page = page_of(browser, paid_shop)
    assert page.html.count("&lt;b&gt;已揽收&lt;/b&gt;") == 2
    assert "The carrier collects the parcel next." in page.html
    with merchant_scope(paid_shop.merchant_id):
        assert Parcel.objects.get().waybill_no in page.html
