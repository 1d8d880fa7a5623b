from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongdao.faces.lists.filters import SEARCH, Amount, Choice, Dates, Rows, Words, coded
from tongdao.faces.lists.payout_words import COMMISSION_STATES, WAITS
from tongdao.faces.lists.people import promoter_names, promoter_options
from tongdao.faces.lists.plan_words import frozen_words
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.commissions.queries import Waiting, wait_for
from tongdao.trade.orders.models import Order, OrderLine, WaterfallShare

NUMBER = 18


@dataclass(frozen=True, slots=True)
class Sold:
    """Of which line of which order it is."""

    order_id: UUID
    number: str
    title: str
    quantity: int


def names_of(rows: Sequence[Commission]) -> Mapping[UUID, str]:
    names = promoter_names(row.promoter_id for row in rows)
    return {row.id: names.get(row.promoter_id, "") for row in rows}


def sold_of(rows: Sequence[Commission]) -> Mapping[UUID, Sold]:
    lines = OrderLine.objects.filter(pk__in=[row.line_id for row in rows])
    told = lines.values_list("id", "order_id", "order__number", "title", "quantity")
    known = {row[0]: Sold(*row[1:]) for row in told}
    return {row.id: known[row.line_id] for row in rows}


def agreed_of(rows: Sequence[Commission]) -> Mapping[UUID, str]:
    """By which rule of the plan."""
    shares = WaterfallShare.objects.filter(pk__in=[row.share_id for row in rows])
    named = dict(shares.values_list("id", "rule_version"))
    told = frozen_words(set(named.values()))
    return {row.id: told[named[row.share_id]] for row in rows}


def waits_of(rows: Sequence[Commission]) -> Mapping[UUID, Waiting]:
    """Of those that are held: what for, and until when at least."""
    held = [row for row in rows if row.state == "held"]
    found = wait_for(row.order_id for row in held)
    return {row.id: found[row.order_id] for row in held}


def _why(row: Commission, waiting: Waiting | None) -> str:
    return str(WAITS[waiting.cause]) if waiting else ""


def _by_words(rows: Rows, typed: str) -> Rows:
    """An order's number or its beginning."""
    digits = typed.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= NUMBER):
        return rows.none()
    orders = Order.objects.filter(number__gte=digits, number__lte=digits.ljust(NUMBER, "9"))
    return rows.filter(order_id__in=orders.values("id"))


def _by_debt(rows: Rows, code: str) -> Rows:
    return rows.filter(owed_fen__gt=F("netted_fen")) if code == "owed" else rows.filter(clawed_fen__gt=0)


BACKS = {"clawed": _("Something was taken back"), "owed": _("Still owed back")}

COMMISSIONS = ListSpec(
    noun="commissions",
    title=_("Commissions"),
    need="money.read",
    model=Commission,
    rows=lambda: Commission.objects.all(),
    parts={"promoter": names_of, "sold": sold_of, "agreed": agreed_of, "waits": waits_of},
    columns=(
        Column(
            "order",
            _("Order"),
            lambda c, sold: sold.number,
            part="sold",
            link=lambda c, _: Link("order_money", {"order_id": c.order_id}),
        ),
        Column("promoter", _("Promoter"), lambda c, name: name, part="promoter"),
        Column("goods", _("Goods"), lambda c, sold: f"{sold.title} × {sold.quantity}", "muted", part="sold"),
        Column("held", _("Earned on"), lambda c, _: c.held_at, "time"),
        Column("base", _("Goods paid"), lambda c, _: c.base_fen, "money"),
        Column("rule", _("Rule"), lambda c, told: told, "muted", part="agreed"),
        Column("amount", _("Commission"), lambda c, _: c.amount_fen, "money"),
        Column(
            "clawed", pgettext_lazy("commission", "Taken back"), lambda c, _: c.clawed_fen or None, "money"
        ),
        Column("kept", pgettext_lazy("money", "Left"), lambda c, _: c.kept_fen, "money", shown=False),
        Column(
            "owed", _("Still owed back"), lambda c, _: c.owed_fen - c.netted_fen or None, "money", shown=False
        ),
        Column("state", _("State"), lambda c, _: c.state, "tag", words=COMMISSION_STATES),
        Column("why", _("What it waits for"), _why, "muted", part="waits"),
        Column("next", _("Not before"), lambda c, w: w.until if w else None, "time", part="waits"),
        Column("released", _("Due since"), lambda c, _: c.released_at, "time", shown=False),
    ),
    filters=(
        Words("q", SEARCH, _by_words),
        Choice("state", _("State"), lambda: options(COMMISSION_STATES), coded("state")),
        Choice("promoter", _("Promoter"), promoter_options, coded("promoter_id"), fixed=False),
        Choice("back", pgettext_lazy("commission", "Taken back"), lambda: options(BACKS), _by_debt),
        Dates("held", _("Earned on"), "held_at"),
        Amount("amount", _("Commission"), "amount_fen"),
    ),
    tabs="state",
    sorts=(Sort("", _("Newest first")), Sort("old", _("Oldest first"), up=True)),
)
