"""What a buyer may ask for now, for each line: from what was bought, what left, what came, and the promise
that the order froze. The page offers it, and `open_case` asks again under the order's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.clock import beijing_day, day_begins
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant
from tongdao.rulebook import aftersales as rules
from tongdao.rulebook.calendar import last_day
from tongdao.trade.aftersales.models import AfterSaleKind
from tongdao.trade.aftersales.reasons import NO_REASON, NOT_RECEIVED, REASONS
from tongdao.trade.orders.models import Order, OrderLine

# Per line: units that went back, that open cases are about, that are in no parcel, that left, that arrived,
# and the last time that some arrived.
UNITS = """
select l.id,
  coalesce((select r.quantity from line_refunded r
    where r.merchant_id = l.merchant_id and r.line_id = l.id), 0),
  coalesce((select sum(i.quantity)::integer from after_sale_item i
    join after_sale a on a.merchant_id = i.merchant_id and a.id = i.aftersale_id
    where i.merchant_id = l.merchant_id and i.line_id = l.id
      and a.ended_at is null and a.refund_id is null), 0),
  coalesce(sum(b.quantity - b.packed - b.cancelled), 0)::integer,
  coalesce(sum(p.away), 0)::integer, coalesce(sum(p.arrived), 0)::integer, max(p.arrived_at)
from order_line l
left join allocation b on b.merchant_id = l.merchant_id and b.line_id = l.id
left join lateral (
  select sum(i.quantity) filter (where c.state in ('shipped', 'in_transit', 'cancelling', 'delivered')) away,
    sum(i.quantity) filter (where c.state = 'delivered') arrived, max(c.delivered_at) arrived_at
  from parcel_item i join parcel c on c.merchant_id = i.merchant_id and c.id = i.parcel_id
  where i.merchant_id = b.merchant_id and i.allocation_id = b.id
) p on true
where l.merchant_id = %s and l.order_id = %s
group by l.merchant_id, l.id order by l.position
"""


@dataclass(frozen=True, slots=True)
class LineUnits:
    """Units of a line, by where they are. `arrived_at`: the last of them."""

    line: OrderLine
    back: int
    asked: int
    unpacked: int
    away: int
    arrived: int
    arrived_at: datetime | None

    @property
    def free(self) -> int:
        """Neither gone back nor asked about."""
        return max(0, self.line.quantity - self.back - self.asked)


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that may be asked for: up to so many units, for one of the reasons, until then."""

    line: OrderLine
    kind: AfterSaleKind
    most: int
    reasons: tuple[str, ...]
    until: datetime | None = None
    no_reason_until: datetime | None = None  # where the reasons include NO_REASON


def units_of(order: Order) -> list[LineUnits]:
    """By position. Under the order's lock they stay so."""
    lines = {line.id: line for line in OrderLine.objects.filter(order=order)}
    rows = execute_prepared(UNITS, [current_merchant(), order.id]).fetchall()
    return [_units(order, LineUnits(lines[id], *counts)) for id, *counts in rows]


def _units(order: Order, found: LineUnits) -> LineUnits:
    """Who confirms receipt has all that left, whatever the carrier says."""
    if order.state == "completed" and not (found.arrived == found.away and found.arrived_at):
        return replace(found, arrived=found.away, arrived_at=order.completed_at)
    return found


def offers(order: Order, *, now: datetime | None = None) -> list[Offer]:
    """All that the buyer may ask for, in the order of the lines."""
    if order.state not in ("paid", "completed"):
        return []
    at = now or clock.now()
    return [offer for units in units_of(order) for offer in _offers(order, units, at)]


def offer_for(offered: Collection[Offer], line_id: UUID, kind: str) -> Offer | None:
    return next((one for one in offered if one.line.id == line_id and one.kind == kind), None)


def _offers(order: Order, units: LineUnits, now: datetime) -> list[Offer]:
    found = []
    if order.state == "paid" and (most := min(units.free, units.unpacked)):
        found.append(Offer(units.line, AfterSaleKind.CANCEL, most, REASONS[AfterSaleKind.CANCEL]))
    sent = min(units.free, units.away)
    if sent and units.arrived < units.away:
        found.append(Offer(units.line, AfterSaleKind.REFUND_ONLY, sent, NOT_RECEIVED))
    elif sent and units.arrived_at:
        found += _after_arrival(units, sent, units.arrived_at, now)
    return found


def _after_arrival(units: LineUnits, most: int, arrived_at: datetime, now: datetime) -> list[Offer]:
    signed = beijing_day(arrived_at)
    until = _end(signed, rules.QUALITY_CLAIM_DAYS.on(signed))
    freely = no_reason_until(units.line, arrived_at)
    reasons = {kind: mine for kind, mine in REASONS.items() if kind != AfterSaleKind.CANCEL}
    if not freely or freely <= now:
        reasons[AfterSaleKind.RETURN] = tuple(
            one for one in REASONS[AfterSaleKind.RETURN] if one != NO_REASON
        )
    if until <= now:
        if not freely or freely <= now:
            return []
        return [Offer(units.line, AfterSaleKind.RETURN, most, (NO_REASON,), freely, freely)]
    reasons[AfterSaleKind.REFUND_ONLY] = tuple(
        one for one in REASONS[AfterSaleKind.REFUND_ONLY] if one not in NOT_RECEIVED
    )
    return [
        Offer(units.line, AfterSaleKind(kind), most, mine, until, freely if NO_REASON in mine else None)
        for kind, mine in reasons.items()
    ]


def no_reason_until(line: OrderLine, arrived_at: datetime) -> datetime | None:
    """The end of the last day for sending it back without a reason, as promised when it was bought."""
    days = int(line.policies.get("return_days", 0))
    return _end(beijing_day(arrived_at), days) if days else None


def _end(since: date, days: int) -> datetime:
    """The moment at which the last of so many days is over."""
    return day_begins(last_day(since, days) + timedelta(days=1))


def by_line(offered: Sequence[Offer]) -> Mapping[UUID, list[Offer]]:
    found: dict[UUID, list[Offer]] = {}
    for offer in offered:
        found.setdefault(offer.line.id, []).append(offer)
    return found
