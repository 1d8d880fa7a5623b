"""Promotions as staff see them, and what an order used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import F, Q

from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.terms.promotions.models import Kind, Promotion, PromotionUse

Phase = Literal["scheduled", "running", "used_up", "ended", "stopped"]


@dataclass(frozen=True, slots=True)
class PromotionRow:
    """A promotion with its rules and figures: orders hold `used` units or uses and saved `given_fen`."""

    id: UUID
    kind: Kind
    phase: Phase
    title: str
    code: str
    sku_id: UUID | None
    product_ids: tuple[UUID, ...]
    threshold_fen: Fen
    off_fen: Fen | None
    off_bps: int | None
    most_off_fen: Fen | None
    price_fen: Fen | None
    gift_units: int | None
    group_size: int | None
    group_hours: int | None
    per_member: int | None
    quota: int | None
    used: int
    given_fen: Fen
    stacks: bool
    on_reduced: bool
    starts_at: datetime
    ends_at: datetime
    stopped_at: datetime | None
    version: int


def promotion_list(
    at: datetime,
    *,
    kind: Kind | None = None,
    phase: Phase | None = None,
    words: str = "",
    offset: int = 0,
    limit: int = 50,
) -> tuple[tuple[PromotionRow, ...], int]:
    """A page of promotions, the newest first, and how many there are in all.

    "running" are those in their time, used up or not. `words`: a part of the title, or of the code.
    """
    rows = Promotion.objects.all() if kind is None else Promotion.objects.filter(kind=kind)
    if phase is not None:
        rows = rows.filter(in_phase(phase, at))
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(code__icontains=words))
    page = rows.order_by("-id")[offset : offset + limit]
    return tuple(row_of(promotion, at) for promotion in page), rows.count()


def promotion_record(promotion_id: UUID, at: datetime) -> PromotionRow:
    """Raises NotFound."""
    promotion = Promotion.objects.filter(pk=promotion_id).first()
    if promotion is None:
        raise NotFound()
    return row_of(promotion, at)


def public_coupons(ended_after: datetime, begun_by: datetime) -> tuple[PromotionRow, ...]:
    """Coupons offered to all, as of now, which soonest to end first."""
    rows = Promotion.objects.filter(
        kind=Kind.COUPON, code="", stopped_at__isnull=True, ends_at__gt=ended_after, starts_at__lte=begun_by
    )
    at = clock.now()
    return tuple(row_of(row, at) for row in rows.order_by("ends_at", "id"))


def in_phase(phase: Phase, at: datetime) -> Q:
    """The promotions of a phase; "running" are those in their time, used up or not."""
    if phase == "stopped":
        return Q(stopped_at__isnull=False)
    times = {"scheduled": Q(starts_at__gt=at), "ended": Q(ends_at__lte=at)}
    in_time = Q(starts_at__lte=at, ends_at__gt=at)
    if phase == "used_up":
        in_time &= Q(quota__isnull=False, used__gte=F("quota"))
    return Q(stopped_at__isnull=True) & times.get(phase, in_time)


def phase_of(row: Promotion, at: datetime) -> Phase:
    """Where a promotion is in its time at `at`."""
    if row.stopped_at is not None:
        return "stopped"
    if at >= row.ends_at:
        return "ended"
    if at < row.starts_at:
        return "scheduled"
    return "used_up" if row.quota is not None and row.used >= row.quota else "running"


def row_of(row: Promotion, at: datetime) -> PromotionRow:
    return PromotionRow(
        id=row.id,
        kind=Kind(row.kind),
        phase=phase_of(row, at),
        title=row.title,
        code=row.code,
        sku_id=row.sku_id,
        product_ids=tuple(UUID(id) for id in row.product_ids),
        threshold_fen=row.threshold_fen,
        off_fen=row.off_fen,
        off_bps=row.off_bps,
        most_off_fen=row.most_off_fen,
        price_fen=row.price_fen,
        gift_units=row.gift_units,
        group_size=row.group_size,
        group_hours=row.group_hours,
        per_member=row.per_member,
        quota=row.quota,
        used=row.used,
        given_fen=row.given_fen,
        stacks=row.stacks,
        on_reduced=row.on_reduced,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        stopped_at=row.stopped_at,
        version=row.version,
    )


@dataclass(frozen=True, slots=True)
class Used:
    """What an order holds, or held (`returned`), of a promotion."""

    promotion_id: UUID
    kind: Kind
    title: str
    units: int
    off_fen: Fen
    group_id: UUID | None
    returned: bool


def uses_of(order_ids: Collection[UUID]) -> dict[UUID, tuple[Used, ...]]:
    """By order; orders that used nothing are left out."""
    found: dict[UUID, list[Used]] = {}
    rows = PromotionUse.objects.select_related("promotion").filter(order_id__in=list(order_ids))
    for use in rows.order_by("order_id", "id"):
        told = Used(
            promotion_id=use.promotion_id,
            kind=Kind(use.promotion.kind),
            title=use.promotion.title,
            units=use.units,
            off_fen=use.off_fen,
            group_id=use.group_id,
            returned=use.state == "returned",
        )
        found.setdefault(use.order_id, []).append(told)
    return {order_id: tuple(uses) for order_id, uses in found.items()}
