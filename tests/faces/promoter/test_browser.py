"""A promoter's first week on a phone, and each page: empty, full, light, dark, in both languages."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from tests.faces.console.test_freight_browser import TOO_SMALL, TOO_WIDE
from tests.faces.promoter.support import PASSWORD, VERSION, Earner, make_earner, make_promoted_shop
from tests.faces.shop.browsing import DESK
from tests.faces.shop.goods import add_product, put_picture
from tests.support.browsing import PHONE_AGENT, Visitor, on_the_phone
from tests.support.builders import Shop
from tests.support.paying import PaySandbox
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.models import Promoter, PromoterConsent
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import PaymentAttempt

pytestmark = pytest.mark.browser
WECHAT_AGENT = f"{PHONE_AGENT} MicroMessenger/8.0.50"
KEPT = """
(async () => {
  const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const lists = await Promise.all(stores.map((store) => store.keys()));
  return lists.flat().map((request) => new URL(request.url).pathname);
})()
"""
PAGES = ("today", "share", "links", "orders", "me", "agreement", "guide", "leave")


def look(visitor: Visitor, what: str) -> None:
    """Nothing sticks out, everything can be hit with a thumb, the browser does not complain."""
    visitor.picture(what)
    assert visitor.page.evaluate(TOO_WIDE) <= 0, what
    assert visitor.page.evaluate(TOO_SMALL) == [], what
    assert visitor.complaints == []


def enter(visitor: Visitor, earner: Earner, site: str) -> None:
    """The promoter is signed in on this phone."""
    name = settings.SESSION_COOKIE_NAME
    cookie = earner.phone().cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": cookie, "url": site}])


def a_phone(browser: Browser, name: str, *, dark: bool, language: str, agent: str = PHONE_AGENT) -> Visitor:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale=language,
        user_agent=agent,
        color_scheme="dark" if dark else "light",
        has_touch=True,
        is_mobile=True,
    )
    return Visitor(context, name)


@pytest.fixture
def shop(sandbox: PaySandbox) -> Shop:
    """With a picture and a long title, and payments through the sandbox."""
    made = make_promoted_shop()
    sandbox.connect(made)
    pictures = [put_picture("cup-1.svg")]
    add_product(made, "cup", "雨青釉盖碗", {("180 ml",): (16_800, 50)}, options=["容量"], pictures=pictures)
    add_product(made, "long", "长" * 120, {("一",): (999_999_900, 5)}, options=["规格"])
    return made


def test_a_promoters_first_week(site: str, browser: Browser, shop: Shop, sandbox: PaySandbox) -> None:
    promoter = on_the_phone(browser, "promoter-week")
    page = promoter.page
    join(promoter, site, shop)
    url = make_link(promoter)
    buy_by(browser, site, url)
    page.get_by_role("link", name="今天").last.click()
    expect(page.locator(".estimated .figure")).to_have_text("¥16.80")
    look(promoter, "estimated")

    with merchant_scope(shop.merchant_id):
        trade_no = PaymentAttempt.objects.get().trade_no
        number = Order.objects.get().number
    sandbox.pay(trade_no)
    page.reload()
    expect(page.locator(".held .figure")).to_have_text("¥16.80")
    expect(page.locator(".estimated .figure")).to_have_text("¥0.00")
    look(promoter, "held")
    page.locator(".held").click()
    expect(page.get_by_text(number[-6:])).to_be_visible()
    page.locator("a.card").first.click()
    expect(page.locator("main")).to_contain_text("实付 ¥168.00 的 10%")
    assert number not in page.inner_text("body")
    assert "林小满" not in page.content()
    look(promoter, "order")
    leave(promoter, shop)


def join(promoter: Visitor, site: str, shop: Shop) -> None:
    """Free of charge, in one form; without the ticks nothing is stored."""
    page = promoter.page
    page.goto(f"{site}/promote/{shop.slug}/join")
    expect(page.locator("main")).to_contain_text("不收费")
    look(promoter, "join")
    page.fill("[name=shown_name]", "小禾")
    page.fill("[name=sign_in_name]", f"{token(10)}@example.com")
    page.fill("[name=password]", PASSWORD)
    page.get_by_label("我已阅读并同意上面的协议").check()
    page.locator("form").first.evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="免费加入").click()
    expect(page.locator(".notice-error")).to_be_visible()
    promoter.complaints.clear()  # of the status 422
    look(promoter, "join-refused")
    with merchant_scope(shop.merchant_id):
        assert not Promoter.objects.exists()
    page.fill("[name=password]", PASSWORD)
    page.get_by_label("我已年满 18 周岁").check()
    page.get_by_role("button", name="免费加入").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("今天")
    look(promoter, "empty")
    with merchant_scope(shop.merchant_id):
        said = PromoterConsent.objects.select_related("agreement").get()
    assert (said.age_from, said.version, said.agreement.language) == (18, VERSION, "zh-hans")


def make_link(promoter: Visitor) -> str:
    """Two taps: what, and send. The address that is sent."""
    page = promoter.page
    page.get_by_role("link", name="选一样").click()
    look(promoter, "share")
    page.get_by_role("button", name=re.compile("雨青釉盖碗")).click()
    page.wait_for_url(re.compile(r"/links/[0-9a-f-]{36}$"))
    look(promoter, "link")
    sent = page.locator(".copy input").input_value()
    assert sent.startswith("【广告】 雨青釉盖碗 ¥168.00 http")
    return sent.split()[-1]


def buy_by(browser: Browser, site: str, url: str) -> None:
    """Somebody opens the link and orders; the payment waits for its code to be scanned."""
    buyer = a_phone(browser, "promoter-buyer", dark=False, language="zh-CN", agent=DESK)
    page = buyer.page
    page.goto(site + "/l/" + url.rsplit("/", 1)[-1])
    expect(page.get_by_text("小禾")).to_be_visible()
    page.get_by_role("link", name="立即购买").click()
    page.locator("#choose").get_by_role("button", name="立即购买").click()
    page.wait_for_url("**/checkout?**")
    page.fill("[name=recipient]", "林小满")
    page.fill("[name=phone]", "13812345678")
    page.fill("[name=detail]", "文三路 90 号")
    for name, code in (("province", "330000"), ("city", "330100"), ("county", "330106")):
        page.locator(f"[name={name}]").select_option(code)
        expect(page.locator(f"[name={name}]")).to_have_value(code)
    page.get_by_role("button", name="提交并支付").click()
    page.wait_for_url("**/scan")


def leave(promoter: Visitor, shop: Shop) -> None:
    page = promoter.page
    page.get_by_role("link", name="我的").last.click()
    look(promoter, "me")
    page.get_by_role("link", name="不再推广").click()
    expect(page.locator("main")).to_contain_text("待结算：¥16.80 照常进行")
    look(promoter, "leave")
    page.get_by_role("button", name="现在退出").click()
    expect(page.get_by_role("status")).to_contain_text("你已退出")
    expect(page.locator(".held .figure")).to_have_text("¥16.80")
    look(promoter, "left")
    with merchant_scope(shop.merchant_id):
        assert Promoter.objects.get().left_at is not None


@pytest.mark.parametrize("full", [False, True], ids=["empty", "full"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_each_page_fits_the_phone(
    site: str, browser: Browser, shop: Shop, language: str, dark: bool, full: bool
) -> None:
    earner = make_earner(shop, name="名" * 40 if full else "禾")
    name = f"promoter-{language[:2]}-{'dark' if dark else 'light'}-{'full' if full else 'empty'}"
    visitor = a_phone(browser, name, dark=dark, language=language)
    enter(visitor, earner, site)
    pages = [earner.url(page) for page in PAGES]
    if full:
        earner.order()
        earner.complete(earner.sell())
        earner.cancel(earner.sell())
        pages.append(earner.url("order", order_id=earner.sell(3)))
    for url in [*pages, "/promote/security", "/promote/security/password"]:
        visitor.page.goto(site + url)
        look(visitor, "-".join(url.strip("/").split("/")[1:])[-40:])


def test_inside_wechat_the_link_says_how_to_send(site: str, browser: Browser, shop: Shop) -> None:
    earner = make_earner(shop)
    visitor = a_phone(browser, "promoter-wechat", dark=False, language="zh-CN", agent=WECHAT_AGENT)
    enter(visitor, earner, site)
    visitor.page.goto(site + earner.url("share"))
    visitor.page.get_by_role("button", name=re.compile("整家店")).click()
    expect(visitor.page.locator("main")).to_contain_text("在微信里")
    look(visitor, "link")


def test_without_network_there_is_a_page_and_no_amount(site: str, browser: Browser, shop: Shop) -> None:
    earner = make_earner(shop)
    earner.sell()
    visitor = a_phone(browser, "promoter-offline", dark=False, language="zh-CN")
    enter(visitor, earner, site)
    page = visitor.page
    page.goto(site + earner.url("today"))
    expect(page.locator(".held .figure")).to_have_text("¥12.80")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = page.evaluate(KEPT)
    assert [path for path in kept if not path.startswith("/static/")] == ["/promote/offline"]
    page.context.set_offline(True)
    page.goto(site + earner.url("today"))
    visitor.complaints.clear()  # of the network
    expect(page.get_by_role("heading", level=1)).to_have_text("没有网络")
    assert "12.80" not in page.content()
    visitor.picture("page")
    page.context.set_offline(False)
    page.get_by_role("link").last.click()
    expect(page.locator(".held .figure")).to_have_text("¥12.80")


def test_it_can_be_installed(site: str, browser: Browser, shop: Shop) -> None:
    earner = make_earner(shop)
    visitor = a_phone(browser, "promoter-manifest", dark=False, language="zh-CN")
    enter(visitor, earner, site)
    visitor.page.goto(site + earner.url("today"))
    session = visitor.page.context.new_cdp_session(visitor.page)
    found = session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert '"start_url": "/promote/"' in found["data"]
    icons = re.findall(r'"src": "([^"]+)"', found["data"])
    assert len(icons) == 3
    assert all(visitor.page.request.get(site + icon).ok for icon in icons)
