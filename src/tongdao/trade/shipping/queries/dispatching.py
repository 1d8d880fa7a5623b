"""How far a dispatch is: what has its waybill, what waits, what failed and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q

from tongdao.foundation.refusals import REGISTRY, NotFound, Refusal
from tongdao.trade.orders.models import Allocation
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.models import Dispatch, DispatchItem
from tongdao.trade.shipping.operations.dispatching import MOST
from tongdao.trade.shipping.problems import problem_text
from tongdao.trade.shipping.states import LEFT

Progress = Literal["waiting", "booking", "held", "shipped", "failed", "taken_back"]
SHIPPED = Q(state="packed", parcel__state__in=LEFT)
FAILED = Q(state="refused") | (Q(state="packed", parcel__state="void") & ~Q(parcel__problem=""))


@dataclass(frozen=True, slots=True)
class DispatchRow:
    """One dispatch of the list; `shipped` and `failed` count orders, the others wait or were taken back."""

    dispatch_id: UUID
    created_at: datetime
    typed: bool
    total: int
    shipped: int
    failed: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """One order. `text` says why it failed or is held; `parcel_id` is None before it is packed."""

    order_id: UUID
    number: str
    carrier_name: str
    waybill_no: str
    parcel_id: UUID | None
    progress: Progress
    text: str


@dataclass(frozen=True, slots=True)
class DispatchView:
    dispatch_id: UUID
    staff_id: UUID
    created_at: datetime
    typed: bool
    items: tuple[ItemView, ...]

    def count(self, *wanted: Progress) -> int:
        return sum(item.progress in wanted for item in self.items)

    @property
    def running(self) -> bool:
        """Something moves by itself yet."""
        return self.count("waiting", "booking") > 0


def dispatches(limit: int = 50) -> tuple[DispatchRow, ...]:
    """The newest first. In a merchant_scope."""
    rows = Dispatch.objects.order_by("-created_at", "-id")[:limit]
    counted = {
        each["dispatch_id"]: each
        for each in DispatchItem.objects.filter(dispatch_id__in=[row.id for row in rows])
        .values("dispatch_id")
        .annotate(shipped=Count("id", filter=SHIPPED), failed=Count("id", filter=FAILED))
    }
    return tuple(
        DispatchRow(
            row.id,
            row.created_at,
            row.typed,
            row.total,
            counted[row.id]["shipped"],
            counted[row.id]["failed"],
        )
        for row in rows
    )


def dispatch_view(dispatch_id: UUID) -> DispatchView:
    """One dispatch with all its orders. Raises NotFound."""
    row = Dispatch.objects.filter(id=dispatch_id).first()
    if row is None:
        raise NotFound()
    items = DispatchItem.objects.filter(dispatch=row).select_related("order", "parcel").order_by("position")
    return DispatchView(row.id, row.staff_id, row.created_at, row.typed, tuple(map(_item, items[:MOST])))


def failed_dispatches() -> dict[UUID, int]:
    """Dispatches with orders that failed and have units left to pack, the newest first, with how many."""
    left = Allocation.objects.filter(
        line__order_id=OuterRef("order_id"), quantity__gt=F("packed") + F("cancelled")
    )
    rows = DispatchItem.objects.filter(FAILED, Exists(left), order__state="paid")
    ids = rows.order_by("-dispatch__created_at").values_list("dispatch_id", flat=True)
    return dict(Counter(ids[:MOST]))


def _item(item: DispatchItem) -> ItemView:
    progress, text = _progress(item)
    return ItemView(
        item.order_id,
        item.order.number,
        str(CARRIERS.get(item.carrier, item.carrier)),
        item.parcel.waybill_no if item.parcel else item.waybill_no,
        item.parcel_id,
        progress,
        text,
    )


def _progress(item: DispatchItem) -> tuple[Progress, str]:
    if item.state == "queued":
        return "waiting", ""
    if item.state == "refused" or item.parcel is None:
        return "failed", REGISTRY.get(item.refusal, Refusal)().message
    parcel = item.parcel
    told = problem_text(parcel.problem)
    if parcel.state == "void":
        return ("failed", told) if told else ("taken_back", problem_text("taken_back"))
    if parcel.state == "requested":
        return ("held", told) if told else ("booking", "")
    return "shipped", told
