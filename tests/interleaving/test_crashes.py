"""A process that is gone between any two of its statements: nothing half done, and the sweeps go on.

TONGDAO_EXAMPLES raises the number of histories tried (default 20).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interleaving.conftest import Observer
from tests.interleaving.counter import UNITS
from tests.interleaving.harness import Course, Work, in_turns
from tests.interleaving.test_histories import EXAMPLES, SCHEDULES, relaxed
from tests.interleaving.till import STAGES, TWO_PARTS, Stage, Till, broken
from tests.support.paying import PaySandbox
from tongdao.finance.ledger.chart import AccountRef
from tongdao.finance.ledger.queries import balance
from tongdao.foundation.actors import CHANNEL
from tongdao.foundation.events import run_reader
from tongdao.foundation.events.intents import deliver
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.settlement.models import Payout, PayoutBatch, Transfer
from tongdao.rewards.settlement.operations import approve_batch, give_up, propose_batch, reject_batch
from tongdao.rewards.settlement.refusals import NothingDue
from tongdao.rewards.settlement.states import TRANSFER
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.gateways import RefundNotice
from tongdao.trade.payments.models import Refund
from tongdao.trade.payments.operations import record_refund

KINDS: dict[str, Callable[[Till], Work]] = {
    "capture another": lambda till: till.pay(till.third_id),
    "give 1": lambda till: till.give(1),
    "give 2 of the next": lambda till: till.give(2, till.next_id),
    "release": lambda till: till.release(),
    "propose": lambda till: till.propose(),
    "approve": lambda till: till.approve(),
    "reject": lambda till: till.reject(),
    "send": lambda till: till.send(),
    "the payee takes it": lambda till: till.settle("SUCCESS"),
    "the channel cannot": lambda till: till.settle("FAIL"),
    "send again": lambda till: till.send_again(),
    "the bank": lambda till: till.bank(),
    "give up": lambda till: till.give_up(),
    "the refund has arrived": lambda till: till.answer("succeeded"),
}
CUT: list[tuple[Stage, tuple[str, ...], str]] = [
    ("due", (), "capture another"),
    ("due", (), "give 1"),
    ("due", ("give 1",), "the refund has arrived"),
    ("due", (), "release"),
    ("due", (), "propose"),
    ("proposed", (), "approve"),
    ("proposed", (), "reject"),
    ("approved", (), "send"),
    ("approved", ("send", "the payee takes it"), "send"),
    ("approved", ("send", "the channel cannot"), "send"),
    ("failed", (), "send again"),
    ("failed", ("send", "the payee takes it", "send", "give 1"), "give up"),
    ("failed", ("send", "the payee takes it", "send"), "the bank"),
]
STATEMENTS = 120  # none of these has as many


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    """A channel that never tells and must be asked."""
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    running.control("/modes", scope="default", mode={"transfer_delay_seconds": 0, "notification": "lost"})
    yield running
    running.close()


def at_the_channel(till: Till) -> list[dict[str, object]]:
    """The bills that it has of this shop."""
    assert till.sandbox is not None
    numbers = {row.bill_no for row in till.bills(*TRANSFER.states)}
    bearer = (till.sandbox.data / "control.token").read_text("utf-8")
    url = f"{till.sandbox.papers['gateway']}/_control/transfers"
    rows = httpx.get(url, headers={"Authorization": f"Bearer {bearer}"}, timeout=30).json()["data"]
    return [row for row in rows if row["out_bill_no"] in numbers]


def answer_refunds() -> None:
    for number in Refund.objects.order_by("id").values_list("refund_no", flat=True):
        record_refund(RefundNotice(number, "succeeded"), actor=CHANNEL)


def go_on(till: Till) -> None:
    """Whoever was gone is started again, and people do what is left to them: in the end all is paid."""
    till.scoped(answer_refunds)()
    while run_reader("aftersales.settling", till.merchant_id) or deliver(till.merchant_id):
        continue
    till.release()()
    till.send()()
    while till.bills():
        till.settle("SUCCESS")()
        till.send()()
    with merchant_scope(till.merchant_id):
        batches = list(PayoutBatch.objects.filter(state="proposed").values_list("id", flat=True))
        payouts = list(Payout.objects.filter(state="approved").values_list("id", flat=True))
    for id in batches:
        till.scoped(lambda id=id: reject_batch(id, actor=till.owner))()  # type: ignore[misc]
    for id in payouts:
        till.scoped(lambda id=id: give_up(id, actor=till.owner))()  # type: ignore[misc]
    try:
        with merchant_scope(till.merchant_id):
            last = propose_batch(Fen(1), actor=till.clerk).id
    except NothingDue:
        return
    till.scoped(lambda: approve_batch(last, actor=till.owner))()
    till.send()()
    while till.bills():
        till.settle("SUCCESS")()
        till.send()()


def find_missing(till: Till) -> Iterator[str]:
    """What is still wanting after all went on."""
    with merchant_scope(till.merchant_id):
        who = till.earner.promoter_id
        for kind in ("released", "claimed"):
            if fen := balance(AccountRef(f"{kind}.promoter", who)):
                yield f"{fen} is {kind} and was not paid"
        paid = balance(AccountRef("external.payee"))
        owed = -balance(AccountRef("owed_back.promoter", who))
        over = Commission.objects.filter(order__released_at__isnull=False)
        if paid - owed != sum(row.kept_fen for row in over):
            yield f"{paid} was paid and {owed} is owed, {sum(row.kept_fen for row in over)} was earned"
        bank = sum(Payout.objects.values_list("bank_fen", flat=True))
        if Order.objects.filter(state="completed", released_at__isnull=True).exists():
            yield "an order is not released"
        sent = {row.bill_no for row in Transfer.objects.filter(state="paid")}
    bills = at_the_channel(till)
    taken = [row for row in bills if row["state"] == "SUCCESS"]
    if {row["out_bill_no"] for row in taken} != sent or len(taken) != len(sent):
        yield "the channel has paid other bills than we know of"
    if sum(int(str(row["amount"])) for row in taken) + bank != paid:
        yield f"the channel has paid {taken}, the bank {bank}, the books say {paid}"


def whole(till: Till) -> list[str]:
    """Nothing is wrong, and when all has gone on nothing is missing or doubled."""
    faults = broken(till)
    go_on(till)
    return [*faults, *broken(till), *find_missing(till)]


@pytest.mark.parametrize(("stage", "before", "kind"), CUT, ids=lambda each: each or None)
def test_cut_off_after_each_of_its_statements(
    observer: Observer, sandbox: PaySandbox, stage: Stage, before: tuple[str, ...], kind: str
) -> None:
    """Again and again, each time one statement later, until it gets through."""
    till = Till(stage, TWO_PARTS, sandbox)
    for name in before:
        KINDS[name](till)()
    for statements in range(STATEMENTS):
        (outcome,) = in_turns([KINDS[kind](till)], [], observer, {0: statements}).outcomes
        assert broken(till) == [], f"after {statements} statements"
        if not outcome.gone:
            break
    assert statements > 5 and outcome.ok, repr(outcome.error)
    assert whole(till) == []


def history(
    till: Till, kinds: list[str], schedule: list[int], cuts: Mapping[int, int], observer: Observer
) -> Course:
    course = in_turns([KINDS[kind](till) for kind in kinds], schedule, observer, cuts)
    faults = [repr(one.error) for one in course.outcomes if one.error and not isinstance(one.error, Refusal)]
    faults += whole(till)
    assert not faults, "\n".join([*faults, str(course)])
    return course


@settings(relaxed, max_examples=max(EXAMPLES // 2, 1))
@given(
    stage=st.sampled_from(STAGES),
    kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=5),
    units=st.sampled_from([UNITS, TWO_PARTS]),
    schedule=SCHEDULES,
    cuts=st.dictionaries(st.integers(0, 4), st.integers(0, 40), min_size=1, max_size=3),
)
def test_whoever_is_gone_whenever(
    observer: Observer,
    sandbox: PaySandbox,
    stage: Stage,
    kinds: list[str],
    units: int,
    schedule: list[int],
    cuts: dict[int, int],
) -> None:
    ENDS.update(
        "gone" if one.gone else "ok" if one.ok else "refused"
        for one in history(Till(stage, units, sandbox), kinds, schedule, cuts, observer).outcomes
    )


ENDS: Counter[str] = Counter()


def test_what_was_drawn_was_cut_off_and_went_through() -> None:
    """Of the histories above: a test of crashes without crashes would say nothing."""
    assert ENDS["gone"] and ENDS["ok"], ENDS
