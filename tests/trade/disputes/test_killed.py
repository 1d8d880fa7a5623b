"""Rulings carried out and cases whose time is over by a worker that is killed: each once, and all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db.models import Sum

from tests.conftest import Cluster
from tests.faces.promoter.support import PRICE, SHARE, Earner, make_earner, make_promoted_shop
from tests.rewards.killing import PATIENCE, drawn, kill_at, start, wait_for
from tests.support.complaining import STAFF, Sale, do
from tests.tenancy.catalogue import superuser
from tongdao.finance.ledger.chart import REFUND_DUE
from tongdao.finance.ledger.queries import balance
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Commission
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations import refuse_case
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.operations import Decision, open_dispute, rule_dispute, state_case
from tongdao.trade.payments.models import PaymentAttempt, Refund

SALES = 12  # a third of them is ruled for the buyer, a third in part, a third for the seller
HALF = PRICE // 2
DECISIONS = (
    Decision("buyer", "quality", "支持买家。"),
    Decision("part", "fairness", "各担一半。", goods_fen=HALF),
    Decision("seller", "goods_used", "支持商家。"),
)
PROGRAM = """
from datetime import timedelta
import django
django.setup()
from tongdao.foundation import clock
from {room}.operations{of} import {sweep}
{sweep}(clock.now() + timedelta(days=30), 100_000)
"""
WAITING = """
select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%payment_attempt%'
"""


@dataclass(frozen=True)
class Docket:
    """Cases of one shop that a sweep has to move, and what each comes to."""

    earner: Earner
    program: str
    fen: Counter[int]  # refunds that there are in the end, by amount

    @property
    def merchant_id(self) -> UUID:
        return self.earner.shop.merchant_id

    def moved(self) -> int:
        with merchant_scope(self.merchant_id):
            return AfterSale.objects.exclude(state__in=["requested", "refused"]).count()

    def check(self) -> None:
        """A case has its money and its ruling is carried out, or neither; nothing of it came twice."""
        with merchant_scope(self.merchant_id):
            for dispute in Dispute.objects.select_related("aftersale"):
                waits = dispute.aftersale.state == "refused"
                assert (dispute.state == "ruled") == waits == (dispute.aftersale.paused_left is not None)
            granted = AfterSale.objects.filter(state="granted")
            assert {row.refund_id for row in granted} == set(Refund.objects.values_list("id", flat=True))
            names = ["dispute.enforced", "after_sale.granted", "refund.requested"]
            told = Counter(Event.objects.filter(name__in=names).values_list("name", "subject_id"))
            assert set(told.values()) <= {1}
            back = Refund.objects.aggregate(fen=Sum("amount_fen"))["fen"] or 0
            promised = PaymentAttempt.objects.aggregate(fen=Sum("refunded_fen"))["fen"] or 0
            assert back == promised == balance(REFUND_DUE)
            clawed = Commission.objects.aggregate(fen=Sum("clawed_fen"))["fen"] or 0
            assert clawed == back * SHARE // PRICE, "the promoter's part of what went back"
        assert_ledger_sound(self.merchant_id)

    def finish(self, cluster: Cluster) -> None:
        """The worker is started again, and once more: nothing is missing, and nothing comes twice."""
        for _ in range(2):
            assert start(cluster, self.program).wait(PATIENCE) == 0
            self.check()
            with merchant_scope(self.merchant_id):
                assert Counter(Refund.objects.values_list("amount_fen", flat=True)) == self.fen
        assert self.moved() == SALES


def complain(earner: Earner) -> tuple[Sale, AfterSale]:
    sale = Sale(earner, earner.sell())
    sale.pack()
    sale.arrive()
    return sale, sale.ask("refund_only", "quality")


def ruled() -> Docket:
    """Rulings that nobody appeals against."""
    earner = make_earner(make_promoted_shop())
    for number in range(SALES):
        sale, case = complain(earner)
        sale.do(refuse_case, case, "as_described", text="出库前有质检")
        dispute = do(sale, open_dispute, case.id, "照片为证", side=Side.BUYER, actor=sale.buyer)
        do(sale, state_case, dispute.id, "包装完好", side=Side.SELLER, actor=STAFF)
        decision = DECISIONS[number % len(DECISIONS)]
        do(sale, rule_dispute, dispute.id, decision, actor=Actor("operator", uuid7()))
    program = PROGRAM.format(room="tongdao.trade.disputes", of="", sweep="sweep_disputes")
    return Docket(earner, program, Counter({PRICE: SALES // 3, HALF: SALES // 3}))


def unanswered() -> Docket:
    """Cases that the shop left unanswered."""
    earner = make_earner(make_promoted_shop())
    for _ in range(SALES):
        complain(earner)
    program = PROGRAM.format(room="tongdao.trade.aftersales", of=".timing", sweep="sweep_cases")
    return Docket(earner, program, Counter({PRICE: SALES}))


@pytest.mark.slow
@pytest.mark.parametrize("make", [ruled, unanswered])
def test_killed_with_its_transaction_open(make: Callable[[], Docket], cluster: Cluster) -> None:
    """In the middle of giving the money back: the dispute and the case are claimed by then."""
    docket = make()
    with superuser() as watcher, superuser() as admin, admin.transaction(force_rollback=True):
        admin.execute("select from payment_attempt where merchant_id = %s for update", [docket.merchant_id])
        program = start(cluster, docket.program)
        wait_for(lambda: watcher.execute(WAITING).fetchone() is not None)
        program.kill()
        assert program.wait(PATIENCE) == -9
    docket.check()
    with merchant_scope(docket.merchant_id):
        assert not Refund.objects.exists()
    docket.finish(cluster)


@pytest.mark.slow
@pytest.mark.parametrize(("make", "seed"), [(ruled, 1), (unanswered, 2)])
def test_killed_at_drawn_moments_again_and_again(
    make: Callable[[], Docket], seed: int, cluster: Cluster
) -> None:
    docket = make()
    kills = 0
    for moment in drawn(seed, SALES):
        kills += kill_at(cluster, docket.program, moment, docket.moved)
        docket.check()
    assert kills, "it was never killed: give it more cases"
    docket.finish(cluster)
