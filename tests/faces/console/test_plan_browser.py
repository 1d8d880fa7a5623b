"""The commission plan in Chromium: rules put in order without scripts, versions, and a draft tried."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from tests.faces.console.support import Desk, make_desk, paid_order
from tests.faces.console.test_promotion_browser import enter, look
from tests.support.browsing import Visitor, at_the_desk, on_the_phone
from tests.terms.plans.support import an_earner, brought
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.drafting import draft_now, put_draft
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.operations import publish_plan, set_plan

pytestmark = pytest.mark.browser
GRADES = [Grade("银牌", Fen(100_000)), Grade("金牌", Fen(500_000), 300)]


def filled_desk() -> Desk:
    """A plan in force, one that waits, a draft, and a month of sales by three promoters."""
    desk = make_desk((12_800, 6_800, 29_900), stock=500)
    shop = desk.shop
    with clock.shifted(timedelta(days=-25)):
        with merchant_scope(shop.merchant_id):
            set_plan(1_000, actor=shop.owner)
        visitors = [brought(shop, an_earner(shop), where) for where in ("moments", "weibo", "video")]
    for number in range(12):
        with clock.shifted(timedelta(days=-2 * number)):
            skus = shop.skus[number % 3 : number % 3 + 1]
            paid_order(shop, number % 4 + 1, visitor=visitors[number % 3], skus=skus)
    begins = clock.now() + timedelta(days=7)
    rules = [
        Rule(rate_bps=1_500, sku_id=shop.skus[0], least_fen=Fen(500), most_fen=Fen(3_000)),
        Rule(unit_fen=Fen(800), channel="weibo", budget_fen=Fen(20_000)),
        Rule(rate_bps=1_200, channel="moments", grade="金牌", ends_at=begins + timedelta(days=30)),
        Rule(rate_bps=800),
    ]
    with merchant_scope(shop.merchant_id):
        publish_plan(rules, GRADES, effective_from=begins, why="双十二前调整", actor=shop.owner)
        put_draft([rules[1], rules[0], rules[3]], GRADES, seen=0)
    return desk


def looks(visitor: Visitor, desk: Desk, site: str) -> None:
    """Each page, after what is there to open was opened."""
    enter(visitor, desk, site)
    page = visitor.page
    for name in ("plan", "plan_draft", "plan_rule", "plan_grades", "plan_publish", "plan_trial"):
        page.goto(site + desk.url(name))
        look(visitor, name)
    page.goto(site + desk.url("plan"))
    page.locator("table a").first.click()
    page.wait_for_url("**/versions/**")
    look(visitor, "plan_version")


@pytest.mark.parametrize("dark", [False, True])
def test_each_page_is_looked_at(browser: Browser, site: str, dark: bool) -> None:
    desk, tone = filled_desk(), "dark" if dark else "light"
    looks(on_the_phone(browser, f"plan-phone-{tone}", dark=dark), desk, site)
    looks(at_the_desk(browser, f"plan-desk-{tone}", dark=dark), desk, site)


def test_in_english(browser: Browser, site: str) -> None:
    desk, clerk = filled_desk(), at_the_desk(browser, "plan-english")
    clerk.page.set_extra_http_headers({"Accept-Language": "en"})
    enter(clerk, desk, site)
    for name in ("plan", "plan_draft", "plan_trial"):
        clerk.page.goto(site + desk.url(name))
        look(clerk, name)


def test_rules_are_put_in_order_on_a_phone_without_scripts(browser: Browser, site: str) -> None:
    desk, clerk = filled_desk(), on_the_phone(browser, "plan-scriptless", scripts=False)
    enter(clerk, desk, site)
    page = clerk.page
    page.goto(site + desk.url("plan_draft"))
    page.get_by_role("button", name="规则 1 下移").click()
    expect(page.locator(".plan-rule").nth(1)).to_contain_text("微博")
    page.get_by_role("link", name="加一条规则").click()
    page.select_option("[name=channel]", "video")
    page.fill("[name=rate]", "60")
    page.get_by_role("button", name="存入草稿").click()
    expect(page.locator("[role=alert]")).to_contain_text("50%")
    page.fill("[name=rate]", "20")
    page.get_by_role("button", name="存入草稿").click()
    page.wait_for_url("**/draft")
    picture = clerk.picture
    picture("draft")
    with merchant_scope(desk.shop.merchant_id):
        assert [rule.channel for rule in draft_now().rules] == ["", "weibo", "video", ""]


def test_the_promoter_reads_rules_and_grade(browser: Browser, site: str) -> None:
    shop = make_desk((12_800,)).shop
    rules = [Rule(rate_bps=1_500, sku_id=shop.skus[0], budget_fen=Fen(9_000)), Rule(unit_fen=Fen(300))]
    with merchant_scope(shop.merchant_id):
        publish_plan(rules, GRADES, actor=shop.owner)
    reader = on_the_phone(browser, "plan-promoter")
    reader.page.goto(site + reverse("promoter:guide", kwargs={"slug": shop.slug}))
    expect(reader.page.locator(".pay-rows")).to_contain_text("15%")
    look(reader, "guide")
