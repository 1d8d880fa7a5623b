"""Payouts at the desk: looked at, proposed, approved by somebody else, paid, and told to the fen."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.faces.console.payout_examples import CARD, earned, known, proposed, say
from tests.faces.console.support import Desk
from tests.faces.console.test_desk_flows import text_of
from tests.faces.promoter.support import make_promoted_shop
from tests.support.builders import Shop
from tongdao.foundation.actors import CHANNEL
from tongdao.foundation.events import Subject, timeline
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.settlement.models import Payee, Payout, PayoutBatch, Transfer, Way
from tongdao.rewards.settlement.operations import record_transfer
from tongdao.trade.payments.gateways import TransferNotice

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def shop() -> Shop:
    return make_promoted_shop()


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return Desk(shop)


def read(browser: Client, url: str, **more: str) -> str:
    answer = browser.get(url, headers=ENGLISH | more)
    assert answer.status_code == 200
    return said(answer)


def said(answer: object) -> str:
    return re.sub(r"\s+", " ", text_of(answer))  # type: ignore[arg-type]  # a response of the test client


def post(browser: Client, url: str, **typed: str) -> tuple[int, str]:
    """Status and the page that follows."""
    answer = browser.post(url, typed, headers=ENGLISH, follow=True)
    return answer.status_code, said(answer)


def propose(desk: Desk, browser: Client) -> PayoutBatch:
    page = browser.get(desk.url("payout_new"), headers=ENGLISH).content.decode()
    seen = dict(re.findall(r'name="(count|fen)" value="(\d+)"', page))
    status, _told = post(browser, desk.url("payout_new"), **seen)
    assert status == 200
    with merchant_scope(desk.shop.merchant_id):
        return PayoutBatch.objects.latest("proposed_at")


def test_the_preview_tells_who_gets_what_and_who_is_left_out_and_why(shop: Shop, desk: Desk) -> None:
    known(earned(shop, 2, name="阿一"))
    earned(shop, 1, name="阿二", way=None)
    say(earned(shop, 3, name="阿三", way=None), Way.BANK, checked=False)
    page = read(desk.client(Role.FINANCE), desk.url("payout_new"))
    assert "1 promoter is paid" in page and "Propose ¥25.60" in page
    ready, _, others = page.partition("Not this time")
    assert "阿一" in ready and "阿二" not in ready and "阿三" not in ready
    assert "No real name" in others and "¥12.80" in others
    assert "Card not checked" in others and "¥38.40" in others
    assert "Payouts begin at ¥1.00" in others


def test_what_is_below_the_minimum_waits(shop: Shop, desk: Desk) -> None:
    earned(shop)
    owner = desk.client()
    status, page = post(owner, desk.url("payout_minimum"), least="12.81")
    assert status == 200 and "Saved" in page
    page = read(owner, desk.url("payout_new"))
    assert "Nobody can be paid now" in page and "Below the minimum" in page
    assert "Payouts begin at ¥12.81" in page
    status, page = post(owner, desk.url("payout_minimum"), least="0.09")
    assert status == 422 and "between ¥0.10 and ¥200.00" in page
    status, _page = post(owner, desk.url("payout_minimum"), least="12.80")
    assert "Propose ¥12.80" in read(owner, desk.url("payout_new"))
    assert "Payouts from: ¥12.81 → ¥12.80" in read(owner, desk.url("changes"))


def test_the_preview_is_what_is_proposed(shop: Shop, desk: Desk) -> None:
    for number in range(3):
        earned(shop, number + 1, name=f"阿{number}", way=Way.WECHAT if number else Way.BANK)
    clerk = desk.client(Role.FINANCE)
    page = clerk.get(desk.url("payout_new")).content.decode()
    assert 'name="count" value="3"' in page and 'name="fen" value="7680"' in page
    status, told = post(clerk, desk.url("payout_new"), count="3", fen="7679")
    assert status == 409 and "Other amounts are due now" in told
    with merchant_scope(shop.merchant_id):
        assert not PayoutBatch.objects.exists(), "the button does what it says, or nothing"
    batch = propose(desk, clerk)
    with merchant_scope(shop.merchant_id):
        amounts = Payout.objects.filter(batch=batch).values_list("amount_fen", flat=True)
        assert sorted(amounts) == [1_280, 2_560, 3_840]


def test_four_eyes(shop: Shop, desk: Desk) -> None:
    known(earned(shop))
    clerk, boss = desk.client(Role.FINANCE), desk.client()
    batch = propose(desk, clerk)
    here = desk.url("payout_batch", payout_batch_id=batch.id)
    own = read(clerk, here)
    assert "Somebody else has to approve" in own and "owner 同事" in own and "Approve ¥" not in own
    status, told = post(clerk, desk.url("payout_approve", payout_batch_id=batch.id))
    assert status == 403 and "cannot approve them" in told
    page = read(boss, here)
    assert "Approve ¥12.80" in page and "¥12.80 leaves your account at the channel for 1 promoters" in page
    status, told = post(boss, desk.url("payout_withdraw", payout_batch_id=batch.id))
    assert status == 409 and "Only who proposed" in told
    status, told = post(boss, desk.url("payout_approve", payout_batch_id=batch.id))
    assert status == 200 and "Approved by owner 同事" in told
    with merchant_scope(shop.merchant_id):
        assert Transfer.objects.get().amount_fen == 1_280
    status, told = post(boss, desk.url("payout_reject", payout_batch_id=batch.id), reason="amounts")
    assert status == 409 and "decided already" in told


def test_rejected_with_a_reason_all_is_due_again(shop: Shop, desk: Desk) -> None:
    earned(shop)
    clerk, boss = desk.client(Role.FINANCE), desk.client()
    batch = propose(desk, clerk)
    status, told = post(boss, desk.url("payout_reject", payout_batch_id=batch.id), reason="amounts")
    assert status == 200 and "The amounts look wrong" in told and "Rejected by owner 同事" in told
    with merchant_scope(shop.merchant_id):
        assert Commission.objects.get().state == "released"
    batch = propose(desk, clerk)
    status, told = post(clerk, desk.url("payout_withdraw", payout_batch_id=batch.id))
    assert status == 200 and "Taken back by who proposed it" in told
    assert "Propose ¥12.80" in read(clerk, desk.url("payout_new"))


def test_a_bank_payment_is_noted_with_its_proof(shop: Shop, desk: Desk) -> None:
    ids, clerk = proposed(shop, way=Way.BANK, approved=True), desk.client(Role.FINANCE)
    here = desk.url("payout", payout_id=ids.payout_id)
    page = read(clerk, here)
    assert "Somebody of the shop has to pay it at the bank" in page and "何**" in page and CARD not in page
    _status, shown = post(clerk, desk.url("payout_unmask", payout_id=ids.payout_id))
    assert CARD in shown and "何小禾" in shown and "杭州银行" in shown
    assert CARD not in read(clerk, here), "a reload asks again"
    paid = desk.url("payout_paid", payout_id=ids.payout_id)
    status, told = post(clerk, paid, number="B-4711", paid_on="2999-01-01")
    assert status == 422 and "not in the future" in told
    status, told = post(clerk, paid, number="", paid_on="2026-01-05")
    assert status == 422
    status, told = post(clerk, paid, number="B-4711", paid_on="2026-01-05")
    assert status == 200 and "2026-01-05 B-4711" in told and "All of it has arrived" in told
    with merchant_scope(shop.merchant_id):
        payout = Payout.objects.get()
        assert (payout.state, payout.proof) == ("paid", "2026-01-05 B-4711")
        names = [event.name for event in timeline(Subject("payout", payout.id))]
    assert "payee.unmasked" in names, "who looked is on record"
    status, told = post(clerk, paid, number="B-4712", paid_on="2026-01-05")
    assert status == 409


def test_a_payout_given_up_is_due_again(shop: Shop, desk: Desk) -> None:
    ids, clerk = proposed(shop, approved=True), desk.client(Role.FINANCE)
    page = read(clerk, desk.url("payout", payout_id=ids.payout_id))
    assert "¥12.80 has not arrived. It is due again" in page
    status, told = post(clerk, desk.url("payout_give_up", payout_id=ids.payout_id))
    assert status == 200 and "Not paid: the commissions are due again" in told
    assert "Propose ¥12.80" in read(clerk, desk.url("payout_new"))


def test_who_is_unknown_to_wechat_is_sent_to_once_known(shop: Shop, desk: Desk) -> None:
    earner, clerk = earned(shop), desk.client(Role.FINANCE)
    assert "has not opened the shop in WeChat yet" in read(clerk, desk.url("payout_new"))
    batch = propose(desk, clerk)
    post(desk.client(), desk.url("payout_approve", payout_batch_id=batch.id))
    with merchant_scope(shop.merchant_id):
        payout = Payout.objects.get()
        assert not Transfer.objects.exists()
    again = desk.url("payout_send", payout_id=payout.id)
    _status, told = post(clerk, again)
    assert "Nothing can be sent yet" in told
    known(earner)
    _status, told = post(clerk, again)
    assert "1 transfer is sent in a moment" in told
    status, told = post(clerk, again)
    assert status == 409 and "not closed" in told


def test_a_payee_is_checked_as_it_was_seen(shop: Shop, desk: Desk) -> None:
    earner, clerk = earned(shop, way=None), desk.client(Role.FINANCE)
    say(earner, Way.BANK, checked=False)
    assert "To be checked" in read(clerk, desk.url("payees"))
    here = desk.url("payee", promoter_id=earner.promoter_id)
    assert CARD not in read(clerk, here)
    page = clerk.post(desk.url("payee_unmask", promoter_id=earner.promoter_id)).content.decode()
    assert CARD in page
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    say(earner, Way.BANK, checked=False)
    check = desk.url("payee_check", promoter_id=earner.promoter_id)
    for seen in (found.group(1), "x"):
        status, told = post(clerk, check, seen=seen)
        assert status == 409 and "not what you looked at" in told
    page = clerk.post(desk.url("payee_unmask", promoter_id=earner.promoter_id)).content.decode()
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    status, told = post(clerk, check, seen=found.group(1))
    assert status == 200 and "Name and card are checked" in told
    with merchant_scope(shop.merchant_id):
        assert Payee.objects.get().checked_by == desk.people[Role.FINANCE]


def test_what_the_channel_says_of_a_transfer_is_told(shop: Shop, desk: Desk) -> None:
    known(earned(shop))
    clerk, boss = desk.client(Role.FINANCE), desk.client()
    post(boss, desk.url("payout_approve", payout_batch_id=propose(desk, clerk).id))
    with merchant_scope(shop.merchant_id):
        transfer = Transfer.objects.get()
    with merchant_scope(shop.merchant_id):
        record_transfer(TransferNotice(transfer.bill_no, "failed", reason="NAME_NOT_CORRECT"), actor=CHANNEL)
    page = read(clerk, desk.url("payout", payout_id=transfer.payout_id))
    assert "The real name is not that of the WeChat account" in page
    _status, told = post(clerk, desk.url("payout_send", payout_id=transfer.payout_id))
    assert "1 transfer is sent in a moment" in told


def test_the_books_are_told_of_any_day(shop: Shop, desk: Desk) -> None:
    earned(shop)
    clerk = desk.client(Role.FINANCE)
    page = read(clerk, desk.url("money"))
    assert "Where the money is now" in page and "All balances together ¥0.00" in page
    assert "Due to a promoter Commission earned ¥12.80" in page and "no day is sealed yet" in page
    old = read(clerk, desk.url("money") + "?on=2020-01-01")
    assert "Nothing is booked yet" in old and "¥12.80" not in old
    assert "no day that has been" in read(clerk, desk.url("money") + "?on=2999-01-01")


def test_every_amount_leads_to_its_lines_rule_and_postings(shop: Shop, desk: Desk) -> None:
    ids, clerk = proposed(shop, approved=True), desk.client(Role.FINANCE)
    page = read(clerk, desk.url("payout", payout_id=ids.payout_id))
    assert "plan 1, rule 1: 10%" in page and "Being paid out" in page
    with merchant_scope(shop.merchant_id):
        order_id = Commission.objects.get().order_id
    flow = read(clerk, desk.url("order_money", order_id=order_id))
    assert "Promoter's commission · 小禾" in flow and "¥10.00" in flow, "of each 100 yuan"
    assert "plan 1, rule 1: 10%" in flow and "¥12.80" in flow and "¥115.20" in flow
    listed = read(clerk, desk.url("commissions"))
    assert "Being paid out" in listed and "¥128.00" in listed


def test_in_chinese_nothing_is_left_in_english(shop: Shop, desk: Desk) -> None:
    ids, clerk = proposed(shop, approved=True), desk.client(Role.FINANCE)
    with merchant_scope(shop.merchant_id):
        order_id = Commission.objects.get().order_id
    earned(shop, name="阿六", way=None)
    pages = [desk.url(name) for name in ("payout_new", "payout_batches", "payouts", "payees", "commissions")]
    pages += [
        desk.url("payout_batch", payout_batch_id=ids.batch_id),
        desk.url("payout", payout_id=ids.payout_id),
        desk.url("payee", promoter_id=ids.promoter_id),
        desk.url("order_money", order_id=order_id),
    ]
    for url in pages:
        shown = clerk.get(url, headers={"accept-language": "zh-hans"}).content.decode()
        main = shown.partition("<main")[2].partition("</main>")[0]
        told = re.sub(r"<[^>]+>|[a-z]+:\d\.\d", " ", re.sub(r'"[^"]*"', "", f"<main{main}"))
        assert re.findall(r"[A-Za-z]{4,}", told) == [], (url, told)
