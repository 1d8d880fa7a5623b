"""What a desk does all day, in a browser without scripts."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.faces.console.support import Desk, make_desk, paid_order
from tongdao.foundation.events import Event
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, Sku
from tongdao.goods.inventory.models import Stock
from tongdao.party.merchants.models import Role
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.payments.models import Refund
from tongdao.trade.shipping.models import Parcel

PHONE = "13812345678"  # of the address that the builders write


@pytest.fixture
def desk() -> Desk:
    return make_desk((12_800, 5_000))


def text_of(answer: Any) -> str:
    """What one reads: without tags, entities as characters."""
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def key_of(answer: Any) -> str:
    found = re.search(r'name="key" value="([0-9a-f]{32})"', answer.content.decode())
    assert found
    return found.group(1)


def units(desk: Desk, order_id: UUID, wanted: int | None = None) -> dict[str, str]:
    with merchant_scope(desk.shop.merchant_id):
        rows = Allocation.objects.filter(line__order_id=order_id)
        return {f"units.{row.id}": str(row.quantity if wanted is None else wanted) for row in rows}


def ship(desk: Desk, browser: Client, order_id: UUID, waybill: str, **other: str) -> Any:
    path = desk.url("ship", order_id=order_id)
    typed = {"key": key_of(browser.get(path)), "carrier": "shunfeng", "waybill_no": waybill}
    return browser.post(path, typed | units(desk, order_id) | other)


def test_an_order_is_shipped_end_to_end_with_a_typed_waybill(desk: Desk) -> None:
    order_id = paid_order(desk.shop, 2)
    browser = desk.client(Role.OPERATIONS)
    with merchant_scope(desk.shop.merchant_id):
        number = Order.objects.get(pk=order_id).number
    assert number in text_of(browser.get(desk.url("to_ship")))

    answer = ship(desk, browser, order_id, "SF1234567890")
    assert (answer.status_code, answer["Location"]) == (302, desk.url("order", order_id=order_id))
    page = text_of(browser.get(answer["Location"]))
    assert "SF1234567890" in page and "顺丰" in page
    assert number not in text_of(browser.get(desk.url("to_ship")))
    with merchant_scope(desk.shop.merchant_id):
        parcel = Parcel.objects.get(order_id=order_id)
        assert (parcel.state, parcel.booked) == ("shipped", False)
        assert Order.objects.get(pk=order_id).confirm_by is not None
        assert set(Stock.objects.values_list("on_hand", "reserved")) == {(8, 0)}
        shipped = Event.objects.get(name="parcel.shipped", subject_id=parcel.id)
    assert (shipped.actor_kind, shipped.actor) == ("staff", desk.people[Role.OPERATIONS])


def test_the_same_form_sent_twice_packs_once(desk: Desk) -> None:
    order_id = paid_order(desk.shop, 2)
    browser = desk.client()
    path = desk.url("ship", order_id=order_id)
    typed = {"key": key_of(browser.get(path)), "carrier": "shunfeng", "waybill_no": "SF1234567891"}
    half = typed | units(desk, order_id, 1)
    assert [browser.post(path, half).status_code for _ in range(2)] == [302, 302]
    with merchant_scope(desk.shop.merchant_id):
        assert Parcel.objects.filter(order_id=order_id).count() == 1
        assert set(Allocation.objects.values_list("packed", flat=True)) == {1}


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"waybill_no": "!"}, 422),
        ({"carrier": "pigeon"}, 422),
        ({"waybill_no": ""}, 409),
        ({"key": "x"}, 422),
    ],
)
def test_a_refused_shipping_leaves_nothing_behind(desk: Desk, typed: dict[str, str], status: int) -> None:
    order_id = paid_order(desk.shop)
    browser = desk.client()
    answer = ship(desk, browser, order_id, typed.pop("waybill_no", "SF1234567892"), **typed)
    assert answer.status_code == status
    assert 'class="notice notice-error"' in answer.content.decode()
    with merchant_scope(desk.shop.merchant_id):
        assert not Parcel.objects.exists()
        assert set(Allocation.objects.values_list("packed", flat=True)) == {0}


def test_a_taken_waybill_rolls_the_packing_back_and_keeps_what_was_typed(desk: Desk) -> None:
    first, second = paid_order(desk.shop), paid_order(desk.shop)
    browser = desk.client()
    assert ship(desk, browser, first, "SF1234567893").status_code == 302
    answer = ship(desk, browser, second, "SF1234567893")
    assert answer.status_code == 409 and 'value="SF1234567893"' in answer.content.decode()
    with merchant_scope(desk.shop.merchant_id):
        assert not Parcel.objects.filter(order_id=second).exists()
        assert set(Allocation.objects.filter(line__order_id=second).values_list("packed", flat=True)) == {0}


def test_more_units_than_are_left_are_refused(desk: Desk) -> None:
    order_id = paid_order(desk.shop)
    answer = ship(desk, desk.client(), order_id, "SF1234567894", **units(desk, order_id, 2))
    assert answer.status_code == 409
    for nonsense in ("1.5", "-1", "many"):
        typed = dict.fromkeys(units(desk, order_id), nonsense)
        assert ship(desk, desk.client(), order_id, "SF1234567894", **typed).status_code == 422


def test_cancelling_says_in_numbers_what_it_does_and_does_it(desk: Desk) -> None:
    order_id = paid_order(desk.shop, 2)
    browser = desk.client(Role.SERVICE)
    page = text_of(browser.get(desk.url("cancel", order_id=order_id)))
    assert "356.00" in page and "4" in page
    answer = browser.post(desk.url("cancel", order_id=order_id), {"reason": "wrong_address"})
    assert answer.status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        order = Order.objects.get(pk=order_id)
        assert order.state == "cancelled"
        assert Refund.objects.get(order=order).amount_fen == 35_600
        event = Event.objects.get(name="order.cancelled", subject_id=order_id)
    assert (event.actor, event.on_behalf_of) == (desk.people[Role.SERVICE], order.person_id)
    again = browser.get(desk.url("cancel", order_id=order_id))
    assert again.status_code == 200 and "<form" not in again.content.decode().split("<main")[1]


def test_cancelling_without_a_known_reason_or_after_packing_is_refused(desk: Desk) -> None:
    order_id = paid_order(desk.shop)
    browser = desk.client()
    assert browser.post(desk.url("cancel", order_id=order_id), {"reason": "mood"}).status_code == 422
    ship(desk, browser, order_id, "SF1234567895")
    assert browser.post(desk.url("cancel", order_id=order_id), {"reason": "other"}).status_code == 409


def test_an_address_is_masked_until_it_is_asked_for_and_that_is_on_record(desk: Desk) -> None:
    order_id = paid_order(desk.shop)
    browser = desk.client(Role.SERVICE)
    path = desk.url("order", order_id=order_id)
    before = text_of(browser.get(path))
    assert PHONE not in before and "林小满" not in before and "501" not in before
    shown = text_of(browser.post(desk.url("unmask", order_id=order_id)))
    assert PHONE in shown and "林小满" in shown and "501" in shown
    assert PHONE not in text_of(browser.get(path))
    with merchant_scope(desk.shop.merchant_id):
        event = Event.objects.get(name="delivery_address.unmasked")
    assert event.actor == desk.people[Role.SERVICE]


def test_what_a_role_may_not_do_is_not_shown(desk: Desk) -> None:
    order_id = paid_order(desk.shop)
    path = desk.url("order", order_id=order_id)
    shown = {role: desk.client(role).get(path).content.decode() for role in Role}
    assert [role for role in Role if "/ship" in shown[role]] == [Role.OWNER, Role.OPERATIONS]
    assert [role for role in Role if "/cancel" in shown[role]] == [Role.OWNER, Role.OPERATIONS, Role.SERVICE]
    assert [role for role in Role if "waterfall" in shown[role]] == [Role.OWNER, Role.FINANCE]


def test_a_price_is_changed_with_its_history_and_a_wrong_one_is_refused(desk: Desk) -> None:
    browser = desk.client()
    with merchant_scope(desk.shop.merchant_id):
        sku = Sku.objects.get(pk=desk.shop.skus[0])
    parts = {"product_id": sku.product_id, "sku_id": sku.id}
    path = desk.url("price", **parts)
    assert browser.post(path, {"price": "¥1,099.9", "compare_at": ""}).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        assert Sku.objects.get(pk=sku.id).price_fen == 109_990
        assert PriceChange.objects.filter(sku=sku).count() == 2
    for wrong in ("", "12.345", "-1", "0", "1e9", "九"):
        answer = browser.post(path, {"price": wrong, "compare_at": ""})
        assert answer.status_code == 422, wrong
        assert f'value="{wrong}"' in answer.content.decode() or not wrong
    assert "1,099.90" in text_of(browser.get(desk.url("sku", **parts)))


def test_stock_is_counted_but_not_below_what_is_promised(desk: Desk) -> None:
    paid_order(desk.shop, 3)
    browser = desk.client()
    with merchant_scope(desk.shop.merchant_id):
        sku = Sku.objects.get(pk=desk.shop.skus[0])
    path = desk.url("stock", product_id=sku.product_id, sku_id=sku.id)
    assert browser.post(path, {"on_hand": "40"}).status_code == 302
    assert browser.post(path, {"on_hand": "2"}).status_code == 409
    assert browser.post(path, {"on_hand": "-2"}).status_code == 422
    with merchant_scope(desk.shop.merchant_id):
        assert Stock.objects.get(sku=sku).on_hand == 40


def test_a_product_is_hidden_and_a_sku_is_stopped(desk: Desk) -> None:
    browser = desk.client()
    with merchant_scope(desk.shop.merchant_id):
        sku = Sku.objects.get(pk=desk.shop.skus[0])
    browser.post(desk.url("publish", product_id=sku.product_id), {"published": "0"})
    browser.post(desk.url("saleable", product_id=sku.product_id, sku_id=sku.id), {"saleable": "0"})
    with merchant_scope(desk.shop.merchant_id):
        assert not Product.objects.get(pk=sku.product_id).published
        assert not Sku.objects.get(pk=sku.id).saleable
    hidden = text_of(browser.get(desk.url("products") + "?show=hidden"))
    assert "云雾茶 1" in hidden and "云雾茶 2" not in hidden


def test_a_failed_refund_is_sent_again_once(desk: Desk) -> None:
    order_id = paid_order(desk.shop)
    browser = desk.client(Role.FINANCE)
    desk.client().post(desk.url("cancel", order_id=order_id), {"reason": "other"})
    with merchant_scope(desk.shop.merchant_id):
        refund = Refund.objects.get(order_id=order_id)
        Refund.objects.filter(pk=refund.id).update(state="failed", problem="NOT_ENOUGH")
    assert "178.00" in text_of(browser.get(desk.url("refunds") + "?state=failed"))
    path = desk.url("refund_retry", refund_id=refund.id)
    assert browser.post(path).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        assert Refund.objects.get(pk=refund.id).state == "requested"
    assert browser.post(path).status_code == 404


def test_the_books_show_every_account_and_that_they_balance(desk: Desk) -> None:
    paid_order(desk.shop)
    page = desk.client(Role.FINANCE).get(desk.url("money"))
    assert "178.00" in text_of(page) and "notice-error" not in page.content.decode()
