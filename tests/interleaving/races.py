"""The races that other shops lost (named after where it was told), each with the guard that wins it here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.interleaving import deeds
from tests.interleaving.harness import Course, Work
from tests.interleaving.market import Market, Sale
from tests.interleaving.rules import find_broken
from tests.interleaving.unguarding import (
    KEYS_FREE,
    NOTHING_HELD,
    PRICE_AS_SENT,
    UNCLAIMED,
    Swap,
    all_unguarded,
    unlocked,
)
from tongdao.finance.ledger.operations import post_transactions
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.models import Stock
from tongdao.trade.orders.models import CartLine, Order
from tongdao.trade.orders.operations import place, set_cart_line
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.operations import open_refund

Works = Callable[[Market], Sequence[Work]]
PAYMENTS = (unlocked("order"), unlocked("payment_attempt"), UNCLAIMED)


@dataclass(frozen=True)
class Race:
    """`works` meet in a market of `units` of each SKU and `uses` of each offer. `fault` is what another shop
    had, and what ours has as soon as `without` is done to its statements. Where our way of doing it leaves
    nothing to take off, `instead` is how the other shop did it.
    """

    told: str
    works: Works
    fault: str
    without: tuple[Swap, ...] = ()
    units: int = 9
    uses: int = 9
    instead: Works | None = None

    def guarded(self, market: Market) -> Sequence[Work]:
        return self.works(market)

    def naive(self, market: Market) -> Sequence[Work]:
        return all_unguarded(self.instead(market) if self.instead else self.works(market), *self.without)


def find_faults(market: Market, course: Course) -> list[str]:
    """What does not hold, and who ended with something else than a refusal."""
    ends = [one.error for one in course.outcomes if one.error and not isinstance(one.error, Refusal)]
    return [*find_broken(market.merchant_id), *(f"ended with {error!r}" for error in ends)]


def last_unit(market: Market) -> list[Work]:
    return [market.place(market.wish(market.tea, buyer=buyer)) for buyer in (0, 1)]


def reservations(market: Market) -> list[Work]:
    return [
        market.place(market.wish(market.tea, market.flash, quantity=2)),
        market.place(market.wish(market.flash, market.tea, buyer=1), market.wish(market.tea, buyer=2)),
    ]


def coupon_by_two(market: Market) -> list[Work]:
    """On different goods, so that no stock stands between them."""
    return [market.place(market.with_coupon()), market.place(market.with_coupon(1, sku=market.grouped))]


def coupon_twice_by_one(market: Market) -> list[Work]:
    market.sell(market.wish(market.flash))  # a new member's row would let one wait for the other
    return [market.place(market.with_coupon()), market.place(market.with_coupon(sku=market.grouped))]


def flash_by_two(market: Market) -> list[Work]:
    return [market.place(market.wish(market.flash, buyer=buyer)) for buyer in (0, 1)]


def last_seat(market: Market) -> list[Work]:
    market.open_group()
    return [market.place(market.joining(buyer)) for buyer in (0, 1)]


def crossing(market: Market) -> list[Work]:
    return [
        market.place(market.wish(market.tea, market.flash)),
        market.place(market.wish(market.flash, market.tea, buyer=1)),
    ]


def line_by_line(market: Market) -> list[Work]:
    """Each locks its goods one after the other, as they stand in the cart."""

    def locking(*skus: UUID) -> Work:
        def deed() -> None:
            for sku in skus:
                list(Stock.objects.select_for_update(no_key=True).filter(sku_id=sku))

        return deeds.scoped(market, deed)

    return [locking(market.tea, market.flash), locking(market.flash, market.tea)]


def one_key(market: Market) -> list[Work]:
    market.sell(market.wish(market.flash))
    return [market.place(market.wish(market.tea, key=market.keys[0])) for _ in range(2)]


def paying_the_expired(market: Market) -> list[Work]:
    (sale,) = market.sell(market.with_coupon())
    return [deeds.pay(market, sale), deeds.expire(market, sale)]


def paying_twice(market: Market) -> list[Work]:
    (sale,) = market.sell(market.with_coupon())
    return [deeds.pay(market, sale), deeds.pay(market, sale, attempt=1)]


def webhooks(market: Market) -> list[Work]:
    """One payment, told four times. Without the guard each delivery looks like a message of its own."""
    (sale,) = market.sell(market.wish(market.tea))
    notice = deeds.told(sale)
    return [
        deeds.hear(market, notice),
        deeds.hear(market, notice, notice),
        deeds.pay(market, sale),  # the worker asked the channel itself
    ]


def late_callback(market: Market) -> list[Work]:
    """It was paid and cancelled long ago; now the channel tells of it, and of the other attempt."""
    (sale,) = market.sell(market.with_coupon())
    deeds.pay(market, sale)()
    deeds.cancel(market, sale)()
    return [deeds.hear(market, deeds.told(sale)), deeds.pay(market, sale, attempt=1)]


def obedient_callback(market: Market) -> list[Work]:
    """The callback says paid, so the order is paid."""
    (sale,) = market.sell(market.with_coupon())
    deeds.pay(market, sale)()
    deeds.cancel(market, sale)()
    return [deeds.scoped(market, lambda: Order.objects.filter(pk=sale.order_id).update(state="paid"))]


def stale_balance(market: Market) -> list[Work]:
    """Two amounts are read, added up and written: the second writes what it read before the first."""
    sale, refunds = partly_refunded(market)

    def adding(amount: int) -> Work:
        def deed() -> None:
            attempt = PaymentAttempt.objects.get(trade_no=sale.trade_nos[0])
            Refund.objects.create(**refunds(attempt, amount))
            attempt.refunded_fen = Fen(attempt.refunded_fen + amount)
            attempt.save(update_fields=["refunded_fen"])

        return deeds.scoped(market, deed)

    return [adding(700), adding(1_100)]


def two_amounts(market: Market) -> list[Work]:
    sale, _ = partly_refunded(market)

    def adding(amount: int) -> Work:
        def deed() -> None:
            attempt = PaymentAttempt.objects.get(trade_no=sale.trade_nos[0])
            lock_rows(Rank.ATTEMPT, PaymentAttempt, [attempt.id])
            order = Order.objects.get(pk=sale.order_id)
            _, draft = open_refund(
                attempt,
                order=order,
                person_id=order.person_id,
                amount=Fen(amount),
                reason="cancelled",
                actor=sale.buyer,
            )
            post_transactions([draft], actor=sale.buyer)

        return deeds.scoped(market, deed)

    return [adding(700), adding(1_100)]


def partly_refunded(market: Market) -> tuple[Sale, Callable[[PaymentAttempt, int], dict[str, Any]]]:
    (sale,) = market.sell(market.wish(market.tea))
    deeds.pay(market, sale)()
    now = clock.now()

    def a_refund(attempt: PaymentAttempt, amount: int) -> dict[str, Any]:
        times = {"requested_at": now, "check_at": now}
        whose = {"attempt": attempt, "order_id": sale.order_id, "person_id": sale.buyer.id}
        return (
            {"refund_no": uuid7().hex, "amount_fen": amount, "currency": "CNY", "reason": "x"} | times | whose
        )

    return sale, a_refund


def from_the_cart(market: Market, *, twice: bool = False) -> list[Work]:
    """Pay for the cart while something is put into it. `twice`: the amount and the goods are read apart."""
    buyer = market.buyers[0]
    with merchant_scope(market.merchant_id):
        set_cart_line(buyer, market.tea, 1)

    def read() -> dict[UUID, int]:
        with merchant_scope(market.merchant_id):
            return dict(CartLine.objects.filter(person_id=buyer).values_list("sku_id", "quantity"))

    def checkout() -> None:
        seen = bought = read()
        for _ in range(6 if twice else 0):  # the pages between the cart and the order
            bought = read()
        wish = market.wish(*bought)
        (placed,) = place(market.merchant_id, [wish])
        assert not isinstance(placed, Refusal)
        charged = sum(market.price(sku) * units for sku, units in seen.items())
        if charged != placed.total_fen:
            raise ValueError(f"charged {charged} for {placed.total_fen}")

    return [checkout, deeds.scoped(market, lambda: set_cart_line(buyer, market.grouped, 1))]


def from_the_cart_twice(market: Market) -> list[Work]:
    return from_the_cart(market, twice=True)


def giving_back(market: Market) -> list[Work]:
    unpaid, paid = market.sell(market.with_coupon(), market.with_coupon(1))
    deeds.pay(market, paid)()
    return [deeds.expire(market, unpaid), deeds.cancel(market, paid)]


def price_sent(market: Market) -> list[Work]:
    return [market.place(market.wish(market.tea)), market.place(market.wish(market.grouped, buyer=1))]


STOCK, OFFER = (unlocked("stock"),), (unlocked("promotion"),)
BOTH = (*STOCK, *OFFER)  # where the goods are the same, their lock guards the offer too
RACES = [
    Race("medusa 16825: the last unit", last_unit, "sold beyond the stock", STOCK, units=1),
    Race("medusa 16569, vendure 3508: reservations", reservations, "sold beyond the stock", STOCK, units=3),
    Race("ACIDRain: inventory", reservations, "sold beyond the stock", STOCK, units=2),
    Race("ACIDRain: voucher", coupon_twice_by_one, "a member has more than the limit", OFFER, uses=3),
    Race("ACIDRain: cart", from_the_cart, "ended with ValueError", instead=from_the_cart_twice),
    Race("vendure 4660: coupon limit", coupon_by_two, "an offer is used beyond its quota", OFFER, uses=1),
    Race("a flash sale's quota", flash_by_two, "an offer is used beyond its quota", BOTH, uses=1),
    Race("a group's last seat", last_seat, "a group's seats are not its orders'", BOTH),
    Race("oscar 4594: two orders deadlock", crossing, "ended with OperationalError", instead=line_by_line),
    Race("one key, asked twice", one_key, "ended with IntegrityError", (KEYS_FREE, *STOCK)),
    Race("vendure 3065: charged and not complete", paying_the_expired, "", PAYMENTS),
    Race("ruoyi 1152: paid twice", paying_twice, "an order is not paid for by its payments", PAYMENTS),
    Race("litemall 271: a late callback", late_callback, "postings are not", instead=obedient_callback),
    Race("saleor 19854: 7 and 11 are 18", two_amounts, "captured money is neither", instead=stale_balance),
    Race("saleor 10165: a webhook four times", webhooks, "", PAYMENTS),
    Race("litemall 163: the coupon is not given back", giving_back, "an offer is held", (NOTHING_HELD,)),
    Race("mall 998: the client's price", price_sent, "a price is not the shop's", (PRICE_AS_SENT,)),
]
