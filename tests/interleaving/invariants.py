"""What must hold after any history, whoever won. Each is one line of `FAULTS`: a name and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from uuid import UUID

from django.db.models import F, Sum

from tests.interleaving.harness import Course
from tests.interleaving.world import World
from tongdao.finance.ledger.models import Posting, Transaction
from tongdao.finance.ledger.soundness import find_faults
from tongdao.foundation.models import IdempotencyKey
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.models import Reservation, Stock, StockMovement
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.orders.models import Allocation, Order, Purchase, WaterfallShare
from tongdao.trade.payments.models import PaymentAllocation, PaymentAttempt, Refund
from tongdao.trade.shipping.models import Parcel, ParcelItem
from tongdao.trade.shipping.states import LEFT

OPEN = ("placed", "closing", "paid")
Invariant = Callable[[World], Iterator[str]]


class Broken(AssertionError):
    """What does not hold, and the course that led to it."""


def check(world: World, course: Course) -> None:
    """Raise Broken unless everything holds and nobody ended with anything but a refusal."""
    faults = [f"ended with {one.error!r}" for one in course.outcomes if _unexpected(one.error)]
    faults += find_broken(world)
    if faults:
        raise Broken("\n".join([*faults, str(course)]))


def find_broken(world: World) -> list[str]:
    with merchant_scope(world.shop.merchant_id):
        return [f"{rule.__name__}: {fault}" for rule in INVARIANTS for fault in rule(world)]


def _unexpected(error: Exception | None) -> bool:
    return error is not None and not isinstance(error, Refusal)


def stock_is_not_oversold(world: World) -> Iterator[str]:
    sold = Allocation.objects.exclude(line__order__state__in=["closed", "cancelled"])
    units = sold.aggregate(units=Sum("quantity"))["units"] or 0
    if units > world.stock:
        yield f"{units} sold of {world.stock}"


def stock_is_what_is_reserved_and_moved(world: World) -> Iterator[str]:
    for stock in Stock.objects.all():
        shipped = dict(
            ParcelItem.objects.filter(parcel__state__in=LEFT)
            .values_list("allocation_id")
            .annotate(units=Sum("quantity"))
        )
        held = Reservation.objects.filter(stock=stock, state="held")
        promised = sum(one.quantity - shipped.get(one.id, 0) for one in held)
        if stock.reserved != promised:
            yield f"{stock.reserved} reserved, {promised} held"
        moved = StockMovement.objects.filter(stock=stock).aggregate(sum=Sum("delta"))["sum"] or 0
        if stock.on_hand != moved:
            yield f"{stock.on_hand} on hand, {moved} moved"
        open_units = sum(
            one.quantity - one.cancelled - shipped.get(one.id, 0)
            for one in Allocation.objects.filter(line__order__state__in=OPEN)
        )
        if stock.reserved != open_units:
            yield f"{stock.reserved} reserved, {open_units} in open orders"


def each_key_has_one_order(world: World) -> Iterator[str]:
    answered = [row.answer["purchase_id"] for row in IdempotencyKey.objects.filter(scope="place")]
    purchases = {str(id) for id in Purchase.objects.values_list("id", flat=True)}
    if sorted(answered) != sorted(purchases):
        yield f"keys answer {sorted(answered)}, purchases are {sorted(purchases)}"


def an_orders_state_is_its_moneys(world: World) -> Iterator[str]:
    kinds = {"paid": {"capture"}, "completed": {"capture"}, "cancelled": {"capture", "given_back"}}
    for order in Order.objects.all():
        told = kinds.get(order.state, set())
        captured = Transaction.objects.filter(kind="capture", subject=order.id)
        found = {row.kind for row in Transaction.objects.filter(subject=order.id)}
        if found != told:
            yield f"{order.state} order has {sorted(found)} in the books"
        paid = PaymentAllocation.objects.filter(order=order).aggregate(sum=Sum("amount_fen"))["sum"] or 0
        if paid != (order.total_fen if told else 0):
            yield f"{order.state} order of {order.total_fen} is allocated {paid}"
        yield from _waterfall(order.id, captured.first())


def _waterfall(order_id: UUID, captured: Transaction | None) -> Iterator[str]:
    if captured is None:
        return
    shares = Counter(
        WaterfallShare.objects.filter(line__order_id=order_id).values_list("amount_fen", flat=True)
    )
    posted = Counter(Posting.objects.filter(transaction=captured).values_list("amount_fen", flat=True))
    if shares != posted:
        yield f"waterfall {dict(shares)}, postings {dict(posted)}"


def captured_money_is_sold_for_or_given_back(world: World) -> Iterator[str]:
    for attempt in PaymentAttempt.objects.all():
        allocated = _sum(PaymentAllocation.objects.filter(attempt=attempt))
        unasked = _sum(Refund.objects.filter(attempt=attempt, order=None))
        refunds = _sum(Refund.objects.filter(attempt=attempt))
        if (attempt.captured_fen or 0) != allocated + unasked:
            yield f"captured {attempt.captured_fen}, allocated {allocated}, given back {unasked}"
        if attempt.refunded_fen != refunds or refunds > (attempt.captured_fen or 0):
            yield f"captured {attempt.captured_fen}, counted {attempt.refunded_fen}, refunds {refunds}"
        if (attempt.state == "captured") != (attempt.captured_fen is not None):
            yield f"{attempt.state} attempt, captured {attempt.captured_fen}"


def _sum(rows: object) -> int:
    return rows.aggregate(sum=Sum("amount_fen"))["sum"] or 0  # type: ignore[attr-defined]  # any query set


def cancelled_or_packed(world: World) -> Iterator[str]:
    for order in Order.objects.all():
        parcels = Parcel.objects.filter(order=order).exclude(state="void").count()
        cases = AfterSale.objects.filter(order=order).count()
        refunds = Refund.objects.filter(order=order).count()
        if order.state == "cancelled" and (parcels, cases, refunds) != (0, 1, 1):
            yield f"cancelled order has {parcels} parcels, {cases} cases, {refunds} refunds"
        if order.state != "cancelled" and (cases, refunds) != (0, 0):
            yield f"{order.state} order has {cases} cases, {refunds} refunds"
    for over in Allocation.objects.filter(quantity__lt=F("packed") + F("cancelled")):
        yield f"{over.packed} packed and {over.cancelled} cancelled of {over.quantity}"


def the_books_are_sound(world: World) -> Iterator[str]:
    yield from find_faults()


INVARIANTS: list[Invariant] = [
    stock_is_not_oversold,
    stock_is_what_is_reserved_and_moved,
    each_key_has_one_order,
    an_orders_state_is_its_moneys,
    captured_money_is_sold_for_or_given_back,
    cancelled_or_packed,
    the_books_are_sound,
]
