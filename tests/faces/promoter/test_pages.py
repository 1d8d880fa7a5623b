"""The promoter's pages without a browser: what they show, to whom, and what they never read."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client

from tests.faces.promoter.support import VERSION, Earner, make_earner, make_promoted_shop
from tests.support.statements import sent_statements
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.operations import leave_promoter
from tongdao.reach.traffic.models import ShareLink
from tongdao.trade.orders.models import Order, OrderLine

PAGES = ("today", "share", "links", "orders", "me", "leave", "agreement", "guide", "join")
MONEY = ("income", "payouts", "payee")
PRIVATE = ("delivery_address", '"member"', "recipient", "purchase")


@pytest.fixture
def earner() -> Earner:
    return make_earner(make_promoted_shop())


@pytest.fixture
def busy(earner: Earner) -> tuple[Earner, UUID]:
    """One order in every stage; the one that is paid."""
    earner.order()
    paid = earner.sell(2)
    earner.complete(earner.sell())
    earner.cancel(earner.sell())
    return earner, paid


def line_of(earner: Earner, order_id: UUID) -> UUID:
    with merchant_scope(earner.shop.merchant_id):
        return OrderLine.objects.get(order_id=order_id).id


def text_of(answer: object) -> str:
    html = answer.content.decode()  # type: ignore[attr-defined]  # an answer of the test client
    body = html[html.index("<body") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"<script.*?</script>", " ", body, flags=re.S)))


def test_the_first_screen_says_what_was_earned_and_why(busy: tuple[Earner, UUID]) -> None:
    earner, _ = busy
    said = text_of(earner.phone().get(earner.url("today")))
    assert re.search(r"Estimated ¥12\.80 1 order is placed and not paid", said), said
    assert re.search(r"Held ¥25\.60 1 order is paid", said), said
    assert re.search(r"Released ¥12\.80 Yours, from 1 order", said), said
    assert "Say how you want to be paid" in said
    assert "4 visits in all" in said
    assert "2 orders in all" in said
    assert "¥38.40 in all" in said


def test_a_new_promoter_is_told_the_next_step(earner: Earner) -> None:
    with merchant_scope(earner.shop.merchant_id):
        ShareLink.objects.all().delete()
    said = text_of(earner.phone().get(earner.url("today")))
    assert said.count("¥0.00") == 3
    assert "Make your first link" in said
    assert "Nobody has come by your links yet" in said


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", [*PAGES, *MONEY])
def test_each_page_is_whole_in_both_languages(busy: tuple[Earner, UUID], page: str, language: str) -> None:
    earner, order_id = busy
    phone = earner.phone(language)
    answer = phone.get(earner.url(page))
    if page == "join":
        assert answer["Location"] == earner.url("today")
        answer = Client(headers={"accept-language": language}).get(earner.url("join"))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    if language == "en":
        return
    said = text_of(answer) + text_of(phone.get(earner.url("order", order_id=order_id)))
    english = re.findall(r"[A-Za-z]{4,}", said.replace("English", ""))
    assert english == [], "not translated"


def test_an_order_is_opened_down_to_line_and_rate(busy: tuple[Earner, UUID]) -> None:
    earner, order_id = busy
    said = text_of(earner.phone().get(earner.url("order", order_id=order_id)))
    assert "10 % of ¥256.00 paid (plan 1.1)" in said
    assert "¥25.60" in said
    assert "Paid. The shop is to ship it." in said
    assert "Waits to be shipped" in said


def test_orders_are_listed_by_stage(busy: tuple[Earner, UUID]) -> None:
    earner, _ = busy
    phone = earner.phone()
    counts = {
        stage: phone.get(earner.url("orders"), {"stage": stage}).content.decode().count('class="card"')
        for stage in ("", "estimated", "held", "released", "over", "nonsense")
    }
    assert counts == {"": 4, "estimated": 1, "held": 1, "released": 1, "over": 1, "nonsense": 4}
    over = text_of(phone.get(earner.url("orders"), {"stage": "over"}))
    assert "The buyer gets the money back" in over


def test_of_buyers_nothing_is_read(busy: tuple[Earner, UUID]) -> None:
    """Not shown is not enough: no statement asks for it."""
    earner, order_id = busy
    phone = earner.phone()
    with sent_statements() as sent:
        for page in [*PAGES, *MONEY]:
            phone.get(earner.url(page))
        phone.get(earner.url("income_line", line_id=line_of(earner, order_id)))
        said = text_of(phone.get(earner.url("order", order_id=order_id)))
    own = [one for one in sent if '"person"' not in one and "promoter_consent" not in one]
    asked = [one for one in own if any(word in one for word in PRIVATE)]
    assert asked == []
    of_orders = [one for one in sent if '"order"' in one]
    assert of_orders
    assert not [one for one in of_orders if "person_id" in one]
    with merchant_scope(earner.shop.merchant_id):
        number = Order.objects.get(pk=order_id).number
    assert number not in said
    assert number[-6:] in said
    assert "林小满" not in said
    assert "13812345678" not in said


def test_what_is_chosen_gets_one_link_for_each_entrance(earner: Earner) -> None:
    phone = earner.phone()
    first = phone.post(earner.url("share"), {"channel": "chat"})
    again = phone.post(earner.url("share"), {"channel": "chat"})
    poster = phone.post(earner.url("share"), {"channel": "poster"})
    odd = phone.post(earner.url("share"), {"channel": "no such entrance"})
    assert first["Location"] == again["Location"] == odd["Location"] != poster["Location"]
    page = phone.get(first["Location"]).content.decode()
    with merchant_scope(earner.shop.merchant_id):
        token = ShareLink.objects.get(channel="chat").token
    assert f"/l/{token}" in page
    assert "data:image/png;base64," in page
    assert "[Ad]" in page


def test_in_wechat_the_page_says_how_to_send(earner: Earner) -> None:
    phone = earner.phone()
    url = phone.post(earner.url("share"), {"channel": "chat"})["Location"]
    plain = text_of(phone.get(url))
    wechat = text_of(phone.get(url, headers={"user-agent": "Mozilla/5.0 MicroMessenger/8.0.50"}))
    assert "Do not send this page itself" in wechat
    assert "Do not send this page itself" not in plain


def test_who_has_not_agreed_makes_no_link() -> None:
    earner = make_earner(make_promoted_shop(), agreed=False)
    phone = earner.phone()
    assert phone.get(earner.url("share"))["Location"] == earner.url("agreement")
    assert phone.post(earner.url("share"), {"channel": "chat"})["Location"] == earner.url("agreement")
    assert "Read the agreement" in text_of(phone.get(earner.url("today")))
    refused = phone.post(earner.url("agreement"), {"version": VERSION, "agreed": "on"})
    assert refused.status_code == 422
    phone.post(earner.url("agreement"), {"version": VERSION, "agreed": "on", "of_age": "on"})
    assert phone.get(earner.url("share")).status_code == 200


def test_leaving_says_before_what_becomes_of_each_amount(busy: tuple[Earner, UUID]) -> None:
    earner, order_id = busy
    phone = earner.phone()
    said = text_of(phone.get(earner.url("leave")))
    assert "Released: ¥12.80 stays yours" in said
    assert "Held: ¥25.60 goes on as usual" in said
    assert "Estimated: ¥12.80 counts for you" in said
    after = phone.post(earner.url("leave"), follow=True)
    assert "You have left" in text_of(after)
    earner.complete(order_id)
    later = text_of(phone.get(earner.url("today")))
    assert "Released ¥38.40" in later
    assert phone.get(earner.url("share"))["Location"] == earner.url("today")
    assert phone.get(earner.url("join")).status_code == 200


def test_an_end_by_the_desk_is_seen_too(earner: Earner) -> None:
    with merchant_scope(earner.shop.merchant_id):
        leave_promoter(earner.promoter_id, actor=earner.shop.owner)
    assert "You left on" in text_of(earner.phone().get(earner.url("today")))


@pytest.mark.parametrize("page", ["today", "share", "links", "orders", "me", "leave", "agreement", *MONEY])
def test_strangers_are_led_to_the_door(earner: Earner, page: str) -> None:
    url = earner.url(page)
    assert Client().get(url)["Location"].startswith("/promote/sign-in?next=")
    sent = Client().post(url)
    assert sent.status_code == 405 or sent["Location"] == "/promote/sign-in"
    other = make_earner(make_promoted_shop())
    assert other.phone().get(url)["Location"] == earner.url("join")
