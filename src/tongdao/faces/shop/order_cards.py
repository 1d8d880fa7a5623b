"""A buyer's orders at one merchant, as cards: state, pictures, amount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from tongdao.faces.kit.shapes import Tone
from tongdao.faces.shop.media import picture_url
from tongdao.foundation.money import Fen
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.talk.queries import unread_of_buyer

PAGE = 20
PICTURES = 4
# What a buyer calls the states. An order is on its way once all of it has been shipped.
GROUPS: dict[str, Q] = {
    "pay": Q(state__in=["placed", "closing"]),
    "ship": Q(state="paid", confirm_by__isnull=True),
    "receive": Q(state="paid", confirm_by__isnull=False),
    "done": Q(state="completed"),
    "over": Q(state__in=["closed", "cancelled"]),
}
TONES: dict[str, Tone] = {"pay": "waiting", "ship": "waiting", "receive": "", "done": "success", "over": ""}


@dataclass(frozen=True, slots=True)
class OrderLook:
    """An order in the list; `pictures` are at most four, `more` how many lines are not shown."""

    order_id: UUID
    number: str
    group: str
    label: str
    tone: Tone
    total_fen: Fen
    placed_at: datetime
    pay_by: datetime
    title: str
    pictures: tuple[str, ...]
    more: int
    units: int
    unread: int = 0  # messages about it


def group_labels() -> dict[str, str]:
    return {
        "pay": _("To pay"),
        "ship": _("To be shipped"),
        "receive": _("On the way"),
        "done": _("Completed"),
        "over": _("Closed"),
    }


def count_groups(person_id: UUID) -> dict[str, int]:
    """How many orders are in each group."""
    counted = {name: Count("id", filter=condition) for name, condition in GROUPS.items()}
    found: dict[str, int] = Order.objects.filter(person_id__same_as=person_id).aggregate(**counted)
    return found


def order_cards(person_id: UUID, *, group: str = "", offset: int = 0) -> list[OrderLook]:
    """A page of orders, newest first, with one more than PAGE where there are others."""
    orders = Order.objects.filter(GROUPS.get(group, Q()), person_id__same_as=person_id)
    page = list(orders.order_by("-placed_at", "-id")[offset : offset + PAGE + 1])
    lines = _lines(order.id for order in page)
    labels, unread = group_labels(), unread_of_buyer(person_id, [order.id for order in page])
    return [_card(order, lines[order.id], labels, unread.get(order.id, 0)) for order in page]


def _group(order: Order) -> str:
    """The group of one order, as GROUPS states it."""
    if order.state == "paid":
        return "ship" if order.confirm_by is None else "receive"
    return {"placed": "pay", "closing": "pay", "completed": "done"}.get(order.state, "over")


def _lines(order_ids: Iterable[UUID]) -> defaultdict[UUID, list[OrderLine]]:
    found: defaultdict[UUID, list[OrderLine]] = defaultdict(list)
    for line in OrderLine.objects.filter(order_id__in=list(order_ids)).order_by("position"):
        found[line.order_id].append(line)
    return found


def _card(order: Order, lines: list[OrderLine], labels: dict[str, str], unread: int) -> OrderLook:
    group = _group(order)
    return OrderLook(
        order_id=order.id,
        number=order.number,
        group=group,
        label=labels[group],
        tone=TONES[group],
        total_fen=Fen(order.total_fen),
        placed_at=order.placed_at,
        pay_by=order.pay_by,
        title=lines[0].title if lines else order.number,
        pictures=tuple(picture_url(line.picture) for line in lines[:PICTURES]),
        more=max(0, len(lines) - PICTURES),
        units=sum(line.quantity for line in lines),
        unread=unread,
    )
