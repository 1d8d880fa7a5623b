"""Whatever meets where everything is scarce: stock, offers, limits, groups, keys, payments, giving back.

`make histories` draws 10,000 (TONGDAO_EXAMPLES) and tells at the end what was drawn and what became of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.interleaving import deeds
from tests.interleaving.conftest import Observer
from tests.interleaving.harness import Work, in_turns
from tests.interleaving.market import Market, Sale
from tests.interleaving.rules import check, find_unsound
from tests.interleaving.tally import TALLY
from tests.interleaving.test_histories import SCHEDULES

HISTORIES = int(os.environ.get("TONGDAO_EXAMPLES", "100"))
EACH = 40  # histories in one market
Sales = dict[str, Sale]


class Kind(NamedTuple):
    """What happens, and the standing purchase that it is about: its name in STANDING, or nothing."""

    stands: str
    make: Callable[[Market, Sales], Work]


STANDING: dict[str, Callable[[Market], Sale]] = {
    "held coupon": lambda market: market.sell(market.with_coupon(buyer=1))[0],
    "flash": lambda market: market.sell(market.wish(market.flash, buyer=1))[0],
    "group": lambda market: market.open_group(),
    "paid": lambda market: _paid(market),
}
KINDS = {
    "tea": Kind("", lambda m, _: m.place(m.wish(m.tea, key=m.keys[0]))),
    "tea again": Kind("", lambda m, _: m.place(m.wish(m.tea, key=m.keys[0]))),
    "two teas": Kind("", lambda m, _: m.place(m.wish(m.tea, buyer=1, quantity=2))),
    "tea by the coupon": Kind("", lambda m, _: m.place(m.with_coupon(key=m.keys[1]))),
    "the coupon again": Kind("", lambda m, _: m.place(m.with_coupon())),
    "the coupon by another": Kind("", lambda m, _: m.place(m.with_coupon(buyer=2))),
    "flash": Kind("", lambda m, _: m.place(m.wish(m.flash))),
    "flash and tea": Kind("", lambda m, _: m.place(m.wish(m.tea, m.flash, buyer=2))),
    "two of the flash": Kind("", lambda m, _: m.place(m.wish(m.flash, quantity=2))),
    "joining": Kind("group", lambda m, _: m.place(m.joining())),
    "joining too": Kind("group", lambda m, _: m.place(m.joining(buyer=1))),
    "a group of one's own": Kind("", lambda m, _: m.place(m.joining())),
    "three at once": Kind(
        "", lambda m, _: m.place(m.with_coupon(), m.with_coupon(1), m.wish(m.flash, buyer=2))
    ),
    "one key twice": Kind("", lambda m, _: m.place(*[m.with_coupon(key=m.keys[2])] * 2)),
    "paying": Kind("held coupon", lambda m, on: deeds.pay(m, on["held coupon"])),
    "paying the other way": Kind("held coupon", lambda m, on: deeds.pay(m, on["held coupon"], attempt=1)),
    "paying all": Kind("group", lambda m, on: deeds.pay(m, *on.values())),
    "paying the flash": Kind("flash", lambda m, on: deeds.pay(m, on["flash"])),
    "paying the seat": Kind("group", lambda m, on: deeds.pay(m, on["group"])),
    "told twice": Kind("held coupon", lambda m, on: deeds.hear(m, *[deeds.told(on["held coupon"])] * 2)),
    "told once more": Kind("held coupon", lambda m, on: deeds.hear(m, deeds.told(on["held coupon"]))),
    "expiring": Kind("held coupon", lambda m, on: deeds.expire(m, on["held coupon"])),
    "the flash expires": Kind("flash", lambda m, on: deeds.expire(m, on["flash"])),
    "the seat expires": Kind("group", lambda m, on: deeds.expire(m, on["group"])),
    "the group dissolves": Kind("group", lambda m, on: deeds.dissolve(m, on["group"])),
    "cancelling": Kind("paid", lambda m, on: deeds.cancel(m, on["paid"])),
    "cancelling again": Kind("paid", lambda m, on: deeds.cancel(m, on["paid"])),
    "cancelling the seat": Kind("group", lambda m, on: deeds.cancel(m, on["group"])),
    "fewer on the shelf": Kind("", lambda m, _: deeds.recount(m, -1)),
    "more on the shelf": Kind("", lambda m, _: deeds.recount(m, 1)),
    "fewer coupons": Kind("", lambda m, _: deeds.change_quota(m, m.coupon.id, -1)),
    "more of the flash": Kind("", lambda m, _: deeds.change_quota(m, m.flash_sale.id, 1)),
    "another title": Kind("", lambda m, _: deeds.change_title(m, m.flash_sale.id)),
}


def _paid(market: Market) -> Sale:
    (sale,) = market.sell(market.with_coupon(buyer=2))
    deeds.pay(market, sale)()
    return sale


class Markets:
    """One market for EACH histories; one that is broken is not used again."""

    def __init__(self) -> None:
        self.market: Market | None = None
        self.left = 0

    def history(self, kinds: Sequence[str], schedule: list[int], scarce: int, observer: Observer) -> None:
        market = self._next(scarce)
        wanted = {KINDS[kind].stands for kind in kinds} - {""}
        standing = {name: make(market) for name, make in STANDING.items() if name in wanted}
        course = in_turns([KINDS[kind].make(market, standing) for kind in kinds], schedule, observer)
        check(market.merchant_id, course)
        self.market = market
        TALLY.note(kinds, course)

    def _next(self, scarce: int) -> Market:
        market, self.market = self.market, None
        if market is not None and self.left == 0:
            self.close(market)
            market = None
        if market is None:
            market, self.left = Market(), EACH
        self.left -= 1
        market.begin(units=scarce + 2, uses=scarce + 2)
        return market

    def close(self, market: Market) -> None:
        assert find_unsound(market.merchant_id) == []


@pytest.fixture(scope="module")
def markets(cluster: object) -> Iterator[Markets]:
    markets = Markets()
    yield markets
    if markets.market is not None:
        markets.close(markets.market)


@settings(
    max_examples=HISTORIES,
    deadline=None,
    derandomize=True,  # the same histories at each run: a failure is the code's, not the day's
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(
    kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=5),
    schedule=SCHEDULES,
    scarce=st.integers(-1, 1),
)
@pytest.mark.timeout(6 * 3600)
def test_whatever_meets_in_the_market(
    observer: Observer, markets: Markets, kinds: list[str], schedule: list[int], scarce: int
) -> None:
    markets.history(kinds, schedule, max(0, scarce), observer)
