"""A shop with one promoted order at a stage of its life, and all who move its money at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal
from uuid import UUID

from django.db.models import Sum

from tests.faces.promoter.support import Earner, make_earner, make_promoted_shop, release
from tests.interleaving.harness import Work
from tests.interleaving.world import _account, _attempt
from tests.support.builders import AFTER_RETURNS
from tongdao.finance.ledger.chart import AccountRef
from tongdao.finance.ledger.operations import Draft, post_transactions
from tongdao.finance.ledger.queries import balance
from tongdao.finance.ledger.soundness import find_faults
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Clawback, Commission, Netting
from tongdao.rewards.commissions.operations import (
    TakenOut,
    note_paid_out,
    paid_line,
    put_back,
    take_for_payouts,
)
from tongdao.rewards.settlement.models import Transfer
from tongdao.trade.aftersales.models import AfterSaleLine, AfterSaleShare, LineRefunded
from tongdao.trade.aftersales.operations import cancel_order, refund_lines
from tongdao.trade.orders.models import Order, OrderLine, WaterfallShare
from tongdao.trade.payments.gateways import PaidNotice, RefundNotice
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.operations import capture, record_refund
from tongdao.trade.shipping.operations import pack_parcel

Stage = Literal["unpaid", "paid", "shipped", "received", "released", "claimed", "paid_out"]
STAGES: tuple[Stage, ...] = ("unpaid", "paid", "shipped", "received", "released", "claimed", "paid_out")
UNITS = 3
LATER = AFTER_RETURNS


class Counter:
    """`order_id` stands at `stage`; `next_id` is another one of the promoter's, received and due; `third_id`
    is not paid for yet.
    """

    def __init__(self, stage: Stage, units: int = UNITS) -> None:
        self.units = units
        self.earner: Earner = make_earner(make_promoted_shop())
        self.merchant_id = self.earner.shop.merchant_id
        with merchant_scope(self.merchant_id):
            self.account = _account()
        self.trade_nos: dict[UUID, str] = {}
        self.order_id, self.next_id, self.third_id = self._order(), self._order(), self._order()
        self._walk(self.next_id, "received")
        self._walk(self.order_id, stage)

    def _order(self) -> UUID:
        order_id = self.earner.order(self.units)
        with merchant_scope(self.merchant_id):
            order = Order.objects.get(pk=order_id)
            self.trade_nos[order_id] = _attempt(order.purchase_id, self.account, "h5")
            PaymentAttempt.objects.filter(trade_no=self.trade_nos[order_id]).update(
                amount_fen=order.total_fen
            )
        return order_id

    def _walk(self, order_id: UUID, stage: Stage) -> None:
        steps = {
            "paid": self.pay(order_id),
            "shipped": self.pack(order_id),
            "received": lambda: self.earner.receive(order_id),
            "released": lambda: release(self.earner.shop, order_id),
            "claimed": self.claim(),
            "paid_out": self.paid_out(),
        }
        for name in STAGES[1 : STAGES.index(stage) + 1]:
            steps[name]()

    def scoped(self, work: Work) -> Work:
        def run() -> object:
            with merchant_scope(self.merchant_id):
                return work()

        return run

    def pay(self, order_id: UUID | None = None) -> Work:
        number = self.trade_nos[order_id or self.order_id]

        def work() -> object:
            total = PaymentAttempt.objects.get(trade_no=number).amount_fen
            told = PaidNotice(number, "paid", amount_fen=Fen(total), paid_at=clock.now(), channel_no="ch")
            return capture(told, actor=CHANNEL)

        return self.scoped(work)

    def pack(self, order_id: UUID) -> Work:
        waybill = f"SF{uuid7().int % 10**10:010d}"
        return self.scoped(lambda: pack_parcel(order_id, "all", "shunfeng", waybill, actor=SYSTEM).state)

    def give(self, units: int, order_id: UUID | None = None) -> Work:
        order = order_id or self.order_id

        def work() -> object:
            line = OrderLine.objects.get(order_id=order).id
            case = refund_lines(order, {line: units}, freight="share", reason="agreed", actor=SYSTEM)
            return case.id

        return self.scoped(work)

    def cancel(self) -> Work:
        return self.scoped(lambda: cancel_order(self.order_id, reason="other", actor=SYSTEM).id)

    def release(self, *order_ids: UUID) -> Work:
        return lambda: release(self.earner.shop, *(order_ids or (self.order_id, self.next_id)))

    def answer(self, state: Literal["accepted", "succeeded", "failed", "unknown"]) -> Work:
        """The channel's word on every refund there is."""

        def work() -> int:
            numbers = list(Refund.objects.order_by("id").values_list("refund_no", flat=True))
            for number in numbers[:1]:
                record_refund(RefundNotice(number, state), actor=CHANNEL)
            return len(numbers)

        return self.scoped(work)

    def claim(self) -> Work:
        return self._payout(lambda: self._take().get(self.earner.promoter_id))

    def paid_out(self) -> Work:
        return self._payout(self._paid)

    def put_back(self) -> Work:
        return self._payout(lambda: put_back(self.earner.promoter_id, uuid7(), self._claimed()))

    def _take(self) -> dict[UUID, TakenOut]:
        return take_for_payouts({self.earner.promoter_id: uuid7()})

    def _paid(self) -> TakenOut | None:
        paid = note_paid_out(self._claimed())
        lines = {row.id: Fen(row.payable_fen) for row in Commission.objects.filter(pk__in=paid)}
        if not lines:
            return None
        line, payout = paid_line(self.earner.promoter_id, Fen(sum(lines.values()))), uuid7()
        return TakenOut(lines, Draft(key=f"{payout}", kind="payout", subject=payout, postings=[line]))

    def _claimed(self) -> list[UUID]:
        return list(Commission.objects.filter(state="claimed").order_by("id").values_list("id", flat=True))

    def _payout(self, act: Callable[[], TakenOut | None]) -> Work:
        def work() -> int:
            taken = act()
            post_transactions([taken.draft] if taken and taken.draft else [], actor=SYSTEM)
            return taken.fen if taken else 0

        return self.scoped(work)


def find_broken(counter: Counter) -> list[str]:
    """One line for everything that does not hold, whoever was first."""
    with merchant_scope(counter.merchant_id):
        return [*_units(), *_money(), *_earned(), *_promoters(counter.earner.promoter_id), *find_faults()]


def _units() -> Iterator[str]:
    for row in LineRefunded.objects.all():
        lines = AfterSaleLine.objects.filter(line=row.line_id)
        told = lines.aggregate(units=Sum("quantity"), fen=Sum("refund_fen"), freight=Sum("freight_fen"))
        if (told["units"], told["fen"], told["freight"]) != (row.quantity, row.fen, row.freight_fen):
            yield f"line: counted {row.quantity}, {row.fen}, its cases say {told}"


def _money() -> Iterator[str]:
    for attempt in PaymentAttempt.objects.all():
        back = _fen(Refund.objects.filter(attempt=attempt))
        if attempt.refunded_fen != back or back > (attempt.captured_fen or 0):
            yield f"captured {attempt.captured_fen}, counted back {attempt.refunded_fen}, refunds {back}"
    for order in Order.objects.filter(state__in=["paid", "completed", "cancelled"]):
        shares = _fen(WaterfallShare.objects.filter(line__order=order))
        given = _fen(AfterSaleShare.objects.filter(share__line__order=order))
        refunds = _fen(Refund.objects.filter(order=order))
        whole = order.state != "cancelled" or given == shares
        if given != refunds or given > shares or not whole:
            yield f"{order.state} order of {shares}: shares gave up {given}, refunds {refunds}"
    held = sum(
        balance(AccountRef(f"{stage}.seller", who)) for who in _sellers() for stage in ("held", "released")
    )
    agreed = WaterfallShare.objects.filter(kind="seller", line__order__paid_at__isnull=False)
    left = _fen(agreed) - _fen(AfterSaleShare.objects.filter(share__kind="seller"))
    if held != left:
        yield f"sellers hold {held}, their shares less refunds are {left}"


def _sellers() -> set[UUID]:
    return {
        who
        for who in WaterfallShare.objects.filter(kind="seller").values_list("beneficiary", flat=True)
        if who
    }


def _earned() -> Iterator[str]:
    for row in Commission.objects.select_related("order", "line", "share"):
        net = row.base_fen - row.base_back_fen
        if (row.base_fen, row.amount_fen) != (row.line.paid_fen, row.share.amount_fen):
            yield f"{row.amount_fen} of {row.base_fen} is not what was frozen for {row.line.paid_fen} paid"
        if row.kept_fen < row.amount_fen * net // row.base_fen:
            yield f"{row.kept_fen} is below the rate of {net} (of {row.base_fen} it was {row.amount_fen})"
        if row.kept_fen * row.base_fen > row.amount_fen * net:
            yield f"{row.kept_fen} is above the rate of {net} (of {row.base_fen} it was {row.amount_fen})"
        clawed = Clawback.objects.filter(commission=row).aggregate(
            fen=Sum("amount_fen"), base=Sum("base_fen")
        )
        if ((clawed["fen"] or 0), (clawed["base"] or 0)) != (row.clawed_fen, row.base_back_fen):
            yield f"clawed {row.clawed_fen} of {row.base_back_fen}, its rows say {clawed}"
        if row.offset_fen != _fen(Netting.objects.filter(giver=row)):
            yield f"{row.offset_fen} went to debts, the rows say otherwise"
        if (row.state == "held") != (row.order.released_at is None and row.kept_fen > 0):
            yield f"{row.state} commission of an order released {row.order.released_at}"


def _promoters(who: UUID) -> Iterator[str]:
    rows = list(Commission.objects.all())
    stands = {
        stage: balance(AccountRef(f"{stage}.promoter", who)) for stage in ("held", "released", "claimed")
    }
    # What has arrived of payouts that are not over: their commissions are claimed until they are.
    under_way = _fen(Transfer.objects.filter(state="paid", payout__state="approved"))
    for stage, fen in stands.items():
        due = sum(row.payable_fen for row in rows if row.state == stage)
        if fen != due - (under_way if stage == "claimed" else 0):
            yield f"{stage} stands at {fen}, the commissions say {due}, of which {under_way} has arrived"
    owed = -balance(AccountRef("owed_back.promoter", who))
    debt = sum(row.owed_fen - row.netted_fen for row in rows)
    if owed != debt:
        yield f"{owed} is owed back, the commissions say {debt}"
    ended = sum(row.part_paid_fen + (row.payable_fen if row.state == "paid" else 0) for row in rows)
    paid = ended + under_way
    if balance(AccountRef("external.payee")) != paid:
        yield f"paid out {balance(AccountRef('external.payee'))}, the commissions say {paid}"
    if sum(stands.values()) + paid - owed != sum(row.kept_fen for row in rows):
        yield "what stands, was paid and is owed is not what was earned"


def _fen(rows: object) -> int:
    return int(rows.aggregate(sum=Sum("amount_fen"))["sum"] or 0)  # type: ignore[attr-defined]  # any query set
