from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdao.faces.lists.filters import SEARCH, Amount, Choice, Dates, Rows, Words, coded
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.faces.lists.words import PROMOTION_KINDS, PROMOTION_PHASES
from tongdao.foundation import clock
from tongdao.goods.catalog.models import Sku
from tongdao.terms.promotions.models import Promotion
from tongdao.terms.promotions.queries import Phase
from tongdao.terms.promotions.queries.listing import in_phase, phase_of

TABS = ("running", "scheduled", "ended", "stopped")


def goods_of(promotions: Sequence[Promotion]) -> Mapping[UUID, str]:
    """The SKU that it is about, by product and options."""
    wanted = {row.sku_id for row in promotions if row.sku_id}
    skus = {sku.id: sku for sku in Sku.objects.select_related("product").filter(pk__in=wanted)}
    return {row.id: sku_name(skus[row.sku_id]) for row in promotions if row.sku_id in skus}


def sku_name(sku: Sku) -> str:
    """Product and options: the words by which the desk knows it."""
    return " · ".join([sku.product.title, *(str(value) for value in sku.option_values)])


def _by_words(rows: Rows, typed: str) -> Rows:
    return rows.filter(Q(title__icontains=typed) | Q(code__icontains=typed))


def _by_phase(rows: Rows, code: str) -> Rows:
    return rows.filter(in_phase(cast("Phase", code), clock.now()))


PROMOTIONS = ListSpec(
    noun="promotions",
    title=_("Promotions"),
    need="promotions.read",
    model=Promotion,
    rows=lambda: Promotion.objects.all(),
    parts={"goods": goods_of},
    columns=(
        Column(
            "title",
            _("Title"),
            lambda p, _: p.title,
            link=lambda p, _: Link("promotion", {"promotion_id": p.id}),
        ),
        Column("about", _("About"), lambda p, goods: p.code or goods, "muted", part="goods"),
        Column(
            "kind",
            _("Kind"),
            lambda p, _: str(PROMOTION_KINDS[p.kind][0]),
        ),
        Column("state", _("State"), lambda p, _: phase_of(p, clock.now()), "tag", words=PROMOTION_PHASES),
        Column("starts", _("Begins"), lambda p, _: p.starts_at, "time"),
        Column("ends", _("Ends"), lambda p, _: p.ends_at, "time"),
        Column("used", _("Used"), lambda p, _: (p.used, p.quota), "share"),
        Column("given", _("Given to buyers"), lambda p, _: p.given_fen, "money"),
    ),
    filters=(
        Words("q", SEARCH, _by_words),
        Choice("state", _("State"), lambda: options({c: PROMOTION_PHASES[c] for c in TABS}), _by_phase),
        Choice("kind", _("Kind"), lambda: options(PROMOTION_KINDS), coded("kind")),
        Dates("starts", _("Begins"), "starts_at"),
        Amount("given", _("Given to buyers"), "given_fen"),
    ),
    tabs="state",
    sorts=(Sort("", _("Newest first")), Sort("old", _("Oldest first"), up=True)),
)
