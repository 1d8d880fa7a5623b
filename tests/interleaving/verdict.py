"""What must hold of a complaint whoever was first, and that all of it ends when all have had their time."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from django.db.models import Sum

from tests.interleaving.counter import find_broken
from tests.interleaving.hearing import AFTER_ALL, DECISIONS, Hearing
from tests.support.promoting import sound
from tongdao.finance.ledger.chart import REFUND_DUE
from tongdao.finance.ledger.queries import balance
from tongdao.foundation import clock
from tongdao.foundation.events import Event, run_reader
from tongdao.foundation.events.intents import deliver
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.models import Stock, StockMovement
from tongdao.terms.promotions.models import Promotion
from tongdao.trade.aftersales.models import AfterSale, AfterSaleLine, LineRefunded
from tongdao.trade.aftersales.operations.timing import let_pass
from tongdao.trade.aftersales.states import AFTER_SALE
from tongdao.trade.disputes.models import Dispute, Ruling, Statement
from tongdao.trade.disputes.operations import rule_dispute
from tongdao.trade.disputes.operations.enforcing import _carry_out
from tongdao.trade.orders.models import Allocation, Order, OrderLine
from tongdao.trade.payments.models import Refund

ROUNDS = 12  # so many steps at most from anywhere to the end
UNDER_WAY = ("open", "ruled", "appealed")


def find_wrong(hearing: Hearing) -> list[str]:
    """One line for everything that does not hold now."""
    with merchant_scope(hearing.merchant_id):
        found = [*_given_back(), *_cases(), *_disputes(), *_told_once(), *_stock(), *_order()]
        coupon = Promotion.objects.get().id
    found += _coupon(hearing, sound(hearing.earner.shop, coupon))
    return [*found, *_channel(hearing), *find_broken(hearing)]


def _given_back() -> Iterator[str]:
    """No more than was paid: of each line, of the order; each case once."""
    for line in OrderLine.objects.all():
        told = AfterSaleLine.objects.filter(line=line).aggregate(fen=Sum("refund_fen"), units=Sum("quantity"))
        if (told["fen"] or 0) > line.paid_fen + line.freight_fen or (told["units"] or 0) > line.quantity:
            yield f"line of {line.quantity} units, {line.paid_fen}: {told} went back"
    for order in Order.objects.all():
        back = Refund.objects.filter(order=order).aggregate(fen=Sum("amount_fen"))["fen"] or 0
        if back > order.total_fen:
            yield f"order of {order.total_fen}: {back} goes back"
    for refund in Refund.objects.all():
        if AfterSale.objects.filter(refund=refund).count() != 1:
            yield f"a refund of {refund.amount_fen} is not of one case"
        lines = AfterSaleLine.objects.filter(aftersale__refund=refund)
        if lines.aggregate(fen=Sum("refund_fen"))["fen"] != refund.amount_fen:
            yield f"a refund of {refund.amount_fen} whose case's lines say otherwise"


def _cases() -> Iterator[str]:
    for case in AfterSale.objects.select_related("refund"):
        told = f"{case.state} case of kind {case.kind}"
        if bool(case.ended_at) != (case.state in AFTER_SALE.final):
            yield f"{told} ended {case.ended_at}"
        money = case.state == "granted" or (case.state == "settled" and not case.new_waybill_no)
        if money != (case.refund is not None):
            yield f"{told} with a refund {case.refund_id}"
        if case.refund and case.state == "settled" and case.refund.state != "succeeded":
            yield f"{told} whose refund is {case.refund.state}"
        disputed = Dispute.objects.filter(aftersale=case, state__in=UNDER_WAY).count()
        if disputed != (case.paused_left is not None):
            yield f"{told} paused {case.paused_left} with {disputed} disputes under way"
        waits = not case.ended_at and case.state != "granted"
        if waits != (case.due_at is not None or case.paused_left is not None):
            yield f"{told} is due {case.due_at}, paused {case.paused_left}: it would never end"
        if case.order.released_at and case.opened_at < case.order.released_at and waits:
            yield f"{told} of an order that was released meanwhile"


def _disputes() -> Iterator[str]:
    for row in Dispute.objects.select_related("aftersale"):
        rounds = list(Ruling.objects.filter(dispute=row).order_by("round").values_list("round", flat=True))
        wanted = {"open": [0], "dropped": [0], "ruled": [1], "appealed": [1], "enforced": [1, 2]}
        if len(rounds) not in wanted[row.state] or rounds != list(range(1, len(rounds) + 1)):
            yield f"{row.state} dispute with rulings {rounds}"
        if (row.due_at is None) != bool(row.ended_at):
            yield f"{row.state} dispute due {row.due_at}, ended {row.ended_at}"
        if bool(row.appealed_by) != (row.state == "appealed" or len(rounds) == 2):
            yield f"{row.state} dispute appealed by {row.appealed_by!r}, rulings {rounds}"
        last = Ruling.objects.filter(dispute=row).order_by("round").last()
        if row.state == "enforced" and last and last.outcome == "seller" and row.aftersale.refund_id:
            yield "it was ruled for the seller, and the case gives money back"


def _told_once() -> Iterator[str]:
    """Carried out at most once, granted at most once, said as often as it was."""
    names = ("dispute.enforced", "after_sale.granted", "after_sale.settled", "refund.completed")
    for name in names:
        told = Tally(Event.objects.filter(name=name).values_list("subject_id", flat=True))
        for subject, times in told.items():
            if times > 1:
                yield f"{name} {times} times of {subject}"
    moved = Event.objects.filter(name="after_sale.moved").exclude(new__state__in=["refused", "agreed"])
    for (subject, state), times in Tally(moved.values_list("subject_id", "new__state")).items():
        if times > 1:
            yield f"{state} {times} times: {subject}"
    keyed = Statement.objects.filter(text="另有视频").count()
    if keyed > 1:
        yield f"said once, and written {keyed} times"
    done = set(Dispute.objects.filter(state="enforced").values_list("id", flat=True))
    if done != set(Event.objects.filter(name="dispute.enforced").values_list("subject_id", flat=True)):
        yield "what was carried out and what the log tells of it differ"


def _stock() -> Iterator[str]:
    for stock in Stock.objects.all():
        moves = StockMovement.objects.filter(stock=stock)
        moved = moves.aggregate(sum=Sum("delta"))["sum"] or 0
        if stock.on_hand != moved:
            yield f"{stock.on_hand} on hand, {moved} moved"
        returned = moves.filter(reason="return")
        if returned.count() != returned.values("source").distinct().count():
            yield "the same goods came back twice"
    for over in Allocation.objects.all():
        if over.packed + over.cancelled > over.quantity:
            yield f"{over.packed} packed and {over.cancelled} cancelled of {over.quantity}"


def _order() -> Iterator[str]:
    """Its timer stands still while a case is open that the buyer asked for, and goes on with the last one."""
    for event in Event.objects.filter(name="order.completed", actor_kind="system"):
        open_then = AfterSale.objects.filter(order_id=event.subject_id, opened_at__lt=event.at)
        if open_then.exclude(ended_at__lte=event.at).exclude(kind__in=["refund", "cancel"]).exists():
            yield "the timer confirmed receipt while a case was open"
    for order in Order.objects.filter(state="paid"):
        held = order.confirm_held_at is not None
        is_open = AfterSale.objects.filter(order=order, ended_at__isnull=True)
        if held and not is_open.exists():
            yield "an order's timer stands still, and no case of it is open"
        if not held and is_open.exclude(kind__in=["refund", "cancel"]).exists():
            yield "an order's timer runs while a case of it is open"


def _coupon(hearing: Hearing, used: int) -> Iterator[str]:
    with merchant_scope(hearing.merchant_id):
        gone = LineRefunded.objects.aggregate(units=Sum("quantity"))["units"] or 0
    if used != (gone < hearing.units):
        yield f"the coupon is used {used} times, {gone} of {hearing.units} units went back"


def _channel(hearing: Hearing) -> Iterator[str]:
    """Its books: each of our numbers at most once, and nothing that we do not know of."""
    ours = {row.refund_no: row for row in hearing.refunds("requested", "accepted", "succeeded", "failed")}
    theirs = hearing.at_the_channel()
    for number, times in Tally(row["out_refund_no"] for row in theirs).items():
        if times > 1 or number not in ours:
            yield f"the channel has refund {number} {times} times"
    for row in theirs:
        mine = ours[row["out_refund_no"]]
        if row["refund"] != mine.amount_fen:
            yield f"the channel gives {row['refund']} back, we {mine.amount_fen}"
        if mine.state == "succeeded" and row["status"] != "SUCCESS":
            yield f"we say that a refund has succeeded that is {row['status']} there"
    there = {row["out_refund_no"] for row in theirs}
    for number, mine in ours.items():
        if mine.state in ("accepted", "succeeded") and number not in there:
            yield f"a {mine.state} refund of {mine.amount_fen} that the channel does not have"


def go_on(hearing: Hearing) -> None:
    """Everybody lets all of their time pass, the arbiter does what it must, and the worker its rounds."""
    for _ in range(ROUNDS):
        hearing.send()()
        hearing.settle("SUCCESS")()
        hearing.told()()
        while run_reader("aftersales.settling", hearing.merchant_id) or deliver(hearing.merchant_id):
            continue
        with merchant_scope(hearing.merchant_id):
            cases = list(AfterSale.objects.filter(ended_at__isnull=True).values_list("id", flat=True))
            disputes = list(Dispute.objects.filter(ended_at__isnull=True).values_list("id", "state"))
        if not cases and not disputes and not hearing.refunds("requested", "accepted", "failed"):
            return
        for id, state in disputes:
            _move(hearing, id, state)
        for id in cases:
            with merchant_scope(hearing.merchant_id):
                let_pass(id, clock.now() + AFTER_ALL)


def _move(hearing: Hearing, dispute_id: object, state: str) -> None:
    arbiter = hearing.arbiter if state == "open" else hearing.other
    with merchant_scope(hearing.merchant_id):
        if state == "ruled":
            _carry_out(dispute_id, clock.now() + AFTER_ALL)  # type: ignore[arg-type]
            return
    for who in (arbiter, hearing.arbiter):
        with clock.shifted(timedelta(days=30)), suppress(Refusal), merchant_scope(hearing.merchant_id):
            rule_dispute(dispute_id, DECISIONS["buyer"], actor=who)  # type: ignore[arg-type]
            return


def find_missing(hearing: Hearing) -> Iterator[str]:
    """What is still wanting after all went on."""
    with merchant_scope(hearing.merchant_id):
        for case in AfterSale.objects.filter(ended_at__isnull=True):
            yield f"a {case.state} case of kind {case.kind} never ends"
        for dispute in Dispute.objects.filter(ended_at__isnull=True):
            yield f"a dispute is {dispute.state} for ever"
        if fen := balance(REFUND_DUE):
            yield f"{fen} is owed to the buyer still"
        back = Refund.objects.aggregate(fen=Sum("amount_fen"))["fen"] or 0
        if Refund.objects.exclude(state="succeeded").exists():
            yield "a refund is not paid back"
    paid = sum(row["refund"] for row in hearing.at_the_channel() if row["status"] == "SUCCESS")
    if paid != back:
        yield f"the channel paid {paid} back, we {back}"


def whole(hearing: Hearing) -> list[str]:
    """Nothing is wrong, and when all has gone on nothing is missing or doubled."""
    faults = find_wrong(hearing)
    go_on(hearing)
    return [*faults, *find_wrong(hearing), *find_missing(hearing)]
