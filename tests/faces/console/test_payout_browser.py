"""Payouts in Chromium: proposed and approved on a phone, sent by the worker, taken at the channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from tests.faces.console.payout_examples import earned, known, say
from tests.faces.console.support import Desk
from tests.faces.console.test_promotion_browser import look
from tests.faces.promoter.support import make_promoted_shop
from tests.support.browsing import Visitor, at_the_desk, on_the_phone
from tests.support.paying import PaySandbox
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.settlement.models import Payout, PayoutBatch, Transfer, Way
from tongdao.rewards.settlement.operations import approve_batch, propose_batch, sweep_transfers
from tongdao.trade.aftersales.operations import refund_lines
from tongdao.trade.orders.models import OrderLine

pytestmark = pytest.mark.browser
ALL = 100_000


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    running.control("/modes", scope="default", mode={"transfer_delay_seconds": 0})
    yield running
    running.close()


def enter(visitor: Visitor, desk: Desk, site: str, role: Role) -> None:
    name = settings.SESSION_COOKIE_NAME
    cookie = desk.client(role).cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": cookie, "url": site}])


def send(sandbox: PaySandbox, desk: Desk, state: str = "") -> None:
    """The worker looks; then the payee takes it at the channel, which tells us."""
    sweep_transfers(clock.now(), ALL)
    with merchant_scope(desk.shop.merchant_id):
        rows = list(Transfer.objects.filter(state="waiting").values_list("bill_no", flat=True))
    for bill_no in rows if state else ():
        sandbox.control("/settle_transfer", out_bill_no=bill_no, state=state, fail_reason="")
    sandbox.control("/flush")


def test_proposed_approved_and_paid_on_a_phone(browser: Browser, site: str, sandbox: PaySandbox) -> None:
    shop = make_promoted_shop()
    sandbox.connect(shop)
    desk, earner = Desk(shop), earned(shop, 2)
    known(earner, sandbox.papers["appid"])
    clerk, boss = (on_the_phone(browser, f"payouts-{who}") for who in ("clerk", "boss"))
    enter(clerk, desk, site, Role.FINANCE)
    enter(boss, desk, site, Role.OWNER)
    page = clerk.page
    page.goto(site + desk.url("payout_batches"))
    page.get_by_role("link", name="提出打款").first.click()
    look(clerk, "preview")
    page.get_by_role("button", name="提出打款 ¥25.60").click()
    page.wait_for_url("**/batches/**")
    expect(page.get_by_text("需由另一位同事批准")).to_be_visible()
    look(clerk, "proposed")
    boss.page.goto(page.url)
    look(boss, "to-approve")
    boss.page.get_by_role("button", name="批准付出 ¥25.60").click()
    expect(boss.page.get_by_text("owner 同事 批准")).to_be_visible()
    send(sandbox, desk, "SUCCESS")
    page.reload()
    expect(page.get_by_text("款项已到账")).to_be_visible()
    expect(page.locator("main")).to_contain_text("1 笔中已到账 1 笔，¥25.60")
    look(clerk, "paid")
    page.get_by_role("link", name="小禾").click()
    expect(page.locator("main")).to_contain_text("全部到账")
    look(clerk, "payout")
    with merchant_scope(shop.merchant_id):
        assert Payout.objects.get().state == "paid" and Commission.objects.get().state == "paid"


def full_desk(sandbox: PaySandbox) -> tuple[Desk, dict[str, dict[str, object]]]:
    """Every state at once; by page the parameters that lead there."""
    shop = make_promoted_shop(400)
    sandbox.connect(shop)
    desk, appid = Desk(shop), sandbox.papers["appid"]
    people = [earned(shop, units, name=name) for name, units in (("阿青", 3), ("小禾", 20), ("林小满", 1))]
    for earner in people[:2]:
        known(earner, appid)
    bank = earned(shop, 5, name="何大川", way=Way.BANK)
    say(earned(shop, 2, name="周周", way=None), Way.BANK, checked=False)
    earned(shop, 1, name="阿六", way=None)
    with merchant_scope(shop.merchant_id):
        batch = propose_batch(Fen(100), actor=Actor("staff", uuid7()))
    with merchant_scope(shop.merchant_id):
        approve_batch(batch.id, actor=shop.owner)
    send(sandbox, desk)
    with merchant_scope(shop.merchant_id):
        rows = {row.promoter_id: row for row in Payout.objects.all()}
        bills = Transfer.objects.filter(payout=rows[people[0].promoter_id])
        bill = bills.values_list("bill_no", flat=True)[0]
    sandbox.control("/settle_transfer", out_bill_no=bill, state="FAIL", fail_reason="NAME_NOT_CORRECT")
    sandbox.control("/flush")
    for earner in people:
        earner.complete(earner.sell(2))
    people[1].sell(1)
    people[1].receive(people[1].sell(1))
    with merchant_scope(shop.merchant_id):
        order_id = Commission.objects.filter(promoter_id=people[1].promoter_id).earliest("held_at").order_id
        line = OrderLine.objects.get(order_id=order_id)
        refund_lines(order_id, {line.id: 4}, freight="none", reason="damaged", actor=SYSTEM)
    extra = earned(shop, 3, name="阿竹")
    known(extra, appid)
    clerk = Actor("staff", desk.people.get(Role.FINANCE) or uuid7())
    with clock.shifted(timedelta(minutes=3)), merchant_scope(shop.merchant_id):
        open_batch = propose_batch(Fen(100), actor=clerk)
    extra.complete(extra.sell(1))
    late = earned(shop, 2, name="梅姐")
    known(late, appid)
    return desk, {
        "payout_batch": {"payout_batch_id": batch.id},
        "payout_batch open": {"payout_batch_id": open_batch.id},
        "payout": {"payout_id": rows[people[1].promoter_id].id},
        "payout failed": {"payout_id": rows[people[0].promoter_id].id},
        "payout bank": {"payout_id": rows[bank.promoter_id].id},
        "payee": {"promoter_id": bank.promoter_id},
        "order_money": {"order_id": order_id},
    }


def looks(visitor: Visitor, desk: Desk, site: str, parts: dict[str, dict[str, object]]) -> None:
    enter(visitor, desk, site, Role.OWNER)
    bare = ("money", "commissions", "payout_batches", "payout_new", "payouts", "payees", "payout_minimum")
    for name, given in {**{name: {} for name in bare}, **parts}.items():
        visitor.page.goto(site + desk.url(name.split()[0], **given))
        look(visitor, name.replace(" ", "-"))
        visitor.page.screenshot(
            path=f"build/screenshots/{visitor.name}-whole-{name.replace(' ', '-')}.png", full_page=True
        )


def test_each_page_is_looked_at(browser: Browser, site: str, sandbox: PaySandbox) -> None:
    desk, parts = full_desk(sandbox)
    looks(on_the_phone(browser, "money-phone-light"), desk, site, parts)
    looks(at_the_desk(browser, "money-desk-light"), desk, site, parts)
    dark = on_the_phone(browser, "money-phone-dark", dark=True)
    desk_dark = at_the_desk(browser, "money-desk-dark", dark=True)
    for visitor in (dark, desk_dark):
        english = {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": site}
        visitor.page.context.add_cookies([english])
        looks(visitor, desk, site, parts)
    with merchant_scope(desk.shop.merchant_id):
        assert PayoutBatch.objects.count() == 2
