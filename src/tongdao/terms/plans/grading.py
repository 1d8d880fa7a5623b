"""Grades of promoters: which one figures reach, and keeping who has which from when on.

What counts is a promoter's own: sales to others that are complete, and how many of those orders came back for
reasons on the promoter's side. Heads, other people's sales and own purchases are not among the figures, and
there is no way from here to them (Order 444, Art. 7).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, as_row, record_many
from tongdao.foundation.events.recording import Row
from tongdao.foundation.money import Fen
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.events import PromoterGraded
from tongdao.terms.plans.models import PromoterGrade


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one promoter in the 90 days before: own completed sales to others, in how many orders, and how many
    of these came back for reasons on the promoter's side.
    """

    sales_fen: Fen
    orders: int
    refunded: int


NO_SALES = Figures(Fen(0), 0, 0)


def reached(grades: Sequence[Grade], figures: Figures) -> int:
    """The highest grade, from 1, that the figures reach; 0 is none. Pure."""
    levels = [level for level, grade in enumerate(grades, 1) if _reaches(grade, figures)]
    return max(levels, default=0)


def _reaches(grade: Grade, figures: Figures) -> bool:
    few = figures.refunded * 10_000 <= grade.most_refunded_bps * figures.orders
    return figures.sales_fen >= grade.least_fen and few


def current_grades(promoter_ids: Collection[UUID]) -> dict[UUID, PromoterGrade]:
    """The latest of each promoter, with the figures that gave it; who was never graded is left out."""
    rows = PromoterGrade.objects.filter(promoter_id__in=list(promoter_ids))
    latest = rows.order_by("promoter_id", "-effective_from").distinct("promoter_id")
    return {row.promoter_id: row for row in latest}


def grade_promoters(
    grades: Sequence[Grade],
    figures: Mapping[UUID, Figures],
    *,
    plan_version: int,
    at: datetime,
    actor: Actor,
) -> int:
    """Give each promoter the grade that its figures reach; returns of how many it changed."""
    before = current_grades(figures)
    rows: list[PromoterGrade] = []
    events: list[Row] = []
    for promoter_id, own in figures.items():
        level = reached(grades, own)
        name = grades[level - 1].name if level else ""
        known = before.get(promoter_id)
        if (known.grade if known else "") == name:
            continue
        rows.append(
            PromoterGrade(
                promoter_id=promoter_id,
                grade=name,
                plan_version=plan_version,
                sales_fen=own.sales_fen,
                orders=own.orders,
                refunded=own.refunded,
                effective_from=at,
            )
        )
        subject = Subject("promoter", promoter_id)
        events.append(as_row(PromoterGraded(plan_version, level), subject=subject, actor=actor))
    PromoterGrade.objects.bulk_create(rows)
    record_many(events)
    return len(rows)
