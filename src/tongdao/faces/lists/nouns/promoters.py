from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from tongdao.faces.lists.filters import Choice, Dates, cases
from tongdao.faces.lists.people import sign_in_names
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort, Words
from tongdao.faces.lists.wanted import options
from tongdao.party.network.models import Promoter
from tongdao.reach.traffic.models import ShareLink
from tongdao.rewards.commissions.queries.shares import shares_of
from tongdao.trade.orders.models import Order

STATES: Words = {"active": (_("Active"), "success"), "left": (_("Left"), "")}
EARNING = ("paid", "completed")


@dataclass(frozen=True, slots=True)
class Earned:
    """`orders` that are paid and stand, and the commission on them in fen, held or released."""

    orders: int
    fen: int


def sign_ins_of(promoters: Sequence[Promoter]) -> Mapping[UUID, str]:
    signs = sign_in_names(row.person_id for row in promoters)
    return {row.id: signs.get(row.person_id, "") for row in promoters}


def links_of(promoters: Sequence[Promoter]) -> Mapping[UUID, int]:
    rows = ShareLink.objects.filter(promoter__in=promoters).order_by()
    counted = rows.values_list("promoter_id").annotate(many=Count("id"))
    return {id: many for id, many in counted if id}


def earned_of(promoters: Sequence[Promoter]) -> Mapping[UUID, Earned]:
    rows = shares_of([row.id for row in promoters]).filter(
        line__order_id__in=Order.objects.filter(state__in=EARNING).values("id")
    )
    sums = rows.order_by().values("beneficiary")
    found = sums.annotate(fen=Sum("kept"), orders=Count("line__order_id", distinct=True))
    return {row["beneficiary"]: Earned(row["orders"], int(row["fen"])) for row in found if row["beneficiary"]}


PROMOTERS = ListSpec(
    noun="promoters",
    title=_("Promoters"),
    need="promoters.manage",
    model=Promoter,
    rows=lambda: Promoter.objects.all(),
    parts={"sign_in": sign_ins_of, "links": links_of, "earned": earned_of},
    columns=(
        Column(
            "name",
            _("Name"),
            lambda p, _: p.shown_name,
            link=lambda p, _: Link("promoter", {"promoter_id": p.id}),
        ),
        Column("sign_in", _("Signs in with"), lambda p, sign: sign, "muted", part="sign_in"),
        Column("joined", _("Since"), lambda p, _: p.joined_at, "time"),
        Column("left", _("Left on"), lambda p, _: p.left_at, "time", shown=False),
        Column("state", _("State"), lambda p, _: "left" if p.left_at else "active", "tag", words=STATES),
        Column("links", _("Links"), lambda p, many: many or 0, "num", part="links"),
        Column("orders", _("Orders paid"), lambda p, e: e.orders if e else 0, "num", part="earned"),
        Column("earned", _("Commission"), lambda p, e: e.fen if e else 0, "money", part="earned"),
    ),
    filters=(
        Choice(
            "state",
            _("State"),
            lambda: options(STATES),
            cases({"active": Q(left_at__isnull=True), "left": Q(left_at__isnull=False)}),
        ),
        Dates("joined", _("Since"), "joined_at"),
    ),
    tabs="state",
    sorts=(Sort("", _("Newest first")), Sort("old", _("Oldest first"), up=True)),
)
