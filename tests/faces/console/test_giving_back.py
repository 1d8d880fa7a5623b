"""Money back at the desk: what it does is told before the button, and afterwards to all whom it concerns."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client

from tests.faces.console.support import Desk
from tests.faces.console.test_desk_flows import text_of
from tests.faces.promoter.support import Earner, make_earner, make_promoted_shop
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.payments.models import Refund
from tongdao.trade.shipping.operations import pack_parcel
from tongdao.trade.story.queries import order_story


@pytest.fixture
def earner() -> Earner:
    return make_earner(make_promoted_shop())


@pytest.fixture
def desk(earner: Earner) -> Desk:
    return Desk(earner.shop)


def typed(desk: Desk, order_id: UUID, units: int, **more: str) -> dict[str, str]:
    with merchant_scope(desk.shop.merchant_id):
        line = OrderLine.objects.get(order_id=order_id).id
    return {f"units.{line}": str(units), "freight": "share", "reason": "damaged", **more}


def look(desk: Desk, browser: Client, order_id: UUID, units: int) -> str:
    path = desk.url("give_back", order_id=order_id)
    assert "Show what it does" in text_of(browser.get(path, headers={"accept-language": "en"}))
    answer = browser.post(path, typed(desk, order_id, units, step="look"), headers={"accept-language": "en"})
    return str(answer.content.decode())


def test_it_is_looked_at_then_done_once(earner: Earner, desk: Desk) -> None:
    order_id, browser = earner.sell(3), desk.client(Role.SERVICE)
    page = look(desk, browser, order_id, 1)
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "¥128.00 goes back to the buyer" in said
    assert "¥115.20 less for you" in said
    assert "¥12.80 less commission for 小禾" in said
    assert "Give ¥128.00 back" in said
    with merchant_scope(desk.shop.merchant_id):
        assert not Refund.objects.exists(), "looking changes nothing"
    found = re.search(r'name="case" value="([0-9a-f-]{36})"', page)
    assert found
    form = typed(desk, order_id, 1, step="give", case=found.group(1), expected="12800")
    path = desk.url("give_back", order_id=order_id)
    assert 'name="expected" value="12800"' in page
    other = browser.post(path, form | typed(desk, order_id, 2), headers={"accept-language": "en"})
    assert "another amount than the one that you looked at" in text_of(other)
    for unread in ("", "x", "１２８００", "-12800"):
        answer = browser.post(path, form | {"expected": unread}, headers={"accept-language": "en"})
        assert "another amount than the one that you looked at" in text_of(answer)
    with merchant_scope(desk.shop.merchant_id):
        assert not Refund.objects.exists(), "the button does what it says, or nothing"
    for _ in range(2):
        done = browser.post(path, form, headers={"accept-language": "en"})
        assert done["Location"] == desk.url("order", order_id=order_id)
    with merchant_scope(desk.shop.merchant_id):
        case = AfterSale.objects.get()
        assert (case.kind, case.reason, case.refund.amount_fen) == ("refund", "damaged", 12_800)
    told = text_of(browser.get(desk.url("order", order_id=order_id), headers={"accept-language": "en"}))
    assert "1 of 3 given back, ¥128.00" in told
    assert "Arrived damaged" in told


def test_what_cannot_be_is_refused_on_the_page(earner: Earner, desk: Desk) -> None:
    order_id, browser = earner.sell(2), desk.client(Role.SERVICE)
    path = desk.url("give_back", order_id=order_id)
    for units in ("3", "x"):
        form = typed(desk, order_id, 0, step="give", expected="25600") | {
            name: units for name in typed(desk, order_id, 0) if name.startswith("units.")
        }
        answer = browser.post(path, form, headers={"accept-language": "en"})
        assert answer.status_code in (200, 409, 422)
        assert "So many units are not left" in text_of(answer)
    with merchant_scope(desk.shop.merchant_id):
        assert not Refund.objects.exists()
    unpaid = desk.url("give_back", order_id=earner.order())
    assert "Nothing can be given back" in text_of(browser.get(unpaid, headers={"accept-language": "en"}))


def test_promoter_and_buyer_are_told(earner: Earner, desk: Desk) -> None:
    order_id = earner.sell(3)
    with merchant_scope(desk.shop.merchant_id):
        pack_parcel(order_id, "all", "shunfeng", f"SF{uuid7().int % 10**10:010d}", actor=SYSTEM)
    earner.receive(order_id)
    desk.client(Role.SERVICE).post(
        desk.url("give_back", order_id=order_id), typed(desk, order_id, 2, step="give", expected="25600")
    )
    said = re.sub(r"\s+", " ", text_of(earner.phone().get(earner.url("order", order_id=order_id))))
    assert "It arrived damaged" in said
    assert "The buyer got ¥256.00 back." in said
    assert "−¥25.60" in said
    assert "Can still be given back" in said
    chinese = text_of(earner.phone("zh-hans").get(earner.url("order", order_id=order_id)))
    assert "买家拿回 ¥256.00" in chinese
    assert re.findall(r"[A-Za-z]{4,}", chinese.replace("English", "")) == []
    with merchant_scope(desk.shop.merchant_id):
        (line,) = order_story(order_id).lines
        assert (line.back_quantity, line.back_fen) == (2, 25_600)
        assert Order.objects.get(pk=order_id).state == "completed"
