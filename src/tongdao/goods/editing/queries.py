"""What pages show of bulk changes, planned prices and the story of a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from tongdao.foundation import clock
from tongdao.foundation.events import Event
from tongdao.foundation.money import Fen
from tongdao.goods.catalog.models import PriceChange
from tongdao.goods.catalog.queries import lowest_price_before
from tongdao.goods.editing.models import GoodsBatch, GoodsBatchLine
from tongdao.goods.editing.operations.batches import find_batch

LOOK_BACK = timedelta(days=30)
EVENT_PRICED = "sku.priced"


@dataclass(frozen=True, slots=True)
class BatchView:
    """A bulk change and how many of its lines are where (see states.GOODS_BATCH_LINE)."""

    batch: GoodsBatch
    counts: dict[str, int]

    @property
    def running(self) -> bool:
        due = self.batch.state == "waiting" and self.batch.due_at <= clock.now()
        return due or self.batch.state in ("running", "undoing")

    @property
    def percent(self) -> int:
        """Of the lines that are worked off, or put back."""
        left = self.counts.get("done" if self.batch.state == "undoing" else "waiting", 0)
        return (self.batch.lines - left) * 100 // self.batch.lines


def batches(*, planned: bool | None = None, limit: int = 50, offset: int = 0) -> list[BatchView]:
    """Latest first; `planned` asks for those that wait for their moment, or for all others."""
    rows = GoodsBatch.objects.order_by("-created_at", "-id")
    if planned is not None:
        waiting = rows.filter(planned=True, state="waiting").order_by("due_at", "id")
        rows = waiting if planned else rows.exclude(planned=True, state="waiting")
    found = list(rows[offset : offset + limit])
    counts = _counts([batch.id for batch in found])
    return [BatchView(batch, counts.get(batch.id, {})) for batch in found]


def batch_view(batch_id: UUID) -> BatchView:
    """Raises NotFound."""
    batch = find_batch(batch_id)
    return BatchView(batch, _counts([batch_id]).get(batch_id, {}))


def batch_lines(
    batch_id: UUID, *, state: str = "", limit: int = 100, offset: int = 0
) -> list[GoodsBatchLine]:
    """In their order, with product and SKU; those of one state, or all."""
    rows = GoodsBatchLine.objects.filter(batch_id=batch_id).select_related("product", "sku")
    rows = rows.filter(state=state) if state else rows
    return list(rows.order_by("position")[offset : offset + limit])


def _counts(ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    rows = GoodsBatchLine.objects.filter(batch_id__in=ids).values_list("batch_id", "state")
    found: dict[UUID, dict[str, int]] = {}
    for batch_id, state, many in rows.annotate(many=Count("id")):
        found.setdefault(batch_id, {})[state] = many
    return found


@dataclass(frozen=True, slots=True)
class PlannedPrice:
    """A price that a SKU will have from `at` on."""

    batch_id: UUID
    at: datetime
    price_fen: Fen
    compare_at_fen: Fen | None
    note: str
    staff_id: UUID | None


def planned_prices(sku_id: UUID) -> list[PlannedPrice]:
    """The next first."""
    rows = GoodsBatchLine.objects.filter(sku_id=sku_id, state="waiting", new_fen__isnull=False)
    mine = rows.filter(batch__state="waiting", batch__planned=True).select_related("batch")
    return [
        PlannedPrice(
            row.batch_id,
            row.batch.due_at,
            row.new_fen,
            row.new_compare_fen,
            row.batch.note,
            row.batch.staff_id,
        )
        for row in mine.order_by("batch__due_at")
        if row.new_fen is not None
    ]


@dataclass(frozen=True, slots=True)
class PricePast:
    """A price that a SKU had from `at` on. `staff_id` None: nobody of the staff, or nobody knows.

    `reason` is the event's code ("bulk", "undo", "" for one by hand), `note` that of the bulk change.
    """

    version: int
    at: datetime
    price_fen: Fen
    compare_at_fen: Fen | None
    staff_id: UUID | None
    reason: str
    note: str
    batch_id: UUID | None


def price_past(sku_id: UUID, *, limit: int = 50) -> list[PricePast]:
    """Latest first: when, by whom and why."""
    rows = list(PriceChange.objects.filter(sku_id=sku_id).order_by("-version")[:limit])
    events = Event.objects.filter(subject_type="sku", subject_id=sku_id, name=EVENT_PRICED)
    told = {event.payload["price_version"]: event for event in events.order_by("-seq")[:limit]}
    lines = GoodsBatchLine.objects.filter(sku_id=sku_id, price_version__in=[row.version for row in rows])
    bulk = {line.price_version: line.batch for line in lines.exclude(state="refused").select_related("batch")}
    past = []
    for row in rows:
        event, batch = told.get(row.version), bulk.get(row.version)
        staff = event.actor if event and event.actor_kind == "staff" else None
        past.append(
            PricePast(
                row.version,
                row.at,
                row.price_fen,
                row.compare_at_fen,
                staff,
                event.reason if event else "",
                batch.note if batch else "",
                batch.id if batch else None,
            )
        )
    return past


def lowest_lately(sku_id: UUID, at: datetime) -> Fen | None:
    """The lowest public price of the last 30 days."""
    return lowest_price_before(sku_id, since=at - LOOK_BACK, until=at)
