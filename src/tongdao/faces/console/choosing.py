"""Which goods a bulk change is about: ticked ones, one brand or category, or all of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from tongdao.faces.console.typed import identifier, text
from tongdao.faces.kit.joining import joined
from tongdao.faces.kit.shapes import Choice
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.editing.choosing import MOST_LINES

NAMED = 100  # brands and categories to choose from


@dataclass(frozen=True, slots=True)
class Chosen:
    """`scope` is "" for what is ticked, "all", "brand:…" or "type:…"."""

    products: tuple[UUID, ...] = ()
    skus: tuple[UUID, ...] = ()
    scope: str = ""

    def ids(self) -> tuple[list[UUID], list[UUID]]:
        """Products and SKUs, in the merchant's scope; one more than may be chosen: too many."""
        kind, __, value = self.scope.partition(":")
        if not self.scope:
            return list(self.products), list(self.skus)
        rows = Product.objects.order_by("id")
        if kind == "brand":
            rows = rows.filter(vendor=value)
        elif kind == "type":
            rows = rows.filter(product_type=value)
        return list(rows.values_list("id", flat=True)[: MOST_LINES + 1]), []

    def titles(self) -> list[str]:
        """What is ticked, by name."""
        rows = Product.objects.filter(pk__in=self.products).order_by("title")
        skus = Sku.objects.filter(pk__in=self.skus).select_related("product")
        named = [f"{sku.product.title} {' · '.join(map(str, sku.option_values))}".strip() for sku in skus]
        return [*rows.values_list("title", flat=True), *named]


def chosen_goods(query: QueryDict) -> Chosen:
    return Chosen(_ids(query, "product"), _ids(query, "sku"), text(query, "scope", 130))


def _ids(query: QueryDict, name: str) -> tuple[UUID, ...]:
    found = [id for each in query.getlist(name)[:MOST_LINES] if (id := identifier(each))]
    return tuple(dict.fromkeys(found))


def scopes(chosen: Chosen) -> list[Choice]:
    """For a select: what is ticked, all goods, each brand, each category."""
    ticked = chosen.titles()
    found = [Choice("", _("The ticked: %(goods)s") % {"goods": _named(ticked)})] if ticked else []
    found.append(Choice("all", _("All products")))
    for column, kind, label in (("vendor", "brand", _("Brand")), ("product_type", "type", _("Category"))):
        values = Product.objects.exclude(**{column: ""}).order_by(column).values_list(column, flat=True)
        found += [Choice(f"{kind}:{value}", f"{label}: {value}") for value in values.distinct()[:NAMED]]
    return found


def _named(titles: list[str]) -> str:
    shown = joined(titles[:3])
    return (
        shown
        if len(titles) <= 3
        else _("%(names)s and %(more)d more") % {"names": shown, "more": len(titles) - 3}
    )
