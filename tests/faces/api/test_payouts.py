"""Payouts by program: looked at, proposed, approved by another one, told line by line to the fen."""

from __future__ import annotations

import pytest

from tests.faces.api.calling import Caller, World, make_world
from tests.faces.console.payout_examples import CARD, earned, known
from tests.faces.promoter.support import Earner
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.settlement.models import Way
from tongdao.trade.aftersales.operations import refund_lines
from tongdao.trade.orders.models import Order, OrderLine

EARNED = 1_280  # fen on one piece


@pytest.fixture
def world() -> World:
    world = make_world((12_800,))
    world.owner("PUT", f"{world.desk}/commission-plan", {"rate_bps": 1_000})
    return world


@pytest.fixture
def clerk(world: World) -> Caller:
    return world.staff[Role.FINANCE]


def order_of(world: World, earner: Earner) -> str:
    with merchant_scope(world.shop.merchant_id):
        return str(Commission.objects.get(promoter_id=earner.promoter_id).order_id)


def test_from_the_preview_to_the_bank(world: World, clerk: Caller) -> None:
    earner = earned(world.shop, 2, way=Way.BANK)
    earned(world.shop, 1, way=None)
    due = clerk.get(f"{world.desk}/payouts-due")
    assert (due["amount_fen"], due["least_fen"]) == (2 * EARNED, 100)
    assert [(row["promoter_id"], row["lines"], row["way"]) for row in due["ready"]] == [
        (str(earner.promoter_id), 1, "bank")
    ]
    assert [(row["hindrance"], row["amount_fen"]) for row in due["others"]] == [("nameless", EARNED)]
    wrong = clerk("POST", f"{world.desk}/payout-batches", {"expected_fen": EARNED})
    assert (wrong.status, wrong.code) == (409, "payouts_changed")
    batch = clerk.post(f"{world.desk}/payout-batches", {"expected_fen": 2 * EARNED}, 201)
    here = f"{world.desk}/payout-batches/{batch['payout_batch_id']}"
    assert clerk("POST", f"{here}/approve").code == "same_person_decides"
    assert world.owner("POST", f"{here}/withdraw").code == "not_your_proposal"
    approved = world.owner.post(f"{here}/approve")
    assert (approved["state"], approved["decided_by"]) == ("approved", str(world.owner.person_id))
    (row,) = clerk.get(f"{world.desk}/payouts?state=approved")["items"]
    there = f"{world.desk}/payouts/{row['payout_id']}"
    whole = clerk.get(there)
    assert [(line["rule"], line["amount_fen"]) for line in whole["lines"]] == [("plan:1.1", 2 * EARNED)]
    assert clerk.post(f"{there}/unmask")["card"] == CARD
    assert clerk("POST", f"{there}/send").status == 404
    paid = clerk.post(f"{there}/bank-payment", {"number": "B-1", "paid_on": "2026-01-05"})
    assert (paid["state"], paid["arrived_fen"], paid["proof"]) == ("paid", 2 * EARNED, "2026-01-05 B-1")
    told = clerk.get(here)
    assert told["by_state"] == [{"state": "paid", "payouts": 1, "amount_fen": 2 * EARNED}]
    assert told["arrived_fen"] == 2 * EARNED


def test_given_up_or_rejected_it_is_due_again(world: World, clerk: Caller) -> None:
    earned(world.shop)
    batch = clerk.post(f"{world.desk}/payout-batches", {}, 201)
    here = f"{world.desk}/payout-batches/{batch['payout_batch_id']}"
    assert world.owner("POST", f"{here}/reject", {"reason": "weather"}).code == "reject_reason_unknown"
    rejected = world.owner.post(f"{here}/reject", {"reason": "no_money"})
    assert (rejected["state"], rejected["reason"]) == ("rejected", "no_money")
    again = clerk.post(f"{world.desk}/payout-batches", {}, 201)
    assert again["amount_fen"] == EARNED
    world.owner.post(f"{world.desk}/payout-batches/{again['payout_batch_id']}/approve")
    (row,) = clerk.get(f"{world.desk}/payouts?state=approved")["items"]
    given_up = clerk.post(f"{world.desk}/payouts/{row['payout_id']}/give-up")
    assert (given_up["state"], given_up["transfers"]) == ("returned", [])
    assert clerk.get(f"{world.desk}/payouts-due")["amount_fen"] == EARNED


def test_a_name_is_checked_as_it_was_seen(world: World, clerk: Caller) -> None:
    earner = earned(world.shop)
    there = f"{world.desk}/payees/{earner.promoter_id}"
    full = clerk.post(f"{there}/unmask")
    assert full["real_name"] == "何小禾" and "real_name" not in clerk.get(there)
    old = clerk("POST", f"{there}/check", {"seen": "2026-01-05T08:00:00Z"})
    assert (old.status, old.code) == (409, "payee_changed")
    checked = clerk.post(f"{there}/check", {"seen": full["said_at"]})
    assert checked["checked_by"] == str(clerk.person_id)
    assert clerk.get(f"{world.desk}/payees?state=waiting")["items"] == []


def test_the_minimum_holds_for_the_next_proposal(world: World, clerk: Caller) -> None:
    known(earned(world.shop))
    for least in (9, 20_001):
        answer = world.owner("PUT", f"{world.desk}/payout-minimum", {"least_fen": least})
        assert (answer.status, answer.code) == (422, "payout_minimum_invalid")
    assert world.owner("PUT", f"{world.desk}/payout-minimum", {"least_fen": EARNED + 1}).status == 200
    assert clerk("POST", f"{world.desk}/payout-batches", {}).code == "nothing_due"
    assert clerk.get(f"{world.desk}/payouts-due")["others"][0]["hindrance"] == "too_little"


def test_an_orders_waterfall_after_money_went_back(world: World, clerk: Caller) -> None:
    earner = earned(world.shop, 2)
    order_id = order_of(world, earner)
    there = f"{world.desk}/orders/{order_id}/waterfall"
    before = clerk.get(there)
    assert sum(part["hundred_fen"] for part in before["parts"]) == 10_000
    shares = {share["kind"]: share for share in before["shares"]}
    assert (shares["promoter"]["agreed_fen"], shares["promoter"]["stage"]) == (2 * EARNED, "released")
    with merchant_scope(world.shop.merchant_id):
        order = Order.objects.get(pk=order_id)
        line = OrderLine.objects.get(order=order)
        refund_lines(order.id, {line.id: 1}, freight="none", reason="damaged", actor=SYSTEM)
    after = clerk.get(there)
    assert (after["total_fen"], after["back_fen"]) == (25_600, 12_800)
    shares = {share["kind"]: share for share in after["shares"]}
    assert (shares["promoter"]["back_fen"], shares["promoter"]["left_fen"]) == (EARNED, EARNED)
    (row,) = clerk.get(f"{world.desk}/commissions")["items"]
    assert (row["amount_fen"], row["clawed_fen"], row["rule"]) == (2 * EARNED, EARNED, "plan:1.1")


def test_what_a_held_commission_waits_for(world: World, clerk: Caller) -> None:
    earner = earned(world.shop, way=None)
    earner.sell(1)
    earner.receive(earner.sell(1))
    found = {row["waits_for"]: row for row in clerk.get(f"{world.desk}/commissions?state=held")["items"]}
    assert set(found) == {"receipt", "window"} and found["window"]["not_before"]


def test_balances_sum_to_nought_now_and_on_a_day(world: World, clerk: Caller) -> None:
    earned(world.shop)
    told = clerk.get(f"{world.desk}/ledger/balances")
    kinds = {each["kind"]: each["balance_fen"] for each in told["kinds"]}
    assert sum(kinds.values()) == 0 and kinds["external.buyer"] == -12_800
    assert kinds["released.promoter"] == EARNED and told["sealed_until"] is None
    assert clerk.get(f"{world.desk}/ledger/balances?on=2020-01-01")["kinds"] == []
