"""The sheet in which a buyer chooses: options, what each SKU costs, and what is left of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.kit.shapes import Choice, Option
from tongdao.faces.shop.media import picture_url
from tongdao.foundation.money import Fen, format_yuan
from tongdao.goods.catalog.reading import ProductPage, SkuOffer

FEW = 10  # from here down the number is shown
MOST = 999


@dataclass(frozen=True, slots=True)
class Sheet:
    """`hidden` names the one SKU of a product without options. `max` is what can be had of the one chosen."""

    options: list[Option]
    hidden: Mapping[str, str]
    sku_data: list[dict[str, Any]]
    fen: Fen
    image_url: str
    stock_text: str
    quantity: str
    max: int
    sold_out: bool


def sheet_of(page: ProductPage, left: Mapping[UUID, int], chosen: Mapping[str, str]) -> Sheet:
    """`left`: units by SKU. `chosen`: what was posted before; else the first SKU that can be had."""
    offer = page.find(chosen_values(page, chosen)) or _first(page, left)
    units = left.get(offer.sku_id, 0) if offer else 0
    first_picture = picture_url(page.images[0].file) if page.images else ""
    return Sheet(
        options=_options(page, left, offer),
        hidden={} if page.option_names or offer is None else {"sku": str(offer.sku_id)},
        sku_data=[_data(one, left, first_picture) for one in page.offers] if page.option_names else [],
        fen=offer.price_fen if offer else Fen(0),
        image_url=(picture_url(offer.picture) if offer else "") or first_picture,
        stock_text=stock_text(units),
        quantity=chosen.get("quantity", "1"),
        max=max(1, min(units, MOST)),
        sold_out=not any(left.get(one.sku_id, 0) > 0 for one in page.offers),
    )


def chosen_values(page: ProductPage, chosen: Mapping[str, str]) -> list[str]:
    """The option values of a posted form, in the order of the option names."""
    return [chosen.get(field_name(place), "") for place in range(len(page.option_names))]


def field_name(place: int) -> str:
    return f"option{place + 1}"


def stock_text(units: int) -> str:
    """An exact number only where it matters, so that nobody is hurried."""
    if units < 1:
        return _("Sold out")
    if units <= FEW:
        return ngettext("%(count)d left", "%(count)d left", units) % {"count": units}
    return _("In stock")


def _first(page: ProductPage, left: Mapping[UUID, int]) -> SkuOffer | None:
    had = [offer for offer in page.offers if left.get(offer.sku_id, 0) > 0]
    return min(had or page.offers, key=lambda offer: offer.price_fen, default=None)


def _options(page: ProductPage, left: Mapping[UUID, int], picked: SkuOffer | None) -> list[Option]:
    return [
        Option(field_name(place), name, _choices(page, left, place, picked))
        for place, name in enumerate(page.option_names)
    ]


def _choices(
    page: ProductPage, left: Mapping[UUID, int], place: int, picked: SkuOffer | None
) -> list[Choice]:
    values = dict.fromkeys(offer.values[place] for offer in page.offers if place < len(offer.values))
    had = {offer.values[place] for offer in page.offers if left.get(offer.sku_id, 0) > 0}
    mine = picked.values[place] if picked and place < len(picked.values) else None
    return [Choice(value, value, value == mine, value not in had and value != mine) for value in values]


def _data(offer: SkuOffer, left: Mapping[UUID, int], picture: str) -> dict[str, Any]:
    units = left.get(offer.sku_id, 0)
    return {
        "id": str(offer.sku_id),
        "values": list(offer.values),
        "price": f"¥{format_yuan(offer.price_fen)}",
        "stock": min(units, MOST),
        "stock_text": stock_text(units),
        "image": picture_url(offer.picture) or picture,
    }
