"""A day of a shop assistant in Chromium: orders shipped with labels, a price changed, a review answered.

At the desk by keyboard where that is quicker, on the phone with a finger; what is printed is counted in
pages.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from tests.faces.console.support import Desk, make_desk, paid_order
from tests.faces.console.test_freight_browser import TOO_SMALL, TOO_WIDE
from tests.support.browsing import Visitor, at_the_desk, on_the_phone
from tests.trade.reviews.support import a_review
from tests.trade.shipping.sandbox import CarrierSandbox
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.party.merchants.models import Role
from tongdao.trade.notes.queries import notes_of
from tongdao.trade.reviews.models import Review
from tongdao.trade.shipping.gateway import Party
from tongdao.trade.shipping.models import DispatchItem, Parcel
from tongdao.trade.shipping.operations import book_parcel, connect_carrier, pack_item

pytestmark = pytest.mark.browser
SENDER = Party("山间茶舍", "0571-88880000", "浙江省杭州市西湖区龙井路1号")


class Worker:
    """What the worker process does, for one merchant only."""

    def __init__(self, desk: Desk) -> None:
        self.merchant_id = desk.shop.merchant_id
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            while not self.stop.wait(0.05):
                self._round()
        finally:
            connections.close_all()

    def _round(self) -> None:
        with merchant_scope(self.merchant_id):
            items = list(DispatchItem.objects.filter(state="queued").values_list("id", flat=True)[:3])
            parcels = list(Parcel.objects.filter(state="requested").values_list("id", flat=True)[:3])
        for item_id in items:
            pack_item(self.merchant_id, item_id)
        for parcel_id in parcels:
            book_parcel(self.merchant_id, parcel_id)

    def end(self) -> None:
        self.stop.set()
        self.thread.join()


@pytest.fixture(scope="module")
def carrier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CarrierSandbox]:
    sandbox = CarrierSandbox(Path(tmp_path_factory.mktemp("carrier")))
    sandbox.start()
    yield sandbox
    sandbox.kill()


@pytest.fixture
def desk(carrier: CarrierSandbox) -> Iterator[Desk]:
    """A shop with a carrier account, and a worker that packs and books."""
    made = make_desk(stock=60)
    with merchant_scope(made.shop.merchant_id):
        connect_carrier(carrier.access(), SENDER, actor=made.shop.owner)
    worker = Worker(made)
    yield made
    worker.end()


def enter(visitor: Visitor, desk: Desk, site: str, page: str) -> Page:
    """Signed in as one of operations, at this page."""
    name = settings.SESSION_COOKIE_NAME
    cookie = desk.client(Role.OPERATIONS).cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": cookie, "url": site}])
    visitor.page.goto(site + desk.url(page))
    return visitor.page


def pages_of(page: Page) -> int:
    """How many sheets come out of the printer."""
    return len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True)))


def look(visitor: Visitor, what: str, *, thumb: bool = False) -> None:
    visitor.picture(what)
    assert visitor.page.evaluate(TOO_WIDE) <= 0, what
    if thumb:
        assert visitor.page.evaluate(TOO_SMALL) == [], what


def test_a_day_at_the_desk(browser: Browser, site: str, desk: Desk) -> None:
    orders = [paid_order(desk.shop) for _ in range(20)]
    review = a_review(desk.shop)
    visitor = at_the_desk(browser, "day-desk")
    page = enter(visitor, desk, site, "home")
    expect(page.locator("main")).to_contain_text("待发订单")
    look(visitor, "home")
    page.get_by_role("link", name=re.compile("待发订单")).last.click()
    look(visitor, "to-ship")
    ship_the_ticked(visitor, 20)
    print_all(visitor, site, 20)
    with merchant_scope(desk.shop.merchant_id):
        parcels = Parcel.objects.filter(order_id__in=orders)
        assert parcels.count() == 20 == parcels.values("waybill_no").distinct().count()
        assert set(parcels.values_list("state", flat=True)) == {"shipped"}
    write_a_note(visitor, desk, site, str(orders[0]))
    change_a_price(visitor, desk, site)
    answer_a_review(visitor, desk, site, str(review.id))
    assert visitor.complaints == []


def ship_the_ticked(visitor: Visitor, count: int) -> None:
    """Ticked all at once, looked at, then packed by Enter."""
    page = visitor.page
    page.locator("[data-pick-all]").press("Space")
    assert page.locator("input[name=order]:checked").count() == count
    page.locator("select[name=carrier]").select_option("zhongtong")
    page.get_by_role("button", name="打包所选").press("Enter")
    expect(page.locator(".effects")).to_contain_text(f"{count}")
    look(visitor, "preview")
    page.get_by_role("button", name=re.compile(f"{count}")).press("Enter")
    expect(page.locator("main")).to_contain_text(f"{count} 个包裹已有运单号", timeout=60_000)
    look(visitor, "dispatch")


def print_all(visitor: Visitor, site: str, count: int) -> None:
    """One label a page, four to a sheet, what to fetch, what lies in each parcel. No phone number in full."""
    page = visitor.page
    page.get_by_role("link", name=f"打印 {count} 张面单").click()
    assert page.locator(".label").count() == count == page.locator(".label svg path").count()
    assert pages_of(page) == count
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", page.locator(".labels").inner_text())
    assert re.search(r"1\*{6}\d{4}", page.locator(".labels").inner_text())
    look(visitor, "labels")
    page.get_by_role("link", name="A4，每页四张").click()
    assert pages_of(page) == count // 4
    look(visitor, "labels-a4")
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="拣货单").click()
    expect(page.locator("tfoot")).to_contain_text(f"{count}")
    look(visitor, "packing-list")
    page.go_back()
    page.get_by_role("link", name="发货单").click()
    assert pages_of(page) == count
    look(visitor, "delivery-notes")


def write_a_note(visitor: Visitor, desk: Desk, site: str, order_id: str) -> None:
    page = visitor.page
    page.goto(site + desk.url("order", order_id=order_id))
    page.get_by_label("新备注").press_sequentially("送人，附贺卡")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # pinned
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".note-pinned")).to_contain_text("送人，附贺卡")
    expect(page.locator("main")).to_contain_text("写了备注")
    look(visitor, "order")
    with merchant_scope(desk.shop.merchant_id):
        (note,) = notes_of(order_id)  # type: ignore[arg-type]  # the id as text
        assert note.pinned
    page.emulate_media(media="print")
    assert not page.locator(".console-side").is_visible() and page.get_by_text("送人，附贺卡").is_visible()
    visitor.picture("order-on-paper")
    page.emulate_media(media="screen")


def change_a_price(visitor: Visitor, desk: Desk, site: str) -> None:
    with merchant_scope(desk.shop.merchant_id):
        sku = Sku.objects.get(pk=desk.shop.skus[0])
    page = visitor.page
    page.goto(site + desk.url("sku", product_id=sku.product_id, sku_id=sku.id))
    price = page.locator("form[action$='/price'] [name=price]")
    price.fill("118.00")
    price.press("Enter")
    expect(page.locator("main")).to_contain_text("118.00")
    look(visitor, "price")
    with merchant_scope(desk.shop.merchant_id):
        assert Sku.objects.get(pk=sku.id).price_fen == 11_800


def answer_a_review(visitor: Visitor, desk: Desk, site: str, review_id: str) -> None:
    page = visitor.page
    page.goto(site + desk.url("home"))
    page.get_by_role("link", name=re.compile("待回复的评价")).click()
    look(visitor, "reviews")
    page.goto(site + desk.url("review", review_id=review_id))
    page.locator("form[action$='/answer'] textarea").fill("谢谢您的喜欢，欢迎再来。")
    page.locator("form[action$='/answer'] button").last.press("Enter")
    expect(page.locator("main")).to_contain_text("谢谢您的喜欢")
    look(visitor, "answered")
    with merchant_scope(desk.shop.merchant_id):
        assert Review.objects.get(pk=review_id).answer == "谢谢您的喜欢，欢迎再来。"


@pytest.mark.parametrize("dark", [False, True])
def test_a_day_on_the_phone(browser: Browser, site: str, desk: Desk, dark: bool) -> None:
    orders = [paid_order(desk.shop) for _ in range(3)]
    visitor = on_the_phone(browser, f"day-phone-{'dark' if dark else 'light'}", dark=dark)
    page = enter(visitor, desk, site, "home")
    look(visitor, "home", thumb=True)
    page.goto(site + desk.url("to_ship"))
    look(visitor, "to-ship", thumb=True)
    page.locator("select[name=carrier]").select_option("yunda")
    page.get_by_role("button", name="打包全部 3 单").tap()
    expect(page.locator(".effects")).to_be_visible()
    look(visitor, "preview", thumb=True)
    page.get_by_role("button", name=re.compile("3")).tap()
    expect(page.locator("main")).to_contain_text("3 个包裹已有运单号", timeout=60_000)
    look(visitor, "dispatch", thumb=True)
    page.get_by_role("link", name="打印 3 张面单").tap()
    look(visitor, "labels", thumb=True)
    page.goto(site + desk.url("order", order_id=orders[0]))
    look(visitor, "order", thumb=True)
    page.get_by_role("link", name="取消包裹").tap()
    look(visitor, "cancel", thumb=True)
    page.get_by_role("button", name="取消这个包裹").tap()
    expect(page.locator("main")).to_contain_text("已取消，订单可以重新打包")
    look(visitor, "cancelled", thumb=True)
    bring_a_waybill(visitor, desk, site)
    assert visitor.complaints == []


def bring_a_waybill(visitor: Visitor, desk: Desk, site: str) -> None:
    """The order that was taken back goes with a number from elsewhere."""
    page = visitor.page
    page.goto(site + desk.url("to_ship"))
    number = page.locator("main table a").first.inner_text().strip()
    page.get_by_role("link", name="我已有运单号").tap()
    expect(page.get_by_role("button", name="核对清单")).to_be_visible()
    look(visitor, "waybills", thumb=True)
    page.locator("#f-lines").fill(f"{number}\t顺丰\tSF9988776655\n123\t顺丰\tSF1")
    page.get_by_role("button", name="核对清单").tap()
    expect(page.locator("main")).to_contain_text("没有这个单号")
    look(visitor, "waybills-read", thumb=True)
    page.get_by_role("button", name="发货 1 单").tap()
    expect(page.locator("main")).to_contain_text("1 个包裹已有运单号", timeout=30_000)
    look(visitor, "waybills-shipped", thumb=True)
