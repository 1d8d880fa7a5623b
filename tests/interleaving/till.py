"""A counter whose promoter is paid out: batches, the channel's words on their bills, and how payouts end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Literal
from uuid import UUID

from tests.interleaving.counter import UNITS, Counter, find_broken
from tests.interleaving.harness import Work
from tests.support.paying import PaySandbox
from tongdao.finance.ledger.chart import AccountRef
from tongdao.finance.ledger.queries import balance
from tongdao.foundation.actors import CHANNEL, Actor
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.wechat import attach
from tongdao.party.people.wechat.gateway import Seen
from tongdao.rewards.settlement.models import Payout, PayoutBatch, PayoutLine, Transfer, Way
from tongdao.rewards.settlement.operations import (
    PayeeTerms,
    approve_batch,
    give_up,
    note_bank_payment,
    propose_batch,
    record_transfer,
    reject_batch,
    say_payee,
    send_again,
    send_transfer,
)
from tongdao.rewards.settlement.states import OPEN
from tongdao.trade.payments.gateways import TransferNotice

Stage = Literal["due", "proposed", "approved", "failed"]
STAGES: tuple[Stage, ...] = ("due", "proposed", "approved", "failed")
LIVE = {"claimed": "claimed", "approved": "claimed", "paid": "paid", "partly": "paid"}
TWO_PARTS = 17  # units whose commission is above what one transfer may carry


class Till(Counter):
    """The promoter of a counter whose order is released is paid out; the payout stands at `stage`."""

    def __init__(self, stage: Stage, units: int = UNITS, sandbox: PaySandbox | None = None) -> None:
        super().__init__("released", units)
        self.clerk, self.owner = Actor("staff", uuid7()), Actor("staff", uuid7())
        self.sandbox = sandbox
        if sandbox:  # from now on; what was paid before was paid elsewhere
            sandbox.connect(self.earner.shop)
        person = self.earner.person
        appid = sandbox.papers["appid"] if sandbox else self.account.appid
        attach(person.pk, Seen(appid, f"o{token(27)}", ""))
        with merchant_scope(self.merchant_id):
            say_payee(
                self.earner.promoter_id, PayeeTerms(Way.WECHAT, "何小禾"), actor=Actor("person", person.pk)
            )
        steps = {"proposed": self.propose(), "approved": self.approve(), "failed": self.told("failed")}
        for name in STAGES[1 : STAGES.index(stage) + 1]:
            steps[name]()

    def propose(self) -> Work:
        return self.scoped(lambda: propose_batch(Fen(1), actor=self.clerk).id)

    def approve(self) -> Work:
        return self.scoped(lambda: approve_batch(_latest(PayoutBatch), actor=self.owner))

    def reject(self) -> Work:
        return self.scoped(lambda: reject_batch(_latest(PayoutBatch), actor=self.clerk))

    def told(self, state: Literal["waiting", "paid", "failed"]) -> Work:
        """The channel's word on the first bill that is open, or on the last that was."""

        def work() -> object:
            rows = Transfer.objects.order_by("id")
            row = rows.filter(state__in=["created", "accepted", "waiting"]).first() or rows.last()
            return row and record_transfer(TransferNotice(row.bill_no, state, "ch"), actor=CHANNEL)

        return self.scoped(work)

    def bills(self, *states: str) -> list[Transfer]:
        with merchant_scope(self.merchant_id):
            return list(Transfer.objects.filter(state__in=states or OPEN).order_by("id"))

    def send(self) -> Work:
        """The worker: each bill that is open is asked for, or asked about. Needs the sandbox."""

        def work() -> None:
            for row in self.bills():
                send_transfer(self.merchant_id, row.id)

        return work

    def settle(self, state: Literal["SUCCESS", "FAIL"]) -> Work:
        """The first bill that is open ends so at the channel, if that knows it. We are not told."""

        def work() -> None:
            for row in self.bills()[:1]:
                assert self.sandbox is not None
                with suppress(AssertionError):  # it has no such bill yet, or it is over
                    self.sandbox.control("/settle_transfer", out_bill_no=row.bill_no, state=state)

        return work

    def send_again(self) -> Work:
        return self.scoped(lambda: send_again(_latest(Payout), actor=self.owner))

    def bank(self) -> Work:
        return self.scoped(lambda: note_bank_payment(_latest(Payout), "2026112200017", actor=self.owner))

    def give_up(self) -> Work:
        return self.scoped(lambda: give_up(_latest(Payout), actor=self.owner))


def _latest(model: type[PayoutBatch] | type[Payout]) -> UUID:
    found = model.objects.order_by("id").last()
    if found is None:
        raise NotFound()
    return found.id


def find_unpaid(till: Till) -> Iterator[str]:
    """One line for everything about payouts that does not hold."""
    arrived = 0
    for payout in Payout.objects.all():
        paid = payout.bank_fen + sum(
            row.amount_fen for row in Transfer.objects.filter(payout=payout, state="paid")
        )
        arrived += paid
        yield from _unlike(payout, paid)
        yield from _lines(payout, paid)
    live = list(PayoutLine.objects.filter(live=True).values_list("commission_id", flat=True))
    if len(live) != len(set(live)):
        yield "a commission is in two payouts"
    bills = list(Transfer.objects.filter(state__in=OPEN).values_list("payout_id", "part"))
    if len(bills) != len(set(bills)):
        yield "a part has two bills that are open"
    if balance(AccountRef("external.payee")) != arrived:
        yield f"{arrived} has arrived, the books say {balance(AccountRef('external.payee'))}"


def _unlike(payout: Payout, paid: int) -> Iterator[str]:
    whole, nothing = paid == payout.amount_fen, paid == 0
    ends = {"paid": whole, "returned": nothing, "partly": not whole and not nothing}
    if paid > payout.amount_fen or not ends.get(payout.state, not whole):
        yield f"a {payout.state} payout of {payout.amount_fen}: {paid} has arrived"


def _lines(payout: Payout, paid: int) -> Iterator[str]:
    told = f"a {payout.state} payout of {payout.amount_fen}"
    lines = list(PayoutLine.objects.filter(payout=payout).select_related("commission"))
    if sum(line.amount_fen for line in lines) != payout.amount_fen:
        yield f"{told} has other lines"
    if payout.ended_at and sum(line.paid_fen for line in lines) != paid:
        yield f"{told}: {paid} has arrived, and its lines brought something else"
    for line in lines:
        whole = payout.state != "partly" or line.paid_fen == line.amount_fen
        if line.live != (payout.state in LIVE and whole):
            yield f"{told} has a line that is not so"
        if line.live and line.commission.state != LIVE[payout.state]:
            yield f"{told} of a commission that is {line.commission.state}"


def broken(till: Till) -> list[str]:
    with merchant_scope(till.merchant_id):
        found = list(find_unpaid(till))
    return [*found, *find_broken(till)]
