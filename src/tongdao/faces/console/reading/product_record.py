"""One product with its SKUs, their stock at the merchant's own node, and their prices through time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.models import ImageState, PriceChange, Product, ProductImage, Sku
from tongdao.goods.inventory.models import Stock, StockMovement
from tongdao.party.network.models import Partner, PartnerKind

MOVEMENTS = 20
PRICES = 50


@dataclass(frozen=True, slots=True)
class SkuLine:
    """A SKU with the units on hand and promised at the merchant's own node."""

    sku: Sku
    on_hand: int
    reserved: int

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved

    @property
    def name(self) -> str:
        return " · ".join(str(value) for value in self.sku.option_values) or self.sku.code


@dataclass(frozen=True, slots=True)
class ProductRecord:
    product: Product
    images: Sequence[ProductImage]
    lines: Sequence[SkuLine]


@dataclass(frozen=True, slots=True)
class SkuRecord:
    """`prices` and `movements`, the latest first."""

    product: Product
    line: SkuLine
    prices: Sequence[PriceChange]
    movements: Sequence[StockMovement]


def product_record(product_id: UUID) -> ProductRecord:
    """Raises NotFound."""
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    pictures = ProductImage.objects.filter(product=product).exclude(state=ImageState.REMOVED)
    images = list(pictures.order_by("position", "id"))
    rows = Sku.objects.filter(product=product, archived=False)
    skus = list(rows.select_related("image").order_by("position", "id"))
    stocks = {stock.sku_id: stock for stock in _stocks(skus)}
    return ProductRecord(product, images, [_line(sku, stocks.get(sku.id)) for sku in skus])


def sku_record(product_id: UUID, sku_id: UUID) -> SkuRecord:
    """Raises NotFound, also for a SKU of another product."""
    sku = Sku.objects.filter(pk=sku_id, product_id=product_id).select_related("product", "image").first()
    if sku is None:
        raise NotFound()
    stock = next(iter(_stocks([sku])), None)
    prices = list(PriceChange.objects.filter(sku=sku).order_by("-version")[:PRICES])
    movements = StockMovement.objects.filter(stock=stock).order_by("-at", "-id")[:MOVEMENTS] if stock else []
    return SkuRecord(sku.product, _line(sku, stock), prices, list(movements))


def _stocks(skus: Sequence[Sku]) -> list[Stock]:
    own = Partner.objects.filter(kind=PartnerKind.SELF).values("id")
    return list(Stock.objects.filter(sku__in=list(skus), node_id__in=own))


def _line(sku: Sku, stock: Stock | None) -> SkuLine:
    return SkuLine(sku, stock.on_hand if stock else 0, stock.reserved if stock else 0)
