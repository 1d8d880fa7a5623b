"""A review from the order to the product's page, on a phone in real Chromium, with and without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, expect

from tests.faces.shop.test_browser import TOO_SMALL
from tests.faces.shop.test_reviews import signed_in
from tests.faces.shop.visits import SCREEN, Visit
from tests.support.builders import Shop
from tests.trade.reviews.support import a_buyer, a_photo, a_review, received_lines
from tongdao.foundation.actors import Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.reviews.models import Review
from tongdao.trade.reviews.operations import answer_review, fold_review

pytestmark = pytest.mark.browser


def phone(browser: Browser, *, scripts: bool = True) -> BrowserContext:
    return browser.new_context(
        viewport=SCREEN, locale="zh-CN", java_script_enabled=scripts, is_mobile=True, has_touch=True
    )


def sign_in(context: BrowserContext, site: str, buyer: Actor) -> None:
    """The session of a browser in which this buyer is signed in."""
    session = signed_in(buyer).client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_order_to_the_products_page(
    site: str, browser: Browser, shop: Shop, tmp_path: Path, scripts: bool
) -> None:
    buyer = a_buyer()
    [line] = received_lines(shop, buyer)
    files = [tmp_path / f"{number}.jpg" for number in range(2)]
    for file in files:
        file.write_bytes(a_photo())
    context = phone(browser, scripts=scripts)
    sign_in(context, site, buyer)
    visit = Visit(context)
    page = visit.page
    page.goto(f"{site}/s/{shop.slug}/me")
    page.get_by_role("link", name="我的评价 1").click()
    page.get_by_role("link", name="去评价").click()
    page.get_by_label("很满意").check(force=True)
    page.get_by_label("评价内容").fill("汤色透亮，三泡之后更甜。")
    page.locator("[name=pictures]").set_input_files(files)
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("谢谢，您的评价已发布。")).to_be_visible()
    expect(page.locator(".review img")).to_have_count(2)
    page.goto(f"{site}/s/{shop.slug}/p/tea-1")
    expect(page.get_by_text("汤色透亮，三泡之后更甜。")).to_be_visible()
    expect(page.get_by_text("5.0", exact=True)).to_be_visible()
    assert visit.complaints == []
    with merchant_scope(shop.merchant_id):
        assert OrderLine.objects.get(pk=line).reviews.get().pictures == 2


def test_a_folded_one_opens_by_a_tap(site: str, browser: Browser, shop: Shop) -> None:
    review = a_review(shop, text="加我微信买更便宜")
    with merchant_scope(shop.merchant_id):
        fold_review(review.id, reason="advertising", actor=shop.owner)
    page = Visit(phone(browser)).page
    page.goto(f"{site}/s/{shop.slug}/p/tea-1/reviews")
    words = page.get_by_text("加我微信买更便宜")
    expect(words).to_be_hidden()
    page.get_by_text("已被商家折叠：广告推销").click()
    expect(words).to_be_visible()


def test_nothing_is_too_small_for_a_thumb_or_too_wide(site: str, browser: Browser, shop: Shop) -> None:
    review = a_review(shop, pictured=True)
    with merchant_scope(shop.merchant_id):
        answer_review(review.id, "谢谢您，欢迎再来。", actor=shop.owner)
        writer = Actor("person", Review.objects.get().person_id)
    waiting = received_lines(shop, writer)[0]
    context = phone(browser)
    sign_in(context, site, writer)
    visit = Visit(context)
    forms = (f"lines/{waiting}/review", f"reviews/{review.id}/follow-up")
    for path in ("p/tea-1", "p/tea-1/reviews", "reviews", *forms):
        visit.page.goto(f"{site}/s/{shop.slug}/{path}")
        assert visit.page.evaluate(TOO_SMALL) == [], path
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], path
    assert visit.complaints == []
