"""A conversation in Chromium: buyer and promoter on their phones, a clerk at the desk by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from tests.faces.console.test_freight_browser import TOO_SMALL, TOO_WIDE
from tests.faces.talk.support import Room, make_room
from tests.support.browsing import Visitor, at_the_desk, on_the_phone
from tests.trade.reviews.support import a_photo
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.talk.operations import QuickDraft, add_quick_answer

pytestmark = pytest.mark.browser


@pytest.fixture
def room() -> Room:
    made = make_room()
    with merchant_scope(made.table.shop.merchant_id):
        for title, text in (("已发出", "订单 {order} 已发出：{parcel}"), ("请稍等", "正在为您查，请稍等。")):
            add_quick_answer(QuickDraft(title, text), actor=made.table.clerk)
    return made


def let_in(visitor: Visitor, client: Client, site: str) -> Visitor:
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": value, "url": site}])
    return visitor


def fits(visitor: Visitor) -> None:
    assert visitor.page.evaluate(TOO_WIDE) <= 0
    assert visitor.page.evaluate(TOO_SMALL) == []


def test_a_buyer_and_a_clerk_talk_with_a_picture(
    room: Room, site: str, browser: Browser, tmp_path: Path
) -> None:
    photo = tmp_path / "tea.jpg"
    photo.write_bytes(a_photo(size=(640, 480)))
    phone = let_in(on_the_phone(browser, "talk-buyer"), room.buyer(), site)
    desk = let_in(at_the_desk(browser, "talk-clerk"), room.clerk(), site)
    page = phone.page
    page.goto(site + room.shop("order"))
    page.get_by_role("link", name="联系店家").click()
    page.get_by_text("添加图片或视频").click()
    page.get_by_label("图片和视频").set_input_files(str(photo))
    page.get_by_role("textbox").fill("包装破了，怎么办？")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("包装破了，怎么办？")).to_be_visible()
    picture = page.locator(".bubble img")
    expect(picture).to_be_visible()
    assert (
        picture.evaluate("one => one.complete && one.naturalWidth > 0") or page.wait_for_timeout(500) is None
    )
    fits(phone)
    phone.picture("asked")

    work = desk.page
    work.goto(site + room.desk.url("talks"))
    desk.picture("list")
    work.keyboard.press("j")
    work.keyboard.press("Enter")
    expect(work.get_by_text("包装破了，怎么办？")).to_be_visible()
    expect(page.locator(".bubble-foot", has_text="已读")).to_be_visible()  # it came by itself
    work.keyboard.press("2")
    expect(work.get_by_role("textbox", name="您的回复")).to_have_value("正在为您查，请稍等。")
    desk.picture("answering")
    work.keyboard.press("Control+Enter")
    expect(work.locator(".bubble-mine")).to_have_count(1)
    expect(
        page.locator(".bubble", has_text="正在为您查")
    ).to_be_visible()  # so did this, while the page lay there
    work.keyboard.press("r")
    expect(work.get_by_role("textbox", name="您的回复")).to_be_focused()
    assert work.evaluate(TOO_WIDE) <= 0
    assert phone.complaints == [] and desk.complaints == []


def test_what_one_writes_stays_while_news_come(room: Room, site: str, browser: Browser) -> None:
    phone = let_in(on_the_phone(browser, "talk-typing"), room.buyer(), site)
    phone.page.goto(site + room.shop())
    phone.page.get_by_role("textbox").fill("写到一半")
    room.table.answer("店家先说")
    expect(phone.page.locator(".bubble", has_text="店家先说")).to_be_visible()
    expect(phone.page.get_by_role("textbox")).to_have_value("写到一半")
    assert phone.complaints == []


def test_it_works_without_scripts(room: Room, site: str, browser: Browser) -> None:
    phone = let_in(on_the_phone(browser, "talk-plain", scripts=False), room.buyer(), site)
    phone.page.goto(site + room.shop())
    phone.page.get_by_role("textbox").fill("还有货吗？")
    phone.page.get_by_role("button", name="发送").click()
    phone.page.wait_for_url(re.compile("#say$"))
    assert "还有货吗？" in phone.page.inner_text("#talk")


def test_the_promoter_answers_on_the_phone(room: Room, site: str, browser: Browser) -> None:
    room.table.ask("我的号码 13812345678，好喝吗？", promoter=True)
    phone = let_in(
        on_the_phone(browser, "talk-promoter", dark=True), room.table.earner.phone("zh-hans"), site
    )
    phone.page.goto(site + room.promote("order"))
    phone.page.get_by_role("link", name="买家咨询").click()
    expect(phone.page.locator(".bubble", has_text="我的号码 ***，好喝吗？")).to_be_visible()
    phone.page.get_by_role("textbox").fill("好喝，回甘。")
    phone.page.get_by_role("button", name="发送").click()
    expect(phone.page.locator(".bubble", has_text="好喝，回甘。")).to_be_visible()
    fits(phone)
    phone.picture("answered")
    assert phone.complaints == []
