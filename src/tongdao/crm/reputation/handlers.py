"""One projection: each event adds to the standings of a product, of the merchant, and of a promoter."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from tongdao.crm.reputation import waiting
from tongdao.crm.reputation.counting import units_gone
from tongdao.crm.reputation.folding import Fold, keys_of, merchant_key, read_fold, write_states
from tongdao.crm.reputation.models import LineStanding, OrderSent, Standing, StandingWait
from tongdao.crm.reputation.reading import read_facts
from tongdao.foundation.events import Event, projection
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import current_merchant

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


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))


def _left(fold: Fold, event: Event) -> None:
    """Units have left; with the last of them the order has, once, however often a parcel comes back."""
    _move(fold, event, 1)
    order_id = UUID(event.payload["order_id"])
    order = fold.facts.orders.get(order_id)
    if not event.payload["last"] or order is None or order_id in fold.sent:
        return
    fold.sent.add(order_id)
    fold.new.append(order_id)
    in_time = order.ship_by is None or event.at <= order.ship_by
    took = _seconds(order.paid_at, event.at)
    what = {"orders_sent": 1, "orders_in_time": int(in_time), "seconds_to_send": took}
    fold.add(keys_of(order.lines), what)


def _came_back(fold: Fold, event: Event) -> None:
    """A parcel that never was on its way, or was given back by the carrier: then its units have not left."""
    if (event.old or {}).get("state") == "cancelling":
        _move(fold, event, -1)


def _move(fold: Fold, event: Event, sign: int) -> None:
    for line, units in fold.facts.parcels.get(event.subject_id, ()):
        state = fold.line(line)
        fold.set_line(line, replace(state, sent=state.sent + sign * units))


def _arrived(fold: Fold, event: Event) -> None:
    order = fold.facts.orders.get(UUID(event.payload["order_id"]))
    if order is not None:
        lines = [line for line, _ in fold.facts.parcels.get(event.subject_id, ())]
        what = {"parcels_delivered": 1, "seconds_to_deliver": _seconds(order.paid_at, event.at)}
        fold.add(keys_of(lines), what)


def _given_back(fold: Fold, event: Event) -> None:
    """A case comes to money, by whatever way: once a case, and nothing takes it back."""
    for back in fold.facts.back.get(event.subject_id, ()):
        line, state = back.line, fold.line(back.line)
        gone = units_gone(back.units, back.goods_fen, line.bought, keeps_goods=back.keeps_goods)
        fold.set_line(
            line,
            replace(
                state,
                gone=state.gone + gone,
                returned=state.returned + (gone if back.asked else 0),
                back_fen=state.back_fen + back.goods_fen,
            ),
        )


def _reviewed(fold: Fold, event: Event) -> None:
    said = fold.facts.reviews.get(event.subject_id)
    payload = event.payload
    if said is not None and said.first and not payload.get("interested") and not payload.get("repeated"):
        fold.set_line(said.line, replace(fold.line(said.line), stars=said.stars))


def _taken_down(fold: Fold, event: Event) -> None:
    said = fold.facts.reviews.get(event.subject_id)
    if said is not None:
        fold.set_line(said.line, replace(fold.line(said.line), stars=0))


def _answered(fold: Fold, event: Event) -> None:
    """The first answer to each review; what a follow-up is answered says nothing of how quick a shop is."""
    said = fold.facts.reviews.get(event.subject_id)
    if said is not None and event.payload["to"] == "review":
        took = _seconds(said.written_at, event.at)
        fold.add([merchant_key()], {"answers": 1, "seconds_to_answer": took})


def _disputed(fold: Fold, event: Event) -> None:
    _of_dispute(fold, event, {"disputes": 1})
    waiting.disputed(fold, event)


def _dropped(fold: Fold, event: Event) -> None:
    _of_dispute(fold, event, {"disputes": -1})


def _enforced(fold: Fold, event: Event) -> None:
    """What was ruled last: a first ruling may be appealed against, and says nothing yet."""
    lost = event.payload["outcome"] != "seller"
    _of_dispute(fold, event, {"disputes_ruled": 1, "disputes_lost": int(lost)})


def _of_dispute(fold: Fold, event: Event, what: Mapping[str, int]) -> None:
    fold.add(keys_of(fold.facts.about.get(UUID(event.payload["aftersale_id"]), ())), what)


FOLDS: Mapping[str, Callable[[Fold, Event], None]] = {
    "parcel.shipped": _left,
    "parcel.voided": _came_back,
    "parcel.delivered": _arrived,
    "after_sale.opened": _given_back,
    "after_sale.granted": _given_back,
    "after_sale.requested": waiting.case_requested,
    "after_sale.moved": waiting.case_moved,
    "dispute.opened": _disputed,
    "dispute.dropped": _dropped,
    "dispute.enforced": _enforced,
    "message.sent": waiting.message_sent,
    "talk.settled": waiting.talk_settled,
    "review.written": _reviewed,
    "review.taken_down": _taken_down,
    "review.answered": _answered,
}


@projection(
    "reputation.figures", events=list(FOLDS), tables=[Standing, OrderSent, LineStanding, StandingWait]
)
def keep_standings(batch: list[Event]) -> None:
    fold = read_fold(read_facts(batch), waiting.waits_of(batch))
    for event in batch:
        FOLDS[event.name](fold, event)
    write_states(fold)
    _write(fold)


def _write(fold: Fold) -> None:
    merchant = str(current_merchant())
    rows = [
        {"id": str(uuid7()), "merchant_id": merchant, "kind": kind, "subject_id": str(subject), **sums}
        for (kind, subject), sums in fold.sums.items()
        if any(sums.values())
    ]
    with connection.cursor() as cursor:
        cursor.execute(ADD, [json.dumps(rows)])
