"""What goes back of a line, and who gives it up. Pure: whole fen, no rounding that could sum to more.

`worth` says what units of a line come to, at what was paid for it; `give_up` what each share of the line
loses. Both are told how things stand, so that any number of refunds in any order ends at what was paid,
exactly: the last unit, and the last fen, take the remainder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tongdao.foundation.money import Fen, split

FreightRule = Literal["none", "share", "rest"]
"""How much of a line's freight goes along: nothing, that of the units, or all that is left of it."""


NO_FEN = Fen(0)


@dataclass(frozen=True, slots=True)
class Parts:
    """Units of a line with what was paid for them, or given back of it.

    `kept_fen`: of goods that are gone, what was settled to stay with the sellers.
    """

    quantity: int
    goods_fen: Fen
    freight_fen: Fen
    kept_fen: Fen = NO_FEN

    @property
    def fen(self) -> Fen:
        return Fen(self.goods_fen + self.freight_fen)


NOTHING = Parts(0, Fen(0), Fen(0))


@dataclass(frozen=True, slots=True)
class ShareLeft:
    """A frozen share of a line and what it has given up so far.

    `on_goods`: it was reckoned of the goods alone, so freight that goes back takes nothing of it.
    """

    fen: Fen
    back_fen: Fen
    on_goods: bool = False

    @property
    def left(self) -> int:
        return self.fen - self.back_fen


def worth(bought: Parts, before: Parts, units: int, freight: FreightRule) -> Parts:
    """What `units` more come to. The caller has seen to it that 0 < units ≤ those that are left.

    As long as whole units went back at what was paid for them, it does not matter in how many goes. After a
    price was lowered, or part of a unit's was kept, those that are left are worth what is left of the goods.
    """
    after = before.quantity + units
    if before.goods_fen == _of_units(bought.goods_fen, before.quantity, bought.quantity):
        goods = Fen(_of_units(bought.goods_fen, after, bought.quantity) - before.goods_fen)
    else:
        goods = _of_units(goods_left(bought, before), units, bought.quantity - before.quantity)
    left = bought.freight_fen - before.freight_fen
    shares = {
        "none": 0,
        "share": _of_units(bought.freight_fen, after, bought.quantity)
        - _of_units(bought.freight_fen, before.quantity, bought.quantity),
        "rest": left,
    }
    return Parts(units, goods, Fen(min(left, shares[freight])))


def goods_left(bought: Parts, before: Parts) -> Fen:
    """What can still be given back of the goods."""
    return Fen(bought.goods_fen - before.goods_fen - before.kept_fen)


def lowered(fen: Fen) -> Parts:
    """A price that is lowered by so much: goods money without a unit."""
    return Parts(0, fen, Fen(0))


def lessened(whole: Parts, fen: Fen) -> Parts:
    """`fen` for goods that come to more: the units are gone, and what is not given back is kept."""
    return Parts(whole.quantity, fen, whole.freight_fen, Fen(whole.goods_fen - fen))


def _of_units(fen: Fen, units: int, of: int) -> Fen:
    """The part of the first `units`, to the nearest fen. It never falls as units are added."""
    return split(fen, [units, of - units])[0]


def give_up(bought: Parts, before: Parts, now: Parts, shares: Sequence[ShareLeft]) -> list[Fen]:
    """What each share gives up for `now`; they sum to it. The shares sum to what was paid for the line.

    One that was reckoned of the goods keeps no more than its rate of the goods that stay: what it loses is
    rounded up. The others bear the rest by what they have left. At most one share is of the first kind.
    """
    left_after = bought.fen - before.fen - now.fen
    lost = [
        _of_goods(bought, before, now, left_after, share) if share.on_goods else Fen(0) for share in shares
    ]
    rest = Fen(now.fen - sum(lost))
    weights = [0 if share.on_goods else share.left for share in shares]
    borne = split(rest, weights) if rest else [Fen(0)] * len(shares)
    return [Fen(mine + more) for mine, more in zip(lost, borne, strict=True)]


def _of_goods(bought: Parts, before: Parts, now: Parts, left_after: int, share: ShareLeft) -> Fen:
    """Between what has to go, since no more than `left_after` stays for all, and what there is to go."""
    back = before.goods_fen + now.goods_fen
    target = -(-share.fen * back // bought.goods_fen) if bought.goods_fen else 0
    least = share.left - left_after
    return Fen(max(least, 0, min(target - share.back_fen, share.left, now.fen)))
