"""Any mix of whole units, lowered prices and lessened refunds ends at what was paid, and never above it."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.money import Fen, split
from tongdao.trade.aftersales.reckoning import (
    NOTHING,
    Parts,
    ShareLeft,
    give_up,
    goods_left,
    lessened,
    lowered,
    worth,
)


@dataclass
class Line:
    """A line with its shares, as `standing` would tell of them."""

    bought: Parts
    shares: list[ShareLeft]
    before: Parts = NOTHING
    given: list[Parts] = field(default_factory=list)

    @property
    def left(self) -> int:
        return self.bought.quantity - self.before.quantity

    def take(self, now: Parts) -> None:
        lost = give_up(self.bought, self.before, now, self.shares)
        assert sum(lost) == now.fen
        assert all(0 <= fen <= share.left for fen, share in zip(lost, self.shares, strict=True))
        self.shares = [
            ShareLeft(share.fen, Fen(share.back_fen + fen), share.on_goods)
            for fen, share in zip(lost, self.shares, strict=True)
        ]
        was = self.before
        self.before = Parts(
            was.quantity + now.quantity,
            Fen(was.goods_fen + now.goods_fen),
            Fen(was.freight_fen + now.freight_fen),
            Fen(was.kept_fen + now.kept_fen),
        )
        self.given.append(now)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    units = draw(st.integers(1, 9))
    goods, freight = draw(st.integers(0, 100_000)), draw(st.integers(0, 3_000))
    rate = draw(st.integers(0, 5_000))
    promoter = goods * rate // 10_000
    rest = goods + freight - promoter
    fee, seller = split(Fen(rest), [6, 994]) if rest else (Fen(0), Fen(0))
    shares = [
        ShareLeft(Fen(promoter), Fen(0), on_goods=True),
        ShareLeft(fee, Fen(0)),
        ShareLeft(seller, Fen(0)),
    ]
    return Line(Parts(units, Fen(goods), Fen(freight)), shares)


@given(lines(), st.data())
def test_any_mix_stays_within_what_was_paid_and_ends_at_it(line: Line, data: st.DataObject) -> None:
    while line.left:
        room = goods_left(line.bought, line.before)
        what = data.draw(st.sampled_from(["units", "lower", "lessen"]))
        units = data.draw(st.integers(1, line.left))
        rule = data.draw(st.sampled_from(["none", "share", "rest"]))
        whole = worth(line.bought, line.before, units, rule)
        assert 0 <= whole.goods_fen <= room
        if what == "lower" and room:
            line.take(lowered(Fen(data.draw(st.integers(1, room)))))
        elif what == "lessen" and whole.goods_fen > 1:
            line.take(lessened(whole, Fen(data.draw(st.integers(1, whole.goods_fen - 1)))))
        else:
            line.take(whole)
        after = line.before
        assert after.goods_fen + after.kept_fen <= line.bought.goods_fen
        assert after.freight_fen <= line.bought.freight_fen
    assert line.before.goods_fen + line.before.kept_fen == line.bought.goods_fen, (
        "the last takes the remainder"
    )
    promoter, *_ = line.shares
    kept = line.bought.goods_fen - line.before.goods_fen
    assert promoter.left * line.bought.goods_fen <= promoter.fen * kept, "no more than its rate of what stays"


@given(st.integers(1, 9), st.integers(0, 100_000), st.data())
def test_whole_units_come_to_the_same_in_any_number_of_goes(
    units: int, goods: int, data: st.DataObject
) -> None:
    bought = Parts(units, Fen(goods), Fen(0))
    at_once = worth(bought, NOTHING, units, "share").goods_fen
    before, summed = NOTHING, 0
    while before.quantity < units:
        now = worth(bought, before, data.draw(st.integers(1, units - before.quantity)), "share")
        summed += now.goods_fen
        before = Parts(before.quantity + now.quantity, Fen(before.goods_fen + now.goods_fen), Fen(0))
    assert summed == at_once == goods
