from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from tongdao.faces.kit.money_text import yuan
from tongdao.faces.lists import shapes
from tongdao.faces.lists.filters import SEARCH, Amount, Choice, Dates, Rows, Words
from tongdao.faces.lists.return_words import return_choices, return_name
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.standing import sold_out
from tongdao.faces.lists.wanted import options
from tongdao.goods.catalog.models import Product, ProductImage, Sku
from tongdao.goods.inventory.models import Stock
from tongdao.goods.search.queries import find_products

MOST = 500  # products that words may mean
STATES: shapes.Words = {"published": (_("In the shop"), "success"), "hidden": (_("Hidden"), "")}
SHOWS = {
    "published": _("In the shop"),
    "hidden": _("Hidden"),
    "sold_out": _("Sold out"),
}


@dataclass(frozen=True, slots=True)
class Skus:
    """How many, and the lowest and the highest price in fen."""

    many: int
    least_fen: int
    most_fen: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriceFilter(Amount):
    """A product is in it when one of its SKUs is."""

    def apply(self, rows: Rows, wanted: Mapping[str, str]) -> Rows:
        plain = super(PriceFilter, self).apply(Sku.objects.filter(archived=False), wanted)
        typed = any(wanted.get(param) for param in self.params)
        return rows.filter(pk__in=plain.values("product_id")) if typed else rows


def skus_of(products: Sequence[Product]) -> Mapping[UUID, Skus]:
    found: defaultdict[UUID, list[tuple[int, str]]] = defaultdict(list)
    rows = Sku.objects.filter(product_id__in=_ids(products), archived=False).order_by("position", "id")
    for product_id, fen, code in rows.values_list("product_id", "price_fen", "code"):
        found[product_id].append((fen, code))
    return {
        id: Skus(
            len(known),
            min(fen for fen, _code in known),
            max(fen for fen, _code in known),
            tuple(code for _fen, code in known if code),
        )
        for id, known in found.items()
    }


def free_of(products: Sequence[Product]) -> Mapping[UUID, int]:
    """Units that can still be promised."""
    rows = Stock.objects.filter(sku__product_id__in=_ids(products)).values("sku__product_id")
    free = rows.annotate(free=Sum(F("on_hand") - F("reserved")))
    return {row["sku__product_id"]: int(row["free"]) for row in free}


def pictures_of(products: Sequence[Product]) -> Mapping[UUID, str]:
    """The first picture of each."""
    images = ProductImage.objects.filter(product_id__in=_ids(products)).exclude(file="")
    return dict(images.order_by("-position", "-id").values_list("product_id", "file"))


def _ids(products: Sequence[Product]) -> list[UUID]:
    return [product.id for product in products]


def _by_words(rows: Rows, typed: str) -> Rows:
    """As the search finds them; a handle or a code also before the index knows it."""
    found = find_products(typed, limit=MOST, hidden=True).ids
    coded = Sku.objects.filter(code=typed).values("product_id")
    return rows.filter(Q(pk__in=found) | Q(handle=typed) | Q(pk__in=coded))


def _by_show(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    if code == "sold_out":
        return rows.filter(pk__in=sold_out().values("product_id"))
    return rows.filter(published=code == "published")


def _by_returns(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    return rows.filter(return_exclusion=code)


def _state(product: Product, _: object) -> str:
    return "published" if product.published else "hidden"


def _price(product: Product, skus: Skus | None) -> str:
    if skus is None:
        return "—"
    most = f" – {yuan(skus.most_fen)}" if skus.most_fen != skus.least_fen else ""
    return f"¥{yuan(skus.least_fen)}{most}"


PRODUCTS = ListSpec(
    noun="products",
    title=_("Products"),
    need="goods.read",
    model=Product,
    rows=lambda: Product.objects.all(),
    parts={"skus": skus_of, "free": free_of, "picture": pictures_of},
    columns=(
        Column(
            "title",
            _("Product"),
            lambda p, _: p.title,
            part="picture",
            link=lambda p, _: Link("product", {"product_id": p.id}),
            picture=lambda p, file: file or "",
        ),
        Column("handle", _("Handle"), lambda p, _: p.handle, "muted", shown=False),
        Column("vendor", _("Brand"), lambda p, _: p.vendor, "muted"),
        Column("type", _("Type"), lambda p, _: p.product_type, "muted", shown=False),
        Column("tags", _("Tags"), lambda p, _: "、".join(p.tags), "muted", shown=False),
        Column("state", _("State"), _state, "tag", words=STATES),
        Column("returns", _("Returns"), lambda p, _: return_name(p), "muted", shown=False),
        Column("codes", _("Codes"), lambda p, s: "、".join(s.codes) if s else "", part="skus", shown=False),
        Column("skus", _("SKUs"), lambda p, s: s.many if s else 0, "num", part="skus"),
        Column("free", _("Stock"), lambda p, free: free or 0, "num", part="free", none=_("Sold out")),
        Column("price", _("Price"), _price, "num", part="skus"),
        Column("least", _("Lowest price"), lambda p, s: s and s.least_fen, "money", part="skus", shown=False),
        Column("most", _("Highest price"), lambda p, s: s and s.most_fen, "money", part="skus", shown=False),
        Column("created", _("Made"), lambda p, _: p.created_at, "time", shown=False),
        Column("updated", _("Changed"), lambda p, _: p.updated_at, "time", shown=False),
    ),
    filters=(
        Words("q", SEARCH, _by_words),
        Choice("show", _("State"), lambda: options(SHOWS), _by_show),
        Words("vendor", _("Brand"), lambda rows, typed: rows.filter(vendor=typed)),
        Choice("returns", _("Returns"), lambda: options(return_choices()), _by_returns),
        PriceFilter("price", _("Price"), "price_fen"),
        Dates("created", _("Made"), "created_at"),
    ),
    tabs="show",
    sorts=(Sort("", _("Newest first")), Sort("old", _("Oldest first"), up=True)),
)
