"""The lines of an order as they stand: what was paid, what went back of it, and whose shares are left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.foundation.prepared import execute_prepared, find_prepared
from tongdao.foundation.tenancy import current_merchant
from tongdao.trade.aftersales.models import LineRefunded
from tongdao.trade.aftersales.reckoning import (
    NOTHING,
    FreightRule,
    Parts,
    ShareLeft,
    give_up,
    goods_left,
    worth,
)
from tongdao.trade.aftersales.refusals import MoreThanBought, NothingToGiveBack
from tongdao.trade.orders.models import OrderLine, WaterfallShare
from tongdao.trade.orders.models.agreed import ShareKind

OF_ORDERS = "merchant_id = %s and order_id = any(%s) order by order_id, position"
OF_LINES = "merchant_id = %s and line_id = any(%s)"
GIVEN = """
select g.share_id, sum(g.amount_fen)::bigint from waterfall_share s
join after_sale_share g on g.merchant_id = s.merchant_id and g.share_id = s.id
where s.merchant_id = %s and s.line_id = any(%s) group by 1
"""
PACKED = """
select distinct l.order_id from order_line l
join allocation a on a.merchant_id = l.merchant_id and a.line_id = l.id
where l.merchant_id = %s and l.order_id = any(%s) and a.packed > 0
"""


@dataclass(frozen=True, slots=True)
class StandingLine:
    """`left` units can still be given back."""

    line: OrderLine
    before: Parts
    shares: Sequence[tuple[WaterfallShare, ShareLeft]]

    @property
    def bought(self) -> Parts:
        return Parts(self.line.quantity, Fen(self.line.paid_fen), Fen(self.line.freight_fen))

    @property
    def left(self) -> int:
        return self.line.quantity - self.before.quantity

    @property
    def left_fen(self) -> Fen:
        return Fen(self.bought.fen - self.before.fen)

    @property
    def goods_left(self) -> Fen:
        """What can still be given back of the goods."""
        return goods_left(self.bought, self.before)


@dataclass(frozen=True, slots=True)
class LineBack:
    """What goes back of a line now, and what each of its shares gives up for it."""

    line: OrderLine
    now: Parts
    lost: Sequence[tuple[WaterfallShare, Fen]]


def standing_lines(order_id: UUID) -> list[StandingLine]:
    """In their order. Under the order's lock they stay so."""
    return standing_of([order_id])[order_id]


def standing_of(order_ids: Collection[UUID]) -> dict[UUID, list[StandingLine]]:
    """The same of several orders, in four statements."""
    lines = find_prepared(OrderLine, OF_ORDERS, [current_merchant(), list(order_ids)])
    asked = [current_merchant(), [line.id for line in lines]]
    back = {
        row.line_id: Parts(row.quantity, Fen(row.goods_fen), Fen(row.freight_fen), Fen(row.kept_fen))
        for row in find_prepared(LineRefunded, OF_LINES, asked)
    }
    given = dict(execute_prepared(GIVEN, asked).fetchall())
    shares: defaultdict[UUID, list[tuple[WaterfallShare, ShareLeft]]] = defaultdict(list)
    for share in find_prepared(WaterfallShare, f"{OF_LINES} order by line_id, id", asked):
        on_goods = share.kind == ShareKind.PROMOTER
        left = ShareLeft(Fen(share.amount_fen), Fen(given.get(share.id, 0)), on_goods=on_goods)
        shares[share.line_id].append((share, left))
    found: dict[UUID, list[StandingLine]] = {id: [] for id in order_ids}
    for line in lines:
        found[line.order_id].append(StandingLine(line, back.get(line.id, NOTHING), shares[line.id]))
    return found


def is_packed(order_id: UUID) -> bool:
    """Something of it is in a parcel."""
    return bool(packed_of([order_id]))


def packed_of(order_ids: Collection[UUID]) -> set[UUID]:
    """Those of which something is in a parcel."""
    return {row[0] for row in execute_prepared(PACKED, [current_merchant(), list(order_ids)]).fetchall()}


def reckon(lines: Sequence[StandingLine], units: Mapping[UUID, int], freight: FreightRule) -> list[LineBack]:
    """What so many units (by line) come to now. Raises MoreThanBought, NothingToGiveBack."""
    known = {one.line.id: one for one in lines}
    for line_id, count in units.items():
        if line_id not in known or type(count) is not int or not 0 < count <= known[line_id].left:
            raise MoreThanBought(line=str(line_id))
    backs = [_reckon(one, units[one.line.id], freight) for one in lines if one.line.id in units]
    if not sum(back.now.fen for back in backs):
        raise NothingToGiveBack()
    return backs


def _reckon(one: StandingLine, units: int, freight: FreightRule) -> LineBack:
    return back_of(one, worth(one.bought, one.before, units, freight))


def back_of(one: StandingLine, now: Parts) -> LineBack:
    """Who of the line's shares gives up what for `now`."""
    lost = give_up(one.bought, one.before, now, [left for _, left in one.shares])
    return LineBack(one.line, now, [(share, fen) for (share, _), fen in zip(one.shares, lost, strict=True)])
