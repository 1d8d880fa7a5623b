"""Files over a bad network, in Chromium: what was written and chosen stays, and counts once."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.faces.talk.support import Room, make_room
from tests.faces.talk.test_browser import let_in
from tests.support.browsing import on_the_phone
from tests.trade.reviews.support import a_photo
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.talk.models import MOST_LETTERS, Message

pytestmark = pytest.mark.browser


@pytest.fixture
def room() -> Room:
    return make_room()


def test_what_did_not_get_through_is_sent_again_with_its_files(
    room: Room, site: str, browser: Browser, tmp_path: Path
) -> None:
    photo = tmp_path / "tea.jpg"
    photo.write_bytes(a_photo(size=(640, 480)))
    phone = let_in(on_the_phone(browser, "talk-again"), room.buyer(), site)
    page, tries = phone.page, []

    def fails_once(route: Route) -> None:
        if route.request.method == "POST":
            tries.append(route.request.url)
        if len(tries) == 1 and route.request.method == "POST":
            return route.abort()
        return route.continue_()

    page.goto(site + room.shop())
    page.route("**/talk", fails_once)
    page.get_by_text("添加图片或视频").click()
    page.get_by_label("图片和视频").set_input_files(str(photo))
    box = page.get_by_role("textbox")
    box.fill("长" * (MOST_LETTERS - 1) + "好")
    send = page.get_by_role("button", name="发送")
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("请重新发送")
    expect(page.locator("[data-attach] li")).to_have_count(1)
    box.evaluate("(one, more) => { one.removeAttribute('maxlength'); one.value += more; }", "长")
    send.click()  # too long now: refused by the shop, and the file still stands there
    expect(page.get_by_role("alert")).to_contain_text("字")
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.locator("[data-attach] li")).to_have_count(1)
    box.fill("包装破了")
    send.dblclick()
    expect(page.locator(".bubble img")).to_have_count(1)
    expect(page.locator(".bubble-words")).to_have_text(["包装破了"])
    with merchant_scope(room.table.shop.merchant_id):
        assert Message.objects.count() == 1
    assert len(tries) == 3
    assert not phone.page.locator("[data-attach] li").count()
