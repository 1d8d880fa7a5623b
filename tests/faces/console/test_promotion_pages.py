"""Promotions at the desk: said before they are made, refused at their fields, changed, stopped, told of."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils.timezone import localtime

from tests.faces.console.support import Desk, make_desk, paid_order, pay, place_order
from tests.goods.editing.support import begin
from tests.support.promoting import make_coupon, make_flash, make_group_buy, the_group
from tongdao.foundation import clock
from tongdao.foundation.events import Event
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.editing.reckoning import PriceRule
from tongdao.party.merchants.models import Role
from tongdao.terms.promotions.models import Promotion
from tongdao.terms.promotions.operations import create_gift
from tongdao.terms.promotions.pricing import Choice
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.shipping.gateway import Access, Party
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.operations import connect_carrier

KEY = "k" * 32


@pytest.fixture
def desk() -> Desk:
    return make_desk((10_000, 5_000))


def text_of(answer: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def at(hours: int) -> str:
    """As the browser's own field has it."""
    return f"{localtime(clock.now() + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


def flash(desk: Desk, **typed: str) -> dict[str, str]:
    sku = str(desk.shop.skus[0])
    rules = {"title": "周末秒杀", "sku_id": sku, "price_fen": "88.00", "quota": "50", "per_member": "2"}
    return rules | {"starts_at": at(-1), "ends_at": at(24)} | typed


def send(
    desk: Desk, kind: str, typed: dict[str, Any], step: str = "save", browser: Client | None = None
) -> Any:
    url = f"{desk.url('promotion_new')}?kind={kind}"
    return (browser or desk.client(Role.OPERATIONS)).post(url, typed | {"step": step})


def all_of(desk: Desk) -> list[Promotion]:
    with merchant_scope(desk.shop.merchant_id):
        return list(Promotion.objects.order_by("id"))


def test_what_it_does_is_said_before_it_is_made(desk: Desk) -> None:
    browser = desk.client(Role.OPERATIONS)
    for kind in ("coupon", "flash", "group_buy", "gift"):
        assert f"?kind={kind}" in browser.get(desk.url("promotion_new")).content.decode()
    said = text_of(send(desk, "flash", flash(desk), "preview"))
    for part in (
        "100.00 → ¥88.00",
        "每件优惠 ¥12.00",
        "近 7 天最低价为 ¥100.00",
        "最多 50 件",
        "每人最多 2 件",
    ):
        assert part in said
    assert all_of(desk) == []
    with merchant_scope(desk.shop.merchant_id):
        assert not Event.objects.filter(name="promotion.created").exists()

    again = send(desk, "flash", flash(desk), "edit").content.decode()
    assert 'value="88.00"' in again and 'value="周末秒杀"' in again
    answer = send(desk, "flash", flash(desk))
    [made] = all_of(desk)
    assert (answer.status_code, answer["Location"]) == (302, desk.url("promotion", promotion_id=made.id))
    assert (made.price_fen, made.quota, made.per_member) == (8_800, 50, 2)
    with merchant_scope(desk.shop.merchant_id):
        event = Event.objects.get(name="promotion.created")
    assert (event.subject_id, event.actor) == (made.id, desk.people[Role.OPERATIONS])


def test_planned_prices_that_the_offer_stands_against_are_named_and_refuse_nothing(desk: Desk) -> None:
    """Planned are 85.00 and 95.00 while it runs at 88.00, and 85.00 when it is over: the first is named."""
    sku, now = desk.shop.skus[:1], clock.now()
    for hours, fen in ((2, 8_500), (3, 9_500), (48, 8_500)):
        begin(desk.shop, PriceRule("set", fen), at=now + timedelta(hours=hours), skus=sku)
    said = text_of(send(desk, "flash", flash(desk), "preview"))
    due = localtime(now + timedelta(hours=2))
    assert f"：计划于 {due:%Y-%m-%d %H:%M} 改为 ¥85.00" in said
    assert said.count("计划于") == 1 and said.count("到时不会生效") == 1
    assert send(desk, "flash", flash(desk)).status_code == 302

    other = flash(desk, sku_id=str(desk.shop.skus[1]), price_fen="44.00")
    assert "计划于" not in text_of(send(desk, "flash", other, "preview"))


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        (
            "coupon",
            {"off_fen": "20", "threshold_fen": "100"},
            ["商品满 ¥100.00，减 ¥20.00", "只需 ¥80.00", "全部商品"],
        ),
        (
            "coupon",
            {"off_bps": "12.5", "most_off_fen": "30", "code": "tea"},
            ["减 12.5%，最多减 ¥30.00", "TEA"],
        ),
        (
            "group_buy",
            {"price_fen": "80", "group_size": "3", "group_hours": "24"},
            ["3 人成团", "自动全额退款"],
        ),
        ("gift", {"gift_units": "2", "threshold_fen": "200"}, ["商品满 ¥200.00 的订单，赠送", "× 2"]),
    ],
)
def test_each_kind_is_said_and_made(desk: Desk, kind: str, more: dict[str, str], said: list[str]) -> None:
    typed = {name: value for name, value in flash(desk).items() if name != "price_fen"} | more
    preview = text_of(send(desk, kind, typed, "preview"))
    assert [part for part in said if part not in preview] == []
    assert send(desk, kind, typed).status_code == 302
    [made] = all_of(desk)
    assert made.kind == kind
    page = text_of(desk.client().get(desk.url("promotion", promotion_id=made.id)))
    assert [part for part in said if part not in page] == []


@pytest.mark.parametrize(
    ("kind", "wrong", "words"),
    [
        ("flash", {"price_fen": "100"}, "须低于 ¥100.00"),
        ("flash", {"price_fen": "x"}, "最多两位小数"),
        ("flash", {"ends_at": "2026-01-01T00:00"}, "结束时间应晚于开始时间"),
        ("flash", {"ends_at": "0001-01-01T00:00"}, "时间太远"),
        ("flash", {"sku_id": "00000000-0000-0000-0000-000000000000"}, "error"),
        ("flash", {"title": ""}, "error"),
        ("coupon", {"off_fen": "5", "off_bps": "5"}, "二者选一"),
        ("coupon", {"off_fen": "5", "code": "a b"}, "3 至 20 位"),
        ("group_buy", {"group_size": "5", "group_hours": "9", "quota": "3"}, "一个团的人数"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "save"])
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(
    desk: Desk, kind: str, wrong: dict[str, str], words: str, step: str
) -> None:
    answer = send(desk, kind, flash(desk, **wrong), step)
    body = answer.content.decode()
    assert (answer.status_code, all_of(desk)) == (422, [])
    assert words in body and "field-wrong" in body
    assert 'value="周末秒杀"' in body or wrong.get("title") == ""


def test_a_taken_code_is_told_at_the_code(desk: Desk) -> None:
    make_coupon(desk.shop, code="TEA")
    body = send(desk, "coupon", flash(desk, off_fen="5", code="tea")).content.decode()
    assert 'id="id_code_error"' in body and len(all_of(desk)) == 1


def test_a_change_says_what_changes_and_touches_nothing_else(desk: Desk) -> None:
    row = make_flash(desk.shop, 8_800, quota=50, per_member=2)
    url = desk.url("promotion_change", promotion_id=row.id)
    browser = desk.client()
    page = browser.get(url).content.decode()
    assert "sku_id" not in page and 'value="88.00"' in page
    typed = {
        "title": row.title,
        "price_fen": "85",
        "quota": "",
        "per_member": "2",
        "starts_at": f"{localtime(row.starts_at):%Y-%m-%dT%H:%M}",
        "ends_at": f"{localtime(row.ends_at):%Y-%m-%dT%H:%M}",
    }
    said = text_of(browser.post(url, typed | {"step": "preview"}))
    assert "价格: ¥88.00 → ¥85.00" in said and "总量上限: 50 → 不限" in said and "每人上限:" not in said
    assert all_of(desk)[0].version == 1
    assert browser.post(url, typed | {"step": "save"}).status_code == 302
    [after] = all_of(desk)
    assert (after.price_fen, after.quota, after.starts_at, after.version) == (8_500, None, row.starts_at, 2)
    history = text_of(browser.get(desk.url("promotion", promotion_id=row.id)))
    assert "¥88.00 → ¥85.00" in history and "owner 同事" in history
    same = text_of(browser.post(url, typed | {"step": "preview"}))
    assert "没有变化" in same


def test_less_than_is_used_is_refused_at_the_quota(desk: Desk) -> None:
    row = make_flash(desk.shop, 8_800, quota=5)
    place_order(desk.shop, 2)
    typed = flash(desk, title=row.title, quota="1")
    body = desk.client().post(desk.url("promotion_change", promotion_id=row.id), typed | {"step": "save"})
    assert body.status_code == 422 and "已用 2" in text_of(body)


def test_stopping_says_what_happens_and_does_it(desk: Desk) -> None:
    row = make_group_buy(desk.shop, 8_000)
    paid_order(desk.shop, skus=desk.shop.skus[:1], choice=Choice(open_group=True))
    url = desk.url("promotion_stop", promotion_id=row.id)
    browser = desk.client()
    said = text_of(browser.get(url))
    assert "（1）" in said and "有 1 个团正在拼，已付款 1 人" in said
    assert all_of(desk)[0].stopped_at is None
    assert browser.post(url)["Location"] == desk.url("promotion", promotion_id=row.id)
    assert all_of(desk)[0].stopped_at is not None
    page = text_of(browser.get(desk.url("promotion", promotion_id=row.id)))
    assert "已停止" in page and "修改" not in page
    assert "无需停止" in text_of(browser.get(url))


def test_who_may_only_read_sees_no_buttons(desk: Desk) -> None:
    row = make_flash(desk.shop, 8_800)
    browser = desk.client(Role.READ_ONLY)
    pages = [desk.url("promotions"), desk.url("promotion", promotion_id=row.id)]
    for page in pages:
        body = browser.get(page).content.decode()
        assert "周末秒杀" in body
        assert "promotions/new" not in body and "/change" not in body and "/stop" not in body


def test_the_list_filters_by_kind_state_and_words(desk: Desk) -> None:
    make_coupon(desk.shop, code="SPRING")
    now = clock.now()
    make_flash(desk.shop, 8_800, starts_at=now + timedelta(hours=2), ends_at=now + timedelta(days=2))
    place_order(desk.shop)
    browser = desk.client()

    def shown(query: str) -> list[str]:
        body = text_of(browser.get(desk.url("promotions") + query))
        return [title for title in ("新客券", "周末秒杀") if title in body]

    assert shown("") == shown("?page=0") == ["新客券", "周末秒杀"]
    assert shown("?state=nonsense&kind=x") == []
    assert shown("?state=scheduled") == shown("?kind=flash") == shown("?q=秒杀") == ["周末秒杀"]
    assert shown("?state=running") == shown("?q=spring") == ["新客券"]
    assert shown("?state=ended") == shown("?kind=gift") == []


def test_the_record_shows_its_orders_and_what_they_saved(desk: Desk) -> None:
    row = make_flash(desk.shop, 8_800, quota=10)
    order_id = place_order(desk.shop, 2, skus=desk.shop.skus[:1])
    with merchant_scope(desk.shop.merchant_id):
        number = Order.objects.get(pk=order_id).number
    browser = desk.client()
    page = text_of(browser.get(desk.url("promotion", promotion_id=row.id)))
    assert number in page and "¥24.00" in page and "2 / 10" in page
    listed = text_of(browser.get(desk.url("promotions")))
    assert "2 / 10" in listed and "¥24.00" in listed


def test_the_order_names_discounts_and_gifts(desk: Desk) -> None:
    make_flash(desk.shop, 8_800)
    make_coupon(desk.shop, 500, on_reduced=True)
    with merchant_scope(desk.shop.merchant_id):
        create_gift(
            title="好礼",
            sku_id=desk.shop.skus[1],
            gift_units=1,
            starts_at=clock.now() - timedelta(hours=1),
            ends_at=clock.now() + timedelta(hours=1),
            actor=desk.shop.owner,
        )
    order_id = place_order(desk.shop, 2, skus=desk.shop.skus[:1])
    page = text_of(desk.client().get(desk.url("order", order_id=order_id)))
    for part in ("周末秒杀 −¥24.00", "新客券 −¥5.00", "单价 ¥100.00", "赠品", "−¥50.00", "¥171.00"):
        assert part in page, part


def group_order(desk: Desk, group: UUID | None = None) -> UUID:
    choice = Choice(group=group, open_group=group is None)
    return paid_order(desk.shop, skus=desk.shop.skus[:1], choice=choice)


def test_an_order_that_waits_for_its_group_is_not_shipped_from_anywhere(desk: Desk) -> None:
    with merchant_scope(desk.shop.merchant_id):
        party = Party("山间茶舍", "13912345678", "浙江省杭州市西湖区龙井路 1 号")
        connect_carrier(Access("http://127.0.0.1:9", "k", "s", "c", "p"), party, actor=desk.shop.owner)
    make_group_buy(desk.shop, 8_000)
    order_id = group_order(desk)
    browser = desk.client(Role.OPERATIONS)
    with merchant_scope(desk.shop.merchant_id):
        number = Order.objects.get(pk=order_id).number
    page = browser.get(desk.url("order", order_id=order_id))
    assert "等待成团，截止" in text_of(page) and "1 / 2 人" in text_of(page)
    assert desk.url("ship", order_id=order_id) not in page.content.decode()
    assert number not in text_of(browser.get(desk.url("to_ship")))
    assert number not in text_of(browser.get(desk.url("orders") + "?state=to_ship"))
    assert "待成团" in text_of(browser.get(desk.url("orders")))
    preview = text_of(browser.get(desk.url("pack") + f"?order={order_id}&carrier=shunfeng"))
    assert f"{number} 等待成团" in preview, "it is named with what keeps it"
    bulk = {"order": str(order_id), "carrier": "shunfeng", "key": KEY}
    assert number in text_of(browser.post(desk.url("pack"), bulk, follow=True))
    assert one_by_hand(desk, browser, order_id).status_code == 409
    with merchant_scope(desk.shop.merchant_id):
        assert not Parcel.objects.exists()

    group_order(desk, the_group(desk.shop).id)
    assert number in text_of(browser.get(desk.url("to_ship")))
    assert one_by_hand(desk, browser, order_id).status_code == 302


def one_by_hand(desk: Desk, browser: Client, order_id: UUID) -> Any:
    with merchant_scope(desk.shop.merchant_id):
        allocation = Allocation.objects.get(line__order_id=order_id)
    typed = {"key": KEY, "carrier": "shunfeng", "waybill_no": "SF1234567890", f"units.{allocation.id}": "1"}
    return browser.post(desk.url("ship", order_id=order_id), typed)


def test_an_unpaid_seat_is_told_too(desk: Desk) -> None:
    make_group_buy(desk.shop, 8_000)
    order_id = place_order(desk.shop, skus=desk.shop.skus[:1], choice=Choice(open_group=True))
    url = desk.url("order", order_id=order_id)
    assert "0 / 2 人" in text_of(desk.client().get(url))
    pay(desk.shop, order_id)
    assert "1 / 2 人" in text_of(desk.client().get(url))
