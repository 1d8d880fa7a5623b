"""Two projections: each event costs one addition, each batch one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

from tongdao.crm.metrics.models import MemberFacts, SalesDay
from tongdao.foundation.clock import beijing_day
from tongdao.foundation.events import Event, projection
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import current_merchant

ADD_TO_MEMBERS = """
insert into member_facts
  (id, merchant_id, person_id, joined_at, orders_paid, paid_fen, refunded_fen, first_paid_at, last_paid_at)
select id, merchant_id, person_id, joined_at, orders_paid, paid_fen, refunded_fen, first_paid_at, last_paid_at
from jsonb_to_recordset(%s::jsonb) as row(id uuid, merchant_id uuid, person_id uuid, joined_at timestamptz,
  orders_paid int, paid_fen bigint, refunded_fen bigint, first_paid_at timestamptz, last_paid_at timestamptz)
order by person_id
on conflict (merchant_id, person_id) do update set
  joined_at = coalesce(member_facts.joined_at, excluded.joined_at),
  orders_paid = member_facts.orders_paid + excluded.orders_paid,
  paid_fen = member_facts.paid_fen + excluded.paid_fen,
  refunded_fen = member_facts.refunded_fen + excluded.refunded_fen,
  first_paid_at = least(member_facts.first_paid_at, excluded.first_paid_at),
  last_paid_at = greatest(member_facts.last_paid_at, excluded.last_paid_at)
"""
ADD_TO_DAYS = """
insert into sales_day (id, merchant_id, day, orders_placed, orders_paid, paid_fen, refunded_fen)
select id, merchant_id, day, orders_placed, orders_paid, paid_fen, refunded_fen
from jsonb_to_recordset(%s::jsonb) as row(id uuid, merchant_id uuid, day date, orders_placed int,
  orders_paid int, paid_fen bigint, refunded_fen bigint)
order by day
on conflict (merchant_id, day) do update set
  orders_placed = sales_day.orders_placed + excluded.orders_placed,
  orders_paid = sales_day.orders_paid + excluded.orders_paid,
  paid_fen = sales_day.paid_fen + excluded.paid_fen,
  refunded_fen = sales_day.refunded_fen + excluded.refunded_fen
"""


@projection(
    "metrics.member_facts", events=["member.joined", "order.paid", "refund.completed"], tables=[MemberFacts]
)
def keep_member_facts(batch: list[Event]) -> None:
    rows: dict[str, dict[str, Any]] = {}
    for event in batch:
        person = event.payload["person_id"]
        row = rows.setdefault(person, {**_counts(), "person_id": person})
        _count(row, event)
        if event.name == "member.joined":
            row["joined_at"] = event.at.isoformat()
        if event.name == "order.paid":
            row["first_paid_at"] = min(filter(None, (row.get("first_paid_at"), event.at.isoformat())))
            row["last_paid_at"] = max(filter(None, (row.get("last_paid_at"), event.at.isoformat())))
    _add(ADD_TO_MEMBERS, rows.values())


@projection("metrics.days", events=["order.placed", "order.paid", "refund.completed"], tables=[SalesDay])
def keep_sales_days(batch: list[Event]) -> None:
    rows: dict[str, dict[str, Any]] = {}
    for event in batch:
        day = beijing_day(event.at).isoformat()
        row = rows.setdefault(day, {**_counts(), "day": day})
        row["orders_placed"] += event.name == "order.placed"
        _count(row, event)
    _add(ADD_TO_DAYS, rows.values())


def _counts() -> dict[str, Any]:
    return {"orders_placed": 0, "orders_paid": 0, "paid_fen": 0, "refunded_fen": 0}


def _count(row: dict[str, Any], event: Event) -> None:
    if event.name == "order.paid":
        row["orders_paid"] += 1
        row["paid_fen"] += event.payload["total_fen"]
    elif event.name == "refund.completed":
        row["refunded_fen"] += event.payload["amount_fen"]


def _add(statement: str, rows: Iterable[dict[str, Any]]) -> None:
    merchant = str(current_merchant())
    written = [{**row, "id": str(uuid7()), "merchant_id": merchant} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(written)])
