from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdao.crm.metrics.models import MemberFacts
from tongdao.faces.lists.filters import SEARCH, Amount, Choice, Dates, Range, Rows, Words, cases
from tongdao.faces.lists.people import shown_names, sign_in_names
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.foundation import clock
from tongdao.foundation.pii import mask_name
from tongdao.party.members.finding import persons_by_name, persons_by_sign_in
from tongdao.party.members.models import Member
from tongdao.trade.lookup.queries import orders_by_phone_end
from tongdao.trade.orders.models import Order

Facts = Sequence[MemberFacts]
MOST = 200  # orders to a phone that ends so
QUIET = timedelta(days=90)  # after so long without a purchase a buyer counts as quiet
SHOWS = {
    "bought": _("Have bought"),
    "again": _("Bought again"),
    "quiet": _("Not for 90 days"),
    "never": _("Never bought"),
}


def members_of(facts: Facts) -> Mapping[UUID, UUID]:
    """The member's id, by which its page is found."""
    rows = Member.objects.filter(person_id__in=[row.person_id for row in facts])
    known = dict(rows.values_list("person_id", "id"))
    return {row.id: known[row.person_id] for row in facts if row.person_id in known}


def names_of(facts: Facts) -> Mapping[UUID, tuple[str, UUID | None]]:
    """Shown name, empty for a guest, and the member's id."""
    names, members = shown_names(row.person_id for row in facts), members_of(facts)
    return {row.id: (names.get(row.person_id, ""), members.get(row.id)) for row in facts}


def sign_ins_of(facts: Facts) -> Mapping[UUID, str]:
    """A number with its middle hidden, or an e-mail address without its beginning."""
    signs = sign_in_names(row.person_id for row in facts)
    return {row.id: half_hidden(signs.get(row.person_id, "")) for row in facts}


def half_hidden(sign_in: str) -> str:
    name, at, host = sign_in.partition("@")
    return f"{name[:1]}***@{host}" if at else sign_in


def _by_words(rows: Rows, typed: str) -> Rows:
    """What somebody signs in with, the end of that or of a phone sent to, or a name as it is shown."""
    wanted = Q(person_id__in=persons_by_sign_in(typed)) | Q(person_id__in=persons_by_name(typed))
    digits = re.sub(r"[\s-]", "", typed)
    if digits.isascii() and digits.isdigit() and len(digits) in (4, 11):
        orders = orders_by_phone_end(digits[-4:], limit=MOST)
        buyers = Order.objects.filter(pk__in=orders).values_list("person_id", flat=True)
        wanted |= Q(person_id__in=list(buyers))
    return rows.filter(wanted)


def _by_show(rows: Rows, code: str) -> Rows:
    known = {
        "bought": Q(orders_paid__gt=0),
        "again": Q(orders_paid__gt=1),
        "quiet": Q(last_paid_at__lt=clock.now() - QUIET),
        "never": Q(orders_paid=0),
    }
    return cases(known)(rows, code)


def _mean(facts: Any, _: object) -> int | None:
    """Of a paid order, in whole fen, half up."""
    paid, orders = facts.paid_fen, facts.orders_paid
    return (2 * paid + orders) // (2 * orders) if orders else None


MEMBERS = ListSpec(
    noun="members",
    title=_("Members"),
    need="members.read",
    model=MemberFacts,
    rows=lambda: MemberFacts.objects.all(),
    parts={"name": names_of, "sign_in": sign_ins_of},
    columns=(
        Column(
            "name",
            _("Name"),
            lambda f, name: mask_name(name[0]) if name and name[0] else _("A guest"),
            part="name",
            link=lambda f, name: Link("member", {"member_id": name[1]}) if name and name[1] else None,
        ),
        Column("sign_in", _("Signs in with"), lambda f, sign: sign, "muted", part="sign_in"),
        Column("joined", _("Since"), lambda f, _: f.joined_at, "time"),
        Column("orders", _("Orders paid"), lambda f, _: f.orders_paid, "num"),
        Column("first", _("First bought"), lambda f, _: f.first_paid_at, "time", shown=False),
        Column("last", _("Last bought"), lambda f, _: f.last_paid_at, "time"),
        Column("mean", _("Per order"), _mean, "money", shown=False),
        Column("refunded", _("Paid back"), lambda f, _: f.refunded_fen, "money", shown=False),
        Column("paid", _("Spent"), lambda f, _: f.paid_fen, "money"),
    ),
    filters=(
        Words("q", SEARCH, _by_words),
        Choice("show", _("Who"), lambda: options(SHOWS), _by_show),
        Dates("joined", _("Since"), "joined_at"),
        Dates("last", _("Last bought"), "last_paid_at"),
        Amount("paid", _("Spent"), "paid_fen"),
        Range("orders", _("Orders paid"), "orders_paid"),
    ),
    tabs="show",
    sorts=(
        Sort("", _("Newest first")),
        Sort("spent", _("Most spent first"), "paid_fen"),
        Sort("last", _("Last purchase first"), "last_paid_at", only=Q(last_paid_at__isnull=False)),
    ),
)
