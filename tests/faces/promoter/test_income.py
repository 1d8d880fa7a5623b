"""My income to the fen: line by line with reason, rule and books; payouts, and nobody else's."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from tests.faces.promoter.support import SHARE, Earner, make_earner
from tests.faces.promoter.test_pages import line_of, text_of
from tests.rewards.settlement.cashier import Cashier, make_cashier
from tests.support.paying import PaySandbox
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.money import Fen, format_yuan
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.members.models import MemberConsent
from tongdao.party.merchants.operations import set_payout_minimum
from tongdao.rewards.commissions.queries import income, income_lines
from tongdao.rewards.settlement.models import Payee, Payout, Way
from tongdao.rewards.settlement.operations import check_payee, reject_batch
from tongdao.trade.aftersales.operations import refund_lines

GOOD = {"version": "2026-11", "way": "wechat", "real_name": "何小禾", "agreed": "on"}
CARD = {"way": "bank", "bank": "杭州银行", "card": "6222 0200 0000 0000 001"}


@pytest.fixture
def cashier(sandbox: PaySandbox) -> Cashier:
    return make_cashier(sandbox)


@pytest.fixture
def earner(cashier: Cashier) -> Earner:
    return cashier.earner


def said(earner: Earner, page: str, language: str = "en", **parts: object) -> str:
    answer = earner.phone(language).get(earner.url(page, **parts))
    assert answer.status_code == 200, (page, answer.status_code)
    return text_of(answer)


def give_back(earner: Earner, order_id: UUID, units: int = 1) -> None:
    taken = {line_of(earner, order_id): units}
    with merchant_scope(earner.shop.merchant_id):
        refund_lines(order_id, taken, freight="none", reason="quality", actor=SYSTEM)


def pay_out(cashier: Cashier) -> UUID:
    """All that is due has been proposed, approved, sent, taken and has arrived."""
    cashier.approve(cashier.propose())
    cashier.send()
    cashier.end(cashier.transfers()[-1], "SUCCESS")
    return cashier.payout().id


def test_each_sum_stands_there_and_the_lines_add_up_to_it(cashier: Cashier, earner: Earner) -> None:
    for units in (1, 2, 3):
        cashier.earn(units)
    pay_out(cashier)
    cashier.earn(4)
    cashier.propose()
    cashier.earn(5)
    earner.sell(6)
    earner.order(7)
    earner.cancel(earner.sell(8))
    with merchant_scope(earner.shop.merchant_id):
        ids = [earner.promoter_id]
        found, lines = income(ids), income_lines(ids, limit=50)
    sums = {name: getattr(found, name).fen for name in ("estimated", "held", "released", "claimed", "paid")}
    wanted = {"estimated": 7, "held": 6, "released": 5, "claimed": 4, "paid": 6}
    assert sums == {name: units * SHARE for name, units in wanted.items()}
    for name, fen in sums.items():
        assert sum(line.due_fen for line in lines if line.state == name) == fen, name
    page = said(earner, "income")
    names = ("Estimated", "Held", "Released", "On its way", "Paid out")
    for name, fen in zip(names, sums.values(), strict=True):
        assert f"{name} ¥{format_yuan(fen)}" in page
    assert "In a payout that has not arrived whole." in page
    over = text_of(earner.phone().get(earner.url("income"), {"state": "over"}))
    assert "The buyer gets the money back" in over and over.count("…") == 1


def test_what_is_below_the_shops_minimum_waits_and_says_so(cashier: Cashier, earner: Earner) -> None:
    cashier.earn(1)
    for least, waits in ((SHARE + 1, True), (SHARE, False)):
        with merchant_scope(earner.shop.merchant_id):
            set_payout_minimum(Fen(least), actor=earner.shop.owner)
        told = f"pays out once ¥{format_yuan(Fen(least))} can be paid"
        assert (told in said(earner, "income")) is waits


def test_a_line_tells_its_rule_its_reason_and_its_postings(cashier: Cashier, earner: Earner) -> None:
    order_id = earner.sell(3)
    line_id = line_of(earner, order_id)
    page = said(earner, "income_line", line_id=line_id)
    assert "Rule 10% Rule 1 of version 1 of the shop&#x27;s plan: All goods" in page
    assert "Base ¥384.00" in page and "Agreed when it was ordered ¥38.40" in page
    assert "Paid. The shop is to ship it." in page
    assert "Shared out The buyer&#x27;s payment → Held ¥38.40" in page
    earner.complete(order_id)
    page = said(earner, "income_line", line_id=line_id)
    assert "It is yours and goes with the next payout." in page and "Held → Released ¥38.40" in page
    payout_id = pay_out(cashier)
    page = said(earner, "income_line", line_id=line_id)
    assert "It has reached you." in page and "of ¥38.40 in all · Paid out" in page
    page = said(earner, "payout", payout_id=payout_id)
    assert "Released → In a payout ¥38.40" in page and "In a payout → With you ¥38.40" in page
    back = earner.phone().get(earner.url("income_line", line_id=line_id)).content.decode()
    assert earner.url("order", order_id=order_id) in back
    order = earner.phone().get(earner.url("order", order_id=order_id)).content.decode()
    assert earner.url("income_line", line_id=line_id) in order


def test_a_debt_names_the_line_that_made_it_and_the_one_that_made_it_good(
    cashier: Cashier, earner: Earner
) -> None:
    first = earner.sell(2)
    earner.complete(first)
    pay_out(cashier)
    give_back(earner, first)
    page = said(earner, "income")
    assert "Owed back −¥12.80" in page
    assert "¥12.80 is kept back from what becomes yours next." in page
    page = said(earner, "income_line", line_id=line_of(earner, first))
    assert "It was not as described The buyer got ¥128.00 back." in page
    assert "Owed back → The buyer&#x27;s payment ¥12.80" in page
    second = earner.sell(3)
    earner.complete(second)
    owed, gave = line_of(earner, first), line_of(earner, second)
    page = said(earner, "income_line", line_id=owed)
    assert "Made good by 云雾茶 1 of order" in page and "kept back" not in page, "it is over"
    answer = earner.phone().get(earner.url("income_line", line_id=gave))
    assert "Held → Owed back ¥12.80" in text_of(answer) and "Held → Released ¥25.60" in text_of(answer)
    assert earner.url("income_line", line_id=owed) in answer.content.decode()
    assert "Owed back" not in said(earner, "income")


def test_what_goes_back_while_it_is_held_leaves_the_rest(earner: Earner) -> None:
    order_id = earner.sell(2)
    earner.receive(order_id)
    line_id = line_of(earner, order_id)
    assert "can no longer be given back" in said(earner, "income_line", line_id=line_id)
    give_back(earner, order_id)
    page = said(earner, "income_line", line_id=line_id)
    assert "Your commission on this line ¥12.80" in page and "−¥12.80" in page
    assert "Held → The buyer&#x27;s payment ¥12.80" in page


def test_nobody_elses_line_payout_or_transfer_is_there(cashier: Cashier, earner: Earner) -> None:
    order_id = earner.sell()
    earner.complete(order_id)
    cashier.approve(cashier.propose())
    cashier.send()
    parts = {
        "income_line": {"line_id": line_of(earner, order_id)},
        "payout": {"payout_id": cashier.payout().id},
        "payout_parts": {"payout_id": cashier.payout().id},
        "take": {"payout_id": cashier.payout().id, "transfer_id": cashier.transfers()[0].id},
    }
    other = make_earner(earner.shop, name="阿棠")
    for page, ids in parts.items():
        assert earner.phone().get(earner.url(page, **ids)).status_code == 200
        assert other.phone().get(other.url(page, **ids)).status_code == 404, page
    taken = other.url("payout", payout_id=cashier.payout().id) + f"?taken={cashier.transfers()[0].id}"
    assert other.phone().get(taken).status_code == 404
    own = {**parts["take"], "transfer_id": uuid4()}
    assert earner.phone().get(earner.url("take", **own)).status_code == 404


def test_what_was_not_taken_says_why_and_what_comes_next(cashier: Cashier, earner: Earner) -> None:
    cashier.earn(1)
    cashier.approve(cashier.propose())
    payout_id = cashier.payout().id
    assert "Being sent" in said(earner, "payout", payout_id=payout_id)
    cashier.send()
    page = said(earner, "payout", payout_id=payout_id)
    assert "Waits for you" in page and "Take ¥12.80" in page and "Lapses on" in page
    assert "A payout of ¥12.80 waits for you" in said(earner, "today")
    cashier.sandbox.control(
        "/modes", scope="transfer", key=cashier.transfers()[0].bill_no, mode={"notification": "lost"}
    )
    cashier.end(cashier.transfers()[0], "FAIL", "OVERDUE_CLOSE")
    cashier.send(later=10)
    page = said(earner, "payout", payout_id=payout_id)
    assert "You did not take it within 24 hours. The shop can send it again" in page
    assert "Take ¥12.80" not in page
    gone = earner.url("take", payout_id=payout_id, transfer_id=cashier.transfers()[0].id)
    assert earner.phone().get(gone)["Location"] == earner.url("payout", payout_id=payout_id)


def test_a_payout_that_came_to_nothing_says_whose_the_money_is(cashier: Cashier, earner: Earner) -> None:
    cashier.earn(2)
    batch = cashier.propose()
    assert "Somebody else of the shop looks at it" in said(earner, "payouts")
    with merchant_scope(cashier.merchant_id):
        reject_batch(batch, actor=cashier.owner)
    assert "What it had taken is yours as before" in said(earner, "payouts")
    assert "Released ¥25.60" in said(earner, "income")


def test_who_is_unknown_to_wechat_is_told_how_to_be_known(sandbox: PaySandbox) -> None:
    cashier = make_cashier(sandbox, known=False)
    cashier.earn(1)
    cashier.approve(cashier.propose())
    page = said(cashier.earner, "payout", payout_id=cashier.payout().id)
    assert "WeChat does not know yet who you are at this shop" in page and "Sign in with WeChat" in page
    assert "WeChat does not know yet who you are" in said(cashier.earner, "payee")


def test_the_payee_is_said_with_a_consent_checked_and_taken_back(earner: Earner) -> None:
    phone, url = earner.phone(), earner.url("payee")
    refused = phone.post(url, {**GOOD, **CARD, "card": "12"})
    assert refused.status_code == 422 and "12 to 19 digits" in text_of(refused)
    assert phone.post(url, {**GOOD, **CARD, "bank": ""}).status_code == 422
    assert phone.post(url, {**GOOD, "agreed": ""}).status_code == 422
    assert phone.post(url, {**GOOD, "version": "2020-01"}).status_code == 409
    assert phone.post(url, {**GOOD, **CARD})["Location"] == earner.url("income")
    page = said(earner, "payee")
    assert "杭州银行 …0001 Waits for the check 何**" in page and "6222" not in page
    with merchant_scope(earner.shop.merchant_id):
        check_payee(earner.promoter_id, actor=earner.shop.owner)
        rows = MemberConsent.objects.filter(person_id=earner.person.pk, purpose="payee")
        assert list(rows.order_by("at").values_list("given", "face")) == [(True, "promoter")]
    assert "Compared with your papers by the shop." in said(earner, "payee")
    phone.post(url, {"forget": "1"})
    with merchant_scope(earner.shop.merchant_id):
        assert not Payee.objects.exists()
        assert list(rows.order_by("at").values_list("given", flat=True)) == [True, False]
    assert "Take it back" not in said(earner, "payee")


def test_a_bank_payout_shows_its_number(sandbox: PaySandbox) -> None:
    cashier = make_cashier(sandbox, way=Way.BANK)
    cashier.earn(1)
    with merchant_scope(cashier.merchant_id):
        check_payee(cashier.earner.promoter_id, actor=cashier.owner)
    cashier.approve(cashier.propose())
    with merchant_scope(cashier.merchant_id):
        payout_id = Payout.objects.get().id
    page = said(cashier.earner, "payout", payout_id=payout_id)
    assert "The shop pays it at the bank." in page and "To the card ending in 0001." in page


@pytest.mark.parametrize("page", ["income_line", "payout", "take", "payouts", "payee", "income"])
def test_the_money_pages_are_whole_in_chinese(cashier: Cashier, earner: Earner, page: str) -> None:
    order_id = earner.sell(2)
    earner.complete(order_id)
    cashier.approve(cashier.propose())
    cashier.send()
    parts = {
        "income_line": {"line_id": line_of(earner, order_id)},
        "payout": {"payout_id": cashier.payout().id},
        "take": {"payout_id": cashier.payout().id, "transfer_id": cashier.transfers()[0].id},
    }
    page_text = said(earner, page, "zh-hans", **parts.get(page, {}))
    assert re.findall(r"[A-Za-z]{4,}", page_text.replace("English", "")) == [], "not translated"
