"""The races that other shops lost (named after where it was told), each with the guard that wins it here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from tests.interleaving import deeds
from tests.interleaving.harness import Course, Work
from tests.interleaving.market import Market
from tests.interleaving.rules import find_broken
from tests.interleaving.unguarding import (
    BACKWARDS,
    KEYS_FREE,
    NOTHING_HELD,
    PRICE_AS_SENT,
    UNCLAIMED,
    Swap,
    all_unguarded,
    unguarded,
    unlocked,
)
from tongdao.foundation.refusals import Refusal

Works = Callable[[Market], Sequence[Work]]
PAYMENTS = (unlocked("order"), unlocked("payment_attempt"), UNCLAIMED)


@dataclass(frozen=True)
class Race:
    """`works` meet in a market of `units` of each SKU and `uses` of each offer. `fault` is what another shop
    had, and what ours has as soon as `without` is done to its statements.
    """

    told: str
    works: Works
    fault: str
    without: tuple[Swap, ...]
    units: int = 9
    uses: int = 9

    def guarded(self, market: Market) -> Sequence[Work]:
        return self.works(market)

    def naive(self, market: Market) -> Sequence[Work]:
        works = self.works(market)
        if self.without == (BACKWARDS,):  # one of them has to go the other way
            return [works[0], unguarded(works[1], BACKWARDS)]
        return all_unguarded(works, *self.without)


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
    return [market.place(market.with_coupon(buyer)) for buyer in (0, 1)]


def coupon_twice_by_one(market: Market) -> list[Work]:
    return [market.place(market.with_coupon()), market.place(market.with_coupon())]


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


def one_key(market: Market) -> list[Work]:
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


def giving_back(market: Market) -> list[Work]:
    unpaid, paid = market.sell(market.with_coupon(), market.with_coupon(1))
    deeds.pay(market, paid)()
    return [deeds.expire(market, unpaid), deeds.cancel(market, paid)]


def price_sent(market: Market) -> list[Work]:
    return [market.place(market.wish(market.tea)), market.place(market.wish(market.grouped, buyer=1))]


STOCK, OFFER = (unlocked("stock"),), (unlocked("promotion"),)
RACES = [
    Race("medusa 16825: the last unit", last_unit, "sold beyond the stock", STOCK, units=1),
    Race("medusa 16569, vendure 3508: reservations", reservations, "sold beyond the stock", STOCK, units=3),
    Race("ACIDRain: inventory", reservations, "sold beyond the stock", STOCK, units=2),
    Race("vendure 4660: coupon limit", coupon_by_two, "an offer is used beyond its quota", OFFER, uses=1),
    Race("ACIDRain: voucher", coupon_twice_by_one, "a member has more than the limit", OFFER, uses=3),
    Race("a flash sale's quota", flash_by_two, "an offer is used beyond its quota", OFFER, uses=1),
    Race("a group's last seat", last_seat, "a group's seats are not its orders'", OFFER),
    Race("oscar 4594: two orders deadlock", crossing, "ended with OperationalError('deadlock", (BACKWARDS,)),
    Race("one key, asked twice", one_key, "ended with IntegrityError", (KEYS_FREE,)),
    Race("vendure 3065: charged and not complete", paying_the_expired, "", PAYMENTS),
    Race("ruoyi 1152: paid twice", paying_twice, "an order is not paid for by its payments", PAYMENTS),
    Race("litemall 271: a late callback", late_callback, "", PAYMENTS),
    Race("saleor 10165: a webhook four times", webhooks, "", PAYMENTS),
    Race("litemall 163: the coupon is not given back", giving_back, "an offer is held", (NOTHING_HELD,)),
    Race("mall 998: the client's price", price_sent, "a price is not the shop's", (PRICE_AS_SENT,)),
]


def fresh_key() -> str:
    return uuid4().hex
