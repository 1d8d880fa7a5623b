"""A promoter says how to be paid, staff approve, the promoter takes it in WeChat, and it has arrived."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faces.promoter.support import SHARE, Earner, make_earner, make_promoted_shop
from tests.faces.promoter.test_browser import WECHAT_AGENT, a_phone, enter, look
from tests.faces.promoter.test_income import give_back
from tests.rewards.settlement.cashier import Cashier
from tests.support.browsing import PHONE_AGENT, Visitor
from tests.support.paying import PaySandbox
from tests.support.wechat import WechatSandbox
from tests.support.wechat_shop import connect_app
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token, uuid7
from tongdao.party.merchants.models import WechatKind
from tongdao.party.people.wechat import attach
from tongdao.party.people.wechat.gateway import Seen

pytestmark = pytest.mark.browser
WITHIN = 15_000  # milliseconds: the sandbox's own delay, its notification, and two looks of the page


def make_desk(sandbox: PaySandbox, *, units: int = 2) -> Cashier:
    """A promoter with so much due, known to WeChat, who has not said how to be paid."""
    shop = make_promoted_shop(1_000)
    sandbox.connect(shop)
    earner = make_earner(shop)
    attach(earner.person.pk, Seen(sandbox.papers["appid"], f"o{token(27)}", ""))
    if units:
        earner.complete(earner.sell(units))
    return Cashier(earner, sandbox, Actor("staff", uuid7()))


@pytest.mark.parametrize("inside", [False, True], ids=["elsewhere", "in-wechat"])
def test_from_due_to_paid(
    site: str, browser: Browser, sandbox: PaySandbox, wechat: WechatSandbox, inside: bool
) -> None:
    desk = make_desk(sandbox)
    connect_app(desk.earner.shop, wechat, WechatKind.OFFICIAL, "tea", appid=sandbox.papers["appid"])
    visitor = on_a_phone(browser, inside)
    enter(visitor, desk.earner, site)
    page = visitor.page
    say_payee(visitor, site, desk.earner)
    desk.approve(desk.propose())
    desk.send()
    page.goto(site + desk.earner.url("today"))
    page.get_by_role("link", name="收款").first.click()
    look(visitor, "payout-waiting")
    page.get_by_role("link", name="收取 ¥25.60").click()
    look(visitor, "take")
    if inside:
        page.locator("[data-again]").click()
    else:
        page.get_by_role("link", name="打开沙箱页面").click()
    page.wait_for_url(re.compile("/transfer/confirm"))
    page.locator("[name=action][value=take]").click()
    page.wait_for_url(re.compile(r"/payouts/.*waiting=1"))
    expect(page.locator("#payout .tag").first).to_have_text("已付出", timeout=WITHIN)
    visitor.complaints.clear()  # of the sandbox's own page
    look(visitor, "payout-paid")
    assert desk.stands() == {"external.payee": 2 * SHARE}
    page.goto(site + desk.earner.url("income"))
    expect(page.locator("main")).to_contain_text("已到你手中")
    look(visitor, "income-paid")


def on_a_phone(browser: Browser, inside: bool) -> Visitor:
    """`inside`: WeChat's own browser, with the sandbox's bridge for the one that WeChat brings along."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        user_agent=WECHAT_AGENT if inside else PHONE_AGENT,
        has_touch=True,
        is_mobile=True,
        bypass_csp=inside,  # of the site of tests, which names no sandbox
    )
    return Visitor(context, f"promoter-payout-{'inside' if inside else 'outside'}")


def say_payee(visitor: Visitor, site: str, earner: Earner) -> None:
    page = visitor.page
    page.goto(site + earner.url("today"))
    page.get_by_role("link", name="我怎样收款").click()
    look(visitor, "payee-empty")
    expect(page.locator(".of-bank")).to_be_hidden()
    page.get_by_text("银行卡", exact=True).click()
    expect(page.locator(".of-bank")).to_be_visible()
    page.get_by_text("微信", exact=True).click()
    page.fill("[name=real_name]", "何小禾")
    page.get_by_label("我同意").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_contain_text("已保存")


@pytest.mark.parametrize("full", [False, True], ids=["empty", "full"])
@pytest.mark.parametrize("dark", [False, True], ids=["zh-light", "en-dark"])
def test_each_page_of_money_fits(
    site: str, browser: Browser, sandbox: PaySandbox, dark: bool, full: bool
) -> None:
    desk = make_desk(sandbox, units=0)
    language = "en-US" if dark else "zh-CN"
    name = f"money-{language[:2]}-{'full' if full else 'empty'}"
    visitor = a_phone(browser, name, dark=dark, language=language)
    enter(visitor, desk.earner, site)
    pages = [desk.earner.url(page) for page in ("income", "payouts", "payee")]
    if full:
        pages += fill(desk, site, visitor.page)
    for url in pages:
        visitor.page.goto(site + url)
        look(visitor, "-".join(url.strip("/").split("/")[2:])[:24])
    wide = Visitor(
        browser.new_context(
            viewport={"width": 1440, "height": 900},
            locale=language,
            color_scheme="dark" if dark else "light",
        ),
        f"{name}-wide",
    )
    enter(wide, desk.earner, site)
    for url in pages:
        wide.page.goto(site + url)
        wide.picture("-".join(url.strip("/").split("/")[2:])[:24])
    assert wide.complaints == []


def fill(desk: Cashier, site: str, page: Page) -> list[str]:
    """Something in each state: paid, clawed back and owed, made good, on its way, held, estimated, over."""
    earner = desk.earner
    page.goto(site + earner.url("payee"))
    page.fill("[name=real_name]", "何小禾")
    page.locator("[name=agreed]").check()
    page.locator("form.payee .button-primary").click()
    first = earner.sell(3)
    earner.complete(first)
    desk.approve(desk.propose())
    desk.send()
    desk.end(desk.transfers()[-1], "SUCCESS")
    give_back(earner, first, 2)
    second = earner.sell(1)
    earner.complete(second)
    earner.complete(earner.sell(12))
    desk.approve(desk.propose())
    desk.send()
    earner.complete(earner.sell(2))
    earner.sell(4)
    earner.order(2)
    earner.cancel(earner.sell(5))
    assert_ledger_sound(desk.merchant_id)
    return ways(earner)


def ways(earner: Earner) -> list[str]:
    """The line that owed, the one that gave, both payouts, and taking."""
    phone = earner.phone()
    found: list[str] = []
    for page, pattern in (("income", r'href="([^"]+/income/[0-9a-f-]{36})"'), ("payouts", None)):
        html = phone.get(earner.url(page)).content.decode()
        found += re.findall(pattern or r'href="([^"]+/payouts/[0-9a-f-]{36})"', html)
    waiting = next(url for url in found if "/payouts/" in url)
    take = re.findall(r'href="([^"]+/take/[0-9a-f-]{36})"', phone.get(waiting).content.decode())
    return [*found, take[0]]
