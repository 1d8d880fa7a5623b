"""One projection: each event adds to the standings of a product, of the merchant, and of a promoter."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from tongdao.crm.reputation.models import OrderSent, Standing, StandingKind
from tongdao.crm.reputation.reading import Facts, Line, read_facts
from tongdao.foundation.events import Event, projection
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import current_merchant
from tongdao.trade.aftersales.models import AfterSaleKind

COLUMNS = tuple(
    each.name
    for each in Standing._meta.local_concrete_fields
    if each.name not in ("id", "merchant_id", "kind", "subject_id")
)
_TYPED = ", ".join(f"{name} bigint" for name in COLUMNS)
ADD = f"""
insert into standing (id, merchant_id, kind, subject_id, {", ".join(COLUMNS)})
select id, merchant_id, kind, subject_id, {", ".join(f"coalesce({name}, 0)" for name in COLUMNS)}
from jsonb_to_recordset(%s::jsonb) as row(id uuid, merchant_id uuid, kind text, subject_id uuid, {_TYPED})
order by kind, subject_id
on conflict (merchant_id, kind, subject_id) do update set
{", ".join(f"{name} = standing.{name} + excluded.{name}" for name in COLUMNS)}
"""  # noqa: S608 (names of the model)

Key = tuple[str, UUID]


@dataclass(slots=True)
class Fold:
    """A batch being added up. `sent`: orders that were counted as sent, before it or in it."""

    facts: Facts
    sent: set[UUID]
    new: list[UUID] = field(default_factory=list)
    sums: defaultdict[Key, defaultdict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )

    def add(self, line: Line | None, **what: int) -> None:
        """To the merchant; with a `line`, to its product and its promoter too."""
        for key in _keys(line):
            for name, amount in what.items():
                self.sums[key][name] += amount


def _keys(line: Line | None) -> Iterator[Key]:
    yield StandingKind.MERCHANT.value, current_merchant()
    if line is not None:
        yield StandingKind.PRODUCT.value, line.product_id
        if line.promoter_id:
            yield StandingKind.PROMOTER.value, line.promoter_id


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))


def _left(fold: Fold, event: Event) -> None:
    """An order has left whole: once, however often a parcel comes back."""
    order_id = UUID(event.payload["order_id"])
    order = fold.facts.orders.get(order_id)
    if not event.payload["last"] or order is None or order_id in fold.sent:
        return
    fold.sent.add(order_id)
    fold.new.append(order_id)
    in_time = order.ship_by is None or event.at <= order.ship_by
    fold.add(
        None, orders_sent=1, orders_in_time=int(in_time), seconds_to_send=_seconds(order.paid_at, event.at)
    )
    for line in order.lines:
        fold.add(line, units_sent=line.quantity)


def _arrived(fold: Fold, event: Event) -> None:
    order = fold.facts.orders.get(UUID(event.payload["order_id"]))
    if order is not None:
        fold.add(None, parcels_delivered=1, seconds_to_deliver=_seconds(order.paid_at, event.at))


def _given_back(fold: Fold, event: Event) -> None:
    """Only of what had left: a cancelled order is no return."""
    cancelled = event.payload["kind"] == AfterSaleKind.CANCEL
    if cancelled or UUID(event.payload["order_id"]) not in fold.sent:
        return
    for line, units in fold.facts.back.get(event.subject_id, ()):
        fold.add(line, units_back=units)


def _reviewed(fold: Fold, event: Event, sign: int = 1) -> None:
    said = fold.facts.reviews.get(event.subject_id)
    if said is not None and said.counts:
        fold.add(said.line, **{f"stars_{said.stars}": sign})


def _taken_down(fold: Fold, event: Event) -> None:
    _reviewed(fold, event, -1)


def _answered(fold: Fold, event: Event) -> None:
    """The first answer to each review; what a follow-up is answered says nothing of how quick a shop is."""
    said = fold.facts.reviews.get(event.subject_id)
    if said is not None and event.payload["to"] == "review":
        fold.add(None, answers=1, seconds_to_answer=_seconds(said.written_at, event.at))


FOLDS: Mapping[str, Callable[[Fold, Event], None]] = {
    "parcel.shipped": _left,
    "parcel.delivered": _arrived,
    "after_sale.opened": _given_back,
    "review.written": _reviewed,
    "review.taken_down": _taken_down,
    "review.answered": _answered,
}


@projection("reputation.standings", events=list(FOLDS), tables=[Standing, OrderSent])
def keep_standings(batch: list[Event]) -> None:
    facts = read_facts(batch)
    counted = OrderSent.objects.filter(order_id__in=list(facts.orders))
    fold = Fold(facts, set(counted.values_list("order_id", flat=True)))
    for event in batch:
        FOLDS[event.name](fold, event)
    OrderSent.objects.bulk_create(OrderSent(order_id=order_id) for order_id in fold.new)
    _write(fold)


def _write(fold: Fold) -> None:
    merchant = str(current_merchant())
    rows = [
        {"id": str(uuid7()), "merchant_id": merchant, "kind": kind, "subject_id": str(subject), **sums}
        for (kind, subject), sums in fold.sums.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(ADD, [json.dumps(rows)])
