"""Lists as pages: cells as the kit draws them, forms that keep, keys, and the same in Chromium."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, expect

from tests.faces.console.support import Desk, make_desk, paid_order, place_order
from tests.faces.console.test_freight_browser import TOO_WIDE
from tests.support.browsing import Visitor, at_the_desk, on_the_phone
from tongdao.faces.console.cells import Drawn, cell_html
from tongdao.faces.console.desk import Desk as OpenDesk
from tongdao.faces.console.inputs import input_html
from tongdao.faces.console.telling import TITLES
from tongdao.faces.kit.shapes import Cell, Choice
from tongdao.faces.lists.filters import Field
from tongdao.faces.lists.models import ExportRun, ListChoice, SavedFilter
from tongdao.faces.lists.operations import run_export
from tongdao.faces.lists.reading import Item
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.shapes import Column
from tongdao.foundation import clock
from tongdao.foundation.events.loop import run_pending
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.party.merchants.models import Role

EVIL = "<script>alert('1')</script>&\""


def full_desk() -> Desk:
    desk = make_desk(stock=50)
    for number in range(6):
        (paid_order if number % 2 else place_order)(desk.shop, number + 1)
    desk.client(Role.SERVICE)
    while run_pending():
        continue
    return desk


def bare(html: str) -> str:
    return re.sub(r"\s+", " ", html).replace("> <", "><").strip()


@pytest.mark.pure
@pytest.mark.parametrize(
    ("kind", "value", "tone"),
    [
        ("text", EVIL, ""),
        ("muted", EVIL, ""),
        ("money", 123_456, ""),
        ("money", -5, ""),
        ("num", 7, ""),
        ("tag", "gone", "error"),
        ("tag", EVIL, ""),
        ("time", clock.now(), ""),
    ],
)
def test_a_cell_is_the_kits_cell(kind: str, value: object, tone: str) -> None:
    words = {"gone": ("weg", "error")}
    column = Column("x", "X", lambda row, _: row, kind, words=words)  # type: ignore[arg-type]  # plain words
    with translation.override("en"):
        ours = cell_html(column, Item(value, {}), Drawn(lambda need: True, str))
        shown = words[value][0] if value in words else value  # type: ignore[index]  # a text
        kits = render_to_string("kit/cell.html", {"cell": Cell(shown, "X", kind, tone=tone)})  # type: ignore[arg-type]  # kinds and tones
    inner = re.fullmatch(r"<span>(.*)</span>", ours)
    assert inner and bare(inner[1]) in bare(kits), (ours, kits)


@pytest.mark.pure
@pytest.mark.parametrize("kind", ["search", "date", "number", "money", "select"])
@pytest.mark.parametrize(("value", "error"), [("", ""), ("b", ""), (EVIL, EVIL)])
def test_an_input_is_the_kits_input(kind: str, value: str, error: str) -> None:
    options = [("", "All"), ("b", EVIL), (EVIL, "c")] if kind == "select" else []
    with translation.override("en"):
        ours = input_html(Field("x", EVIL, kind, options), value, error)
        kits = render_to_string(
            "kit/field_plain.html",
            {
                "name": "x",
                "label": EVIL,
                "type": "text" if kind == "money" else kind,
                "inputmode": "decimal" if kind == "money" else "",
                "value": value,
                "error": error,
                "options": [Choice(code, label) for code, label in options],
                "hide_optional": True,
            },
        )
    assert tags(ours) == tags(kits)


def tags(html: str) -> str:
    """Without blanks that no browser shows."""
    return re.sub(r" ?([<>]) ?", r"\1", re.sub(r"\s+", " ", html)).strip()


def test_what_people_wrote_is_never_markup() -> None:
    desk = make_desk()
    with merchant_scope(desk.shop.merchant_id):
        Product.objects.update(title=EVIL, vendor=EVIL)
    page = desk.client().get(desk.url("products")).content.decode()
    assert EVIL not in page and page.count("&lt;script&gt;") >= 2


def test_forms_keep_columns_and_filters_where_one_stands() -> None:
    desk = full_desk()
    browser, here = desk.client(), f"{desk.url('orders')}?state=paid&total_min=300"
    answer = browser.post(here, {"do": "columns", "column": ["number", "freight"]})
    assert (answer.status_code, answer["Location"]) == (302, here)
    page = browser.get(here).content.decode().split("<main")[1]
    assert re.findall(r"<th scope=\"col\"[^>]*>([^<]*)", page) == ["订单号", "运费"]
    browser.post(here, {"do": "save", "name": "大单", "shared": "1"})
    with merchant_scope(desk.shop.merchant_id):
        kept = SavedFilter.objects.get()
        assert (kept.wanted, kept.shared) == ({"state": "paid", "total_min": "300"}, True)
    assert "大单" in desk.client(Role.SERVICE).get(desk.url("orders")).content.decode()
    browser = desk.client()
    browser.post(here, {"do": "open_with", "filter": str(kept.id)})
    assert browser.get(desk.url("orders"))["Location"] == here
    assert browser.get(desk.url("orders"), {"all": "1"}).status_code == 200
    assert desk.client(Role.SERVICE).post(here, {"do": "remove", "filter": str(kept.id)}).status_code == 404
    assert desk.client().post(here, {"do": "remove", "filter": str(kept.id)}).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        assert not SavedFilter.objects.exists()
        assert ListChoice.objects.get(person_id=desk.people[Role.OWNER]).opens_with_id is None
    refused = desk.client().post(here, {"do": "save", "name": ""})
    assert refused.status_code == 422 and "notice" in refused.content.decode()


def test_a_list_leads_only_where_one_may_go() -> None:
    """Finance sees postings and orders; a role that sees books alone gets no link to an order."""
    desk = full_desk()
    page = desk.client(Role.FINANCE).get(desk.url("postings")).content.decode()
    assert f'href="{desk.url("orders")}/' in page
    opened = OpenDesk.__new__(OpenDesk)
    opened.rights = type("Books", (), {"permissions": frozenset({"money.read"})})()
    link = LISTS["postings"].column("order")
    assert link and link.link
    assert Drawn(opened.may, opened.url).address(link.link(None, (desk.shop.merchant_id, "1"))) == ""


def test_a_member_has_a_page_with_its_story() -> None:
    desk = full_desk()
    browser = desk.client(Role.SERVICE)
    page = browser.get(desk.url("members"), {"show": "bought"}).content.decode()
    found = re.search(r'href="([^"]*/members/[0-9a-f-]{36})"', page)
    assert found
    record = browser.get(found[1]).content.decode()
    assert str(TITLES["order.paid"]) in record and "¥" in record and desk.url("orders") in record


def enter(visitor: Visitor, desk: Desk, site: str, role: Role = Role.OWNER) -> None:
    name = settings.SESSION_COOKIE_NAME
    cookie = desk.client(role).cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": cookie, "url": site}])


@pytest.mark.browser
def test_filter_save_columns_and_export_by_keyboard(browser: Browser, site: str) -> None:
    desk, visitor = full_desk(), at_the_desk(browser, "list-desk")
    enter(visitor, desk, site)
    page = visitor.page
    page.goto(site + desk.url("orders"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 2
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    visitor.picture("orders")
    page.get_by_text("筛选", exact=True).click()
    page.get_by_label("合计（最少）").fill("300")
    page.get_by_label("合计（最少）").press("Enter")
    page.wait_for_url("**total_min=300**")
    visitor.picture("filtered")
    assert page.locator("tbody tr").count() == 4
    page.get_by_text("保存筛选").click()
    page.get_by_label("筛选名称").fill("大单")
    page.get_by_label("整个团队可用").check()
    page.get_by_role("button", name="保存", exact=True).press("Enter")
    page.locator(".kept .chip[aria-current]", has_text="大单").wait_for()
    page.get_by_text("列", exact=True).click()
    visitor.picture("columns")
    page.get_by_label("运费").check()
    page.get_by_label("买家").uncheck()
    page.get_by_role("button", name="显示这些").press("Enter")
    expect(page.locator("thead")).to_contain_text("运费")
    expect(page.locator("thead")).not_to_contain_text("买家")
    visitor.picture("kept")
    page.get_by_role("link", name="导出").click()
    visitor.picture("export")
    page.locator("main form").get_by_role("button", name="导出").press("Enter")
    page.get_by_text("正在生成文件").wait_for()
    visitor.picture("running")
    with merchant_scope(desk.shop.merchant_id):
        run = ExportRun.objects.get()
    assert run_export(desk.shop.merchant_id, run.id) == "done"
    page.get_by_text("文件已生成").wait_for()
    visitor.picture("done")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert len(rows) == 5 and "运费（元）" in rows[0] and "买家" not in rows[0]
    page.goto(site + desk.url("jobs"))
    visitor.picture("jobs")
    assert page.evaluate(TOO_WIDE) <= 0
    assert visitor.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_every_list_fits_the_phone_and_the_desk(browser: Browser, site: str, dark: bool) -> None:
    desk = full_desk()
    with clock.shifted(-timedelta(days=1)):
        paid_order(desk.shop)
    phone = on_the_phone(browser, f"list-phone-{'dark' if dark else 'light'}", dark=dark, scripts=not dark)
    wide = at_the_desk(browser, "list-all" if not dark else "list-all-en")
    for visitor in (phone, wide):
        enter(visitor, desk, site)
        if dark:
            visitor.page.context.add_cookies([{"name": "django_language", "value": "en", "url": site}])
        for noun in [*LISTS, "jobs", "export_new"]:
            answer = visitor.page.goto(site + desk.url(noun))
            assert answer and answer.status == 200, noun
            visitor.picture(noun)
            assert visitor.page.evaluate(TOO_WIDE) <= 0, noun
        assert visitor.complaints == []
