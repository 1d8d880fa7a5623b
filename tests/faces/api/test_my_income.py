"""A promoter's income by program: each line with its story, how it is paid, and its payouts; its own only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.faces.api.calling import Caller
from tests.faces.api.test_promoters import caller
from tests.faces.promoter.support import SHARE, make_earner
from tests.rewards.settlement.cashier import Cashier, make_cashier
from tests.support.paying import PaySandbox
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Commission

PAYEE = {"way": "bank", "real_name": "何小禾", "bank": "杭州银行", "card": "6222020000000000001"}


@pytest.fixture
def cashier(pay_sandbox: PaySandbox) -> Iterator[Cashier]:
    before = settings.BASE_URL
    yield make_cashier(pay_sandbox)
    settings.BASE_URL = before


def line_ids(cashier: Cashier) -> list[str]:
    with merchant_scope(cashier.merchant_id):
        rows = Commission.objects.order_by("held_at", "id").values_list("line_id", flat=True)
        return [str(id) for id in rows]


def test_a_line_tells_the_same_as_the_page(cashier: Cashier) -> None:
    call, desk = caller(cashier.earner)
    cashier.earn(2)
    cashier.earner.sell(3)
    cashier.approve(cashier.propose())
    cashier.send()
    mine = call.get(f"{desk}/promoters/me")
    sums = {name: mine[name]["fen"] for name in ("held", "released", "claimed", "paid", "owed")}
    assert sums == {"held": 3 * SHARE, "released": 0, "claimed": 2 * SHARE, "paid": 0, "owed": 0}
    items = call.get(f"{desk}/promoters/me/income")["items"]
    assert [(one["state"], one["earned_fen"]) for one in items] == [
        ("held", 3 * SHARE),
        ("claimed", 2 * SHARE),
    ]
    held = call.get(f"{desk}/promoters/me/income?state=held")["items"]
    assert [one["line_id"] for one in held] == [items[0]["line_id"]]
    story = call.get(f"{desk}/promoters/me/income/{items[1]['line_id']}")
    assert story["rule"] == {
        "plan_version": 1,
        "position": 1,
        "about": story["rule"]["about"],
        "rate_bps": 1_000,
        "unit_fen": None,
    }
    assert [(one["source"], one["destination"], one["fen"]) for one in story["postings"]] == [
        ("buyer_funds", "held.promoter", 2 * SHARE),
        ("held.promoter", "released.promoter", 2 * SHARE),
    ]
    assert [(one["state"], one["fen"]) for one in story["payouts"]] == [("approved", 2 * SHARE)]
    waiting = call.get(f"{desk}/promoters/me/income/{items[0]['line_id']}")
    assert waiting["waits_for"] == "receipt"


def test_a_payout_that_waits_hands_over_what_wechat_needs(cashier: Cashier) -> None:
    call, desk = caller(cashier.earner)
    cashier.earn(2)
    cashier.approve(cashier.propose())
    cashier.send()
    (payout,) = call.get(f"{desk}/promoters/me/payouts")["items"]
    assert (payout["amount_fen"], payout["waiting"], payout["arrived_fen"]) == (2 * SHARE, 1, 0)
    there = f"{desk}/promoters/me/payouts/{payout['payout_id']}"
    told = call.get(there)
    (part,) = told["transfers"]
    row = cashier.transfers()[0]
    assert (part["state"], part["package"], part["mch_id"]) == (
        "waiting",
        row.package,
        cashier.sandbox.papers["mchid"],
    )
    assert [line["fen"] for line in told["lines"]] == [2 * SHARE]
    cashier.end(row, "SUCCESS")
    told = call.get(there)
    assert (told["state"], told["arrived_fen"], told["transfers"][0]["package"]) == ("paid", 2 * SHARE, "")


def test_the_payee_needs_the_consent_that_was_read(cashier: Cashier) -> None:
    call, desk = caller(make_earner(cashier.earner.shop, name="阿棠"))
    there = f"{desk}/promoters/me/payee"
    read = call.get(there)
    assert (read["way"], read["consent"]["standing"]) == ("", "never")
    stale = call("PUT", there, PAYEE | {"consent_version": "2020-01"})
    assert (stale.status, stale.code) == (409, "consent_changed")
    said = call("PUT", there, PAYEE | {"consent_version": read["consent"]["version"]})
    assert said.status == 200
    told = call.get(there)
    assert (told["masked_name"], told["card_end"], told["consent"]["standing"]) == ("何**", "0001", "given")
    assert "6222" not in str(told) and "小禾" not in str(told)
    assert call("DELETE", there).status == 204
    assert call.get(there)["way"] == ""


def test_nobody_elses_line_or_payout_is_there(cashier: Cashier) -> None:
    cashier.earn(1)
    cashier.propose()
    (line_id,) = line_ids(cashier)
    other, desk = caller(make_earner(cashier.earner.shop, name="阿棠"))
    for path in (f"income/{line_id}", f"payouts/{cashier.payout().id}"):
        assert caller(cashier.earner)[0].get(f"{desk}/promoters/me/{path}")
        refused = other("GET", f"{desk}/promoters/me/{path}")
        assert (refused.status, refused.code) == (404, "not_found")
    assert other.get(f"{desk}/promoters/me/income")["items"] == []
    stranger: Caller = caller(make_earner(make_cashier(cashier.sandbox).earner.shop))[0]
    assert stranger("GET", f"{desk}/promoters/me/payouts").status == 404
