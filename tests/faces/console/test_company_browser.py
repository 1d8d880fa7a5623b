"""The company's pages in Chromium: desk and phone, light and dark, Chinese and English, empty and filled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.faces.console.support import Desk, make_desk
from tests.faces.console.test_freight_browser import TOO_WIDE
from tests.support.browsing import Visitor, at_the_desk, on_the_phone
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.party.merchants.models import AgreementKind, Role
from tongdao.party.merchants.operations import (
    add_licence,
    create_role,
    edit_storefront,
    invite_staff,
    publish_agreement,
)
from tongdao.party.merchants.operations.agreements import AgreementDraft
from tongdao.party.merchants.operations.licences import LicenceDraft

pytestmark = pytest.mark.browser
LISTS = ("home", "staff", "roles", "company", "licences", "agreements", "pages", "brands", "changes")
FORMS = ("staff_invite", "role_new", "page_new", "licence_new", "agreement_new", "settings")


def enter(visitor: Visitor, desk: Desk, site: str) -> None:
    name = settings.SESSION_COOKIE_NAME
    cookie = desk.client().cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": cookie, "url": site}])


def fill(desk: Desk) -> None:
    """Something of everything, some of it long."""
    shop, today = desk.shop, clock.today()
    desk.client(Role.SERVICE)
    with merchant_scope(shop.merchant_id):
        create_role("门店值班经理（周末）", ["orders.read", "orders.ship", "goods.read"], actor=shop.owner)
        invite_staff(Role.FINANCE, "小周", actor=shop.owner)
        for kind, days in (("food_business", 6), ("publication_business", 45), ("drug_business", -3)):
            ends = today + timedelta(days=days)
            draft = LicenceDraft(
                kind, f"JY1350100{days:04}", "山间茶舍有限公司", today.replace(year=2020), ends
            )
            add_licence(draft, actor=shop.owner)
        begins = clock.now() + timedelta(days=8)
        text = AgreementDraft(AgreementKind.TERMS, "山间茶舍服务协议", "<h2>一</h2><p>甲方</p>", begins)
        publish_agreement(text, actor=shop.owner)
        accent = {"accent": "#2f6f5e", "domain": f"{shop.slug}.example.com"}
        edit_storefront(
            shop.storefront_id, name="山间茶舍", notice="端午照常发货", **accent, actor=shop.owner
        )


def look(visitor: Visitor, desk: Desk, site: str, names: tuple[str, ...]) -> None:
    for name in names:
        answer = visitor.page.goto(site + desk.url(name))
        assert answer and answer.status == 200, name
        visitor.picture(name)
        assert visitor.page.evaluate(TOO_WIDE) <= 0, name
    assert visitor.complaints == []


@pytest.mark.parametrize("dark", [False, True])
def test_every_page_fits_the_phone(browser: Browser, site: str, dark: bool) -> None:
    desk = make_desk()
    fill(desk)
    visitor = on_the_phone(
        browser, f"company-phone-{'dark' if dark else 'light'}", dark=dark, scripts=not dark
    )
    enter(visitor, desk, site)
    look(visitor, desk, site, LISTS + FORMS)


@pytest.mark.parametrize("full", [False, True])
def test_every_page_at_the_desk_empty_and_full(browser: Browser, site: str, full: bool) -> None:
    desk = make_desk()
    if full:
        fill(desk)
    visitor = at_the_desk(browser, f"company-desk-{'full' if full else 'empty'}")
    enter(visitor, desk, site)
    look(visitor, desk, site, LISTS + (FORMS if full else ()))


def test_from_the_company_to_what_buyers_read(browser: Browser, site: str) -> None:
    """By keyboard: the company is entered, goods need a licence, somebody is invited and joins."""
    desk = make_desk()
    fill(desk)
    visitor = at_the_desk(browser, "company-walk")
    enter(visitor, desk, site)
    page = visitor.page
    page.goto(site + desk.url("company"))
    page.get_by_label("公司").fill("山间茶舍有限公司")
    page.get_by_label("统一社会信用代码").fill("91350100M000100Y43")
    page.get_by_label("地址").fill("福建省福州市鼓楼区一号")
    page.get_by_label("服务电话").fill("0591-12345678")
    page.get_by_label("服务电话").press("Enter")
    page.get_by_text("已保存").wait_for()
    visitor.picture("company")
    with merchant_scope(desk.shop.merchant_id):
        product_id = Sku.objects.get().product_id
    page.goto(site + desk.url("goods_kind", product_id=product_id))
    page.get_by_label("商品类别").select_option(label="化妆品")
    page.get_by_role("button", name="保存").press("Enter")
    page.get_by_text("暂停销售").first.wait_for()
    page.goto(site + desk.url("staff_invite"))
    page.get_by_label("给谁").fill("小周")
    page.get_by_role("button", name="生成链接").press("Enter")
    link = page.get_by_label("链接").input_value()
    visitor.picture("link")
    newcomer = on_the_phone(browser, "company-newcomer")
    newcomer.page.goto(site + link[link.index("/console/") :])
    newcomer.picture("asked")
    newcomer.page.get_by_label("您的姓名").fill("小周")
    newcomer.page.locator("[name=sign_in_name]").fill(f"zhou-{desk.shop.slug}@example.com")
    newcomer.page.locator("[name=password]").fill("my-own-tea-2026")
    newcomer.page.get_by_role("button", name="注册账号").click()
    newcomer.page.get_by_role("button", name="接受").click()
    newcomer.page.get_by_text("您已是本店员工").wait_for()
    newcomer.picture("works-here")
    for name in ("about", "p/tea-1"):
        newcomer.page.goto(f"{site}/s/{desk.shop.slug}/{name}")
        newcomer.picture(name.replace("/", "-"))
        assert newcomer.page.evaluate(TOO_WIDE) <= 0
    assert visitor.complaints == [] and newcomer.complaints == []
