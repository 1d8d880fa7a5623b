"""One box for all: orders by the end of a number or phone, products by words and sounds, orders by code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from tests.faces.console.support import PASSWORD, Desk, make_desk
from tests.goods.search.shelves import Goods, put
from tests.support.browsing import at_the_desk, on_the_phone
from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.people import a_phone
from tongdao.foundation.events import run_reader
from tongdao.foundation.ids import token
from tongdao.foundation.pii import mask_phone
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.goods.inventory.operations import set_on_hand
from tongdao.party.members.operations import ensure_member
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.permissions import MATRIX
from tongdao.party.people.operations import register_person
from tongdao.trade.orders.models import Order

WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def desk(cluster: object) -> Desk:
    """Three products, one hidden; an order of each SKU of the first."""
    made = make_desk()
    shop = made.shop
    tea, *_ = put(
        shop,
        Goods("西湖龙井茶 特级", codes=["LJ-001", "LJ-002"]),
        Goods("安溪铁观音"),
        Goods("还没上架的<i>龙井</i>", published=False),
    )
    with merchant_scope(shop.merchant_id):
        skus = list(Sku.objects.filter(product=tea).order_by("position").values_list("id", flat=True))
        set_on_hand(dict.fromkeys(skus, 5), node_id=shop.node_id, reason="count", actor=shop.owner)
    for sku in skus:
        place_one(a_request(shop, skus=(sku,)), shop)
    run_reader("lookup.orders", shop.merchant_id)
    return made


def numbers(desk: Desk) -> list[str]:
    """Of the order of LJ-001 and of LJ-002."""
    with merchant_scope(desk.shop.merchant_id):
        return list(Order.objects.order_by("id").values_list("number", flat=True))


def ask(desk: Desk, query: str, role: Role = Role.OWNER) -> Any:
    return desk.client(role).get(desk.url("search"), {"q": query}, headers={"accept-language": "zh-hans"})


def body(desk: Desk, query: str, role: Role = Role.OWNER) -> str:
    response = ask(desk, query, role)
    assert response.status_code == 200
    return str(response.content.decode())


def test_an_order_by_the_end_of_its_number(desk: Desk) -> None:
    one, other = numbers(desk)
    page = body(desk, one[-8:])
    assert one in page
    assert other not in page
    assert one in body(desk, f" {one[-8:-4]} {one[-4:]} ")


def test_orders_by_the_end_of_a_phone(desk: Desk) -> None:
    for query in ("5678", "13812345678", "138 1234 5678"):
        page = body(desk, query)
        assert "收货手机尾号相符的订单" in page
        assert all(number in page for number in numbers(desk))
    assert "收货手机尾号相符的订单" not in body(desk, "5679")


def test_products_by_words_sounds_and_their_orders_by_code(desk: Desk) -> None:
    page = body(desk, "longjing")
    assert "西湖<mark>龙井</mark>茶 特级" in page
    assert "还没上架的&lt;i&gt;<mark>龙井</mark>&lt;/i&gt;" in page
    assert "安溪" not in page
    one, other = numbers(desk)
    assert one in body(desk, "lj-001")
    assert other not in body(desk, "lj-001")
    assert all(number in body(desk, "西湖") for number in numbers(desk))


def a_member(shop: Shop, sign_in_name: str, name: str | None = "秦思远") -> UUID:
    person = register_person(sign_in_name=sign_in_name, password=PASSWORD, shown_name=name)
    with merchant_scope(shop.merchant_id):
        return ensure_member(person.id).id


def test_members_by_the_end_of_a_number_and_by_a_masked_name(desk: Desk) -> None:
    phone = a_phone()
    url = desk.url("member", member_id=a_member(desk.shop, phone))
    for query in (phone[-4:], phone, f"{phone[:3]} {phone[3:7]} {phone[7:]}"):
        page = body(desk, query)
        assert "登录手机号或邮箱相符的会员" in page and url in page
        assert "秦**" in page and mask_phone(phone) in page
        assert "秦思远" not in page and (query == phone or phone not in page)
    page = body(desk, "秦思远")
    assert "显示为“秦**”的会员" in page and url in page
    assert url in body(desk, "秦**") and url not in body(desk, "秦*")
    assert desk.client().get(url).status_code == 200


def test_a_guest_without_a_name_is_found_too(desk: Desk) -> None:
    address = f"{token(10)}@example.cn"
    url = desk.url("member", member_id=a_member(desk.shop, address, None))
    page = body(desk, address)
    assert url in page and "匿名买家" in page and address not in page.replace(f'value="{address}"', "")


def test_who_may_not_see_members_finds_none(desk: Desk) -> None:
    phone = a_phone()
    url = desk.url("member", member_id=a_member(desk.shop, phone, "欧小满"))
    for role in Role:
        may = "members.read" in MATRIX[role]
        assert [url in body(desk, query, role) for query in (phone[-4:], phone, "欧小满")] == [may] * 3


def test_members_of_a_neighbour_are_not_found(desk: Desk) -> None:
    phone = a_phone()
    theirs = a_member(make_shop(), phone, "慕小满")
    for query in (phone[-4:], phone, "慕小满", "慕**"):
        page = body(desk, query)
        assert str(theirs) not in page
        assert "会员</h2>" not in page


def test_it_speaks_english(desk: Desk) -> None:
    client, headers = desk.client(), {"accept-language": "en"}
    page = client.get(desk.url("search"), {"q": "5678"}, headers=headers).content.decode()
    assert "Orders to a phone that ends so" in page
    page = client.get(desk.url("search"), {"q": "咖啡"}, headers=headers).content.decode()
    assert "Nothing found for “咖啡”" in page


def test_every_role_that_sees_orders_may_look(desk: Desk) -> None:
    for role in Role:
        assert "西湖" in body(desk, "xihu", role)


def test_nothing_of_a_neighbour(desk: Desk) -> None:
    theirs = make_shop()
    put(theirs, "邻家龙井")
    place_one(a_request(theirs), theirs)
    run_reader("lookup.orders", theirs.merchant_id)
    with merchant_scope(theirs.merchant_id):
        number = Order.objects.get().number
    for query in ("龙井", "5678", number, number[-6:], "邻家"):
        page = body(desk, query)
        assert "邻家龙井" not in page
        assert f">{number}<" not in page


@pytest.mark.parametrize(
    "query", ["%", "_", "'", "|", "&", "<script>alert(1)</script>", "9" * 10_000, "'%" * 5_000]
)
def test_nothing_typed_is_an_operator(desk: Desk, query: str) -> None:
    page = body(desk, query)
    assert "没有找到" in page
    assert "<script>alert" not in page


@pytest.mark.browser
@pytest.mark.parametrize("phone", [False, True])
def test_results_come_while_typing(browser: Browser, site: str, desk: Desk, phone: bool) -> None:
    name = f"console-search-{'phone' if phone else 'desk'}"
    visitor = on_the_phone(browser, name, dark=True) if phone else at_the_desk(browser, name)
    page = visitor.page
    session = settings.SESSION_COOKIE_NAME
    cookie = desk.client().cookies[session].value
    page.context.add_cookies([{"name": session, "value": cookie, "url": site}])
    page.goto(site + desk.url("orders"))
    visitor.picture("orders")
    if phone:
        page.locator(".find a").click()
    else:
        page.fill("#find", "铁观")
        page.press("#find", "Enter")
        expect(page.locator("#results mark")).to_have_text("铁观")
        page.fill("#f-q", "")
    expect(page.locator("#results .empty")).to_be_visible()
    visitor.picture("nothing-typed")
    page.locator("#f-q").press_sequentially("longjing", delay=20)
    expect(page.locator("#results mark").first).to_have_text("龙井")
    visitor.picture("products")
    page.fill("#f-q", "5678")
    expect(page.locator("#results h2")).to_have_count(1)
    visitor.picture("phone")
    assert page.evaluate(WIDE) <= 0
    assert visitor.complaints == []
