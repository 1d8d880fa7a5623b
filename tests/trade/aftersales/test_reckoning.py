"""Partial refunds, reckoned: whatever is given back in whatever order, the sums are exact."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tongdao.foundation.money import Fen, apply_bps
from tongdao.trade.aftersales.reckoning import NOTHING, FreightRule, Parts, ShareLeft, give_up, worth

RULES: tuple[FreightRule, ...] = ("none", "share", "rest")


@st.composite
def lines(draw: st.DrawFn) -> tuple[Parts, list[ShareLeft]]:
    """A paid line with its waterfall: the channel's fee, the promoter's part and the seller's."""
    goods, freight = draw(st.integers(0, 100_000)), draw(st.integers(0, 3_000))
    bought = Parts(draw(st.integers(1, 12)), Fen(goods), Fen(freight))
    fee = apply_bps(bought.fen, draw(st.integers(0, 200)))
    earned = Fen(min(apply_bps(Fen(goods), draw(st.integers(0, 10_000))), bought.fen - fee))
    rest = Fen(bought.fen - fee - earned)
    shares = [ShareLeft(fee, Fen(0)), ShareLeft(earned, Fen(0), on_goods=True), ShareLeft(rest, Fen(0))]
    return bought, [share for share in shares if share.fen]


STEPS = st.lists(st.tuples(st.integers(1, 12), st.sampled_from(RULES)), max_size=12)


def plus(one: Parts, other: Parts) -> Parts:
    return Parts(
        one.quantity + other.quantity,
        Fen(one.goods_fen + other.goods_fen),
        Fen(one.freight_fen + other.freight_fen),
    )


def refunds(
    bought: Parts, steps: list[tuple[int, FreightRule]], reckon: Callable[..., Parts] = worth
) -> Iterator[tuple[Parts, Parts]]:
    """What stood before each refund, and the refund; the last one takes all that is left."""
    before = NOTHING
    for units, rule in [*steps, (bought.quantity, "rest")]:
        units = min(units, bought.quantity - before.quantity)
        if units:
            rule = "rest" if before.quantity + units == bought.quantity else rule
            now = reckon(bought, before, units, rule)
            yield before, now
            before = plus(before, now)


def given_up(bought: Parts, shares: list[ShareLeft], steps: list[tuple[int, FreightRule]]) -> list[ShareLeft]:
    """Go through refunds; each is borne exactly, by nobody beyond what he has."""
    for before, now in refunds(bought, steps):
        lost = give_up(bought, before, now, shares)
        assert sum(lost) == now.fen
        assert all(0 <= fen <= share.left for fen, share in zip(lost, shares, strict=True))
        shares = [
            ShareLeft(share.fen, Fen(share.back_fen + fen), share.on_goods)
            for share, fen in zip(shares, lost, strict=True)
        ]
        stays = bought.goods_fen - before.goods_fen - now.goods_fen
        for share in shares:
            if share.on_goods and share.fen <= bought.goods_fen:
                assert share.left * bought.goods_fen <= share.fen * stays, (
                    "never above its rate of what stays"
                )
    return shares


@given(lines(), STEPS)
@example((Parts(3, Fen(100), Fen(10)), [ShareLeft(Fen(110), Fen(0))]), [(1, "none"), (1, "share")])
@settings(max_examples=400)
def test_all_refunds_together_are_what_was_paid(
    line: tuple[Parts, list[ShareLeft]], steps: list[tuple[int, FreightRule]]
) -> None:
    bought, _ = line
    total = NOTHING
    for before, now in refunds(bought, steps):
        assert before == total
        assert now.goods_fen >= 0
        assert now.freight_fen >= 0
        total = plus(total, now)
        assert total.goods_fen <= bought.goods_fen
        assert total.freight_fen <= bought.freight_fen
    assert total == bought


@given(lines(), STEPS)
@settings(max_examples=400)
def test_each_share_gives_up_its_part_and_the_last_refund_the_remainder(
    line: tuple[Parts, list[ShareLeft]], steps: list[tuple[int, FreightRule]]
) -> None:
    bought, shares = line
    assert [share.left for share in given_up(bought, shares, steps)] == [0] * len(shares)


@given(lines(), st.lists(st.integers(1, 12), max_size=12))
def test_goods_come_to_the_same_whichever_units_go_first(
    line: tuple[Parts, list[ShareLeft]], units: list[int]
) -> None:
    """Who gives back two and then one stands where he stands who gives back one and then two."""
    bought, _ = line
    ordered = [(count, "share") for count in units if count <= bought.quantity]
    turned = list(reversed(ordered))
    stands = []
    for steps in (ordered, turned):
        total = NOTHING
        for count, _rule in steps:
            if total.quantity + count <= bought.quantity:
                total = plus(total, worth(bought, total, count, "share"))
        stands.append(total)
    if stands[0].quantity == stands[1].quantity:
        assert stands[0] == stands[1]


def test_freight_alone_takes_nothing_of_the_commission() -> None:
    bought = Parts(2, Fen(1_000), Fen(101))
    shares = [ShareLeft(Fen(100), Fen(0), on_goods=True), ShareLeft(Fen(1_001), Fen(0))]
    now = worth(bought, NOTHING, 1, "rest")
    assert now == Parts(1, Fen(500), Fen(101))
    assert give_up(bought, NOTHING, now, shares) == [50, 551]


def test_of_a_commission_an_odd_fen_goes_back_first() -> None:
    """5 fen earned on 3 units of 33: after one is back, 3 stay, for 3⅓ would be more than the rate."""
    bought = Parts(3, Fen(99), Fen(0))
    shares = [ShareLeft(Fen(5), Fen(0), on_goods=True), ShareLeft(Fen(94), Fen(0))]
    assert give_up(bought, NOTHING, worth(bought, NOTHING, 1, "none"), shares) == [2, 31]


def naive(bought: Parts, before: Parts, units: int, freight: FreightRule) -> Parts:
    """As one would write it: so much a unit, rounded, whatever went back before."""
    goods = round(bought.goods_fen / bought.quantity) * units
    fen = round(bought.freight_fen / bought.quantity) * units
    return Parts(units, Fen(goods), Fen(fen if freight != "none" else 0))


def test_so_much_a_unit_would_give_more_back_than_was_paid() -> None:
    """Negative control for the sums."""
    bought = Parts(3, Fen(200), Fen(0))
    together = sum(now.fen for _, now in refunds(bought, [(1, "none"), (1, "none")], naive))
    assert together == 201
