"""The worker killed while it sends a batch: every promoter is sent one bill, and nobody is paid twice."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from tests.conftest import Cluster
from tests.faces.promoter.support import SHARE, Earner, make_earner
from tests.rewards.killing import PATIENCE, drawn, kill_at, start
from tests.rewards.settlement.cashier import ALL, Cashier, make_cashier
from tests.support.paying import PaySandbox
from tongdao.finance.ledger.chart import AccountRef
from tongdao.finance.ledger.queries import balance
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.wechat import attach
from tongdao.party.people.wechat.gateway import Seen
from tongdao.rewards.settlement.models import Payout, Transfer, Way
from tongdao.rewards.settlement.operations import PayeeTerms, say_payee, sweep_transfers

PROGRAM = """
from datetime import timedelta
import django
django.setup()
from tongdao.foundation import clock
from tongdao.rewards.settlement.operations import sweep_transfers
for later in (0, 60, 120):
    with clock.shifted(timedelta(seconds=later)):
        sweep_transfers(clock.now(), 100_000)
"""
PROMOTERS = 12


@pytest.fixture
def cashier(sandbox: PaySandbox) -> Cashier:
    """Many promoters of one shop, each with something due, in one approved batch."""
    made = make_cashier(sandbox)
    earners = [made.earner, *(_another(made) for _ in range(PROMOTERS - 1))]
    for earner in earners:
        earner.complete(earner.sell())
    made.approve(made.propose())
    return made


def _another(cashier: Cashier) -> Earner:
    earner = make_earner(cashier.earner.shop)
    attach(earner.person.pk, Seen(cashier.sandbox.papers["appid"], f"o{token(27)}", ""))
    with merchant_scope(cashier.merchant_id):
        say_payee(
            earner.promoter_id,
            PayeeTerms(Way.WECHAT, "何小禾"),
            actor=Actor("person", earner.person.pk),
        )
    return earner


def bills(cashier: Cashier) -> list[dict[str, object]]:
    """What the channel has of this shop's transfers."""
    numbers = {row.bill_no for row in cashier.transfers()}
    bearer = (cashier.sandbox.data / "control.token").read_text("utf-8")
    url = f"{cashier.sandbox.papers['gateway']}/_control/transfers"
    rows = httpx.get(url, headers={"Authorization": f"Bearer {bearer}"}, timeout=30).json()["data"]
    return [row for row in rows if row["out_bill_no"] in numbers]


def check(cashier: Cashier) -> None:
    """One bill at the channel for each payout at most, and the books are what has arrived."""
    numbers = [row["out_bill_no"] for row in bills(cashier)]
    assert len(numbers) == len(set(numbers)) <= PROMOTERS
    with merchant_scope(cashier.merchant_id):
        rows = list(Transfer.objects.all())
        assert len(rows) == len({row.payout_id for row in rows}) == PROMOTERS
        arrived = sum(row.amount_fen for row in rows if row.state == "paid")
        assert balance(AccountRef("external.payee")) == arrived
    assert_ledger_sound(cashier.merchant_id)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_drawn_moments_it_sends_each_once(cashier: Cashier, cluster: Cluster, seed: int) -> None:
    moments = drawn(seed, PROMOTERS)
    kills = 0
    for moment in moments:
        kills += kill_at(cluster, PROGRAM, moment, lambda: len(bills(cashier)))
        check(cashier)
    assert kills, "it was never killed: give it more promoters"
    assert start(cluster, PROGRAM).wait(PATIENCE) == 0
    assert len(bills(cashier)) == PROMOTERS
    for row in cashier.transfers():
        cashier.sandbox.control("/settle_transfer", out_bill_no=row.bill_no, state="SUCCESS")
    with clock.shifted(timedelta(hours=1)):  # nobody heard the channel: it is asked
        sweep_transfers(clock.now(), ALL)
    check(cashier)
    with merchant_scope(cashier.merchant_id):
        assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}
        assert balance(AccountRef("external.payee")) == PROMOTERS * SHARE
