"""One product whole: pictures, options, and each SKU with its price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.models import Product, ProductImage, Sku


@dataclass(frozen=True, slots=True)
class Image:
    """A stored picture; `file` is a path below MEDIA_ROOT, sizes are pixels, 0 where unknown."""

    file: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SkuOffer:
    """A SKU on offer. `values` has one text for each option name; `stated_fen` is the merchant's own
    crossed-out price, not checked against the history."""

    sku_id: UUID
    values: tuple[str, ...]
    price_fen: Fen
    stated_fen: Fen | None
    picture: str


@dataclass(frozen=True, slots=True)
class ProductPage:
    """`body_html` was sanitised when it was written. `offers` are the saleable SKUs; there may be none."""

    product_id: UUID
    handle: str
    title: str
    vendor: str
    category: str
    body_html: str
    option_names: tuple[str, ...]
    images: tuple[Image, ...]
    offers: tuple[SkuOffer, ...]
    return_exclusion: str = ""  # code of rulebook.returns; empty: the days of every line
    held: bool = False  # nothing of it is sold until a licence or a number of it is there

    @property
    def cheapest(self) -> SkuOffer | None:
        return min(self.offers, key=lambda offer: offer.price_fen, default=None)

    @property
    def many_prices(self) -> bool:
        return len({offer.price_fen for offer in self.offers}) > 1

    def find(self, values: Iterable[str]) -> SkuOffer | None:
        """The SKU of these option values, in the order of the option names."""
        wanted = tuple(values)
        return next((offer for offer in self.offers if offer.values == wanted), None)


def product_page(handle: str) -> ProductPage:
    """A published product. Raises NotFound."""
    product = Product.objects.filter(handle=handle, published=True).first()
    if product is None:
        raise NotFound()
    offers = offers_of(product.id)
    return ProductPage(
        product_id=product.id,
        handle=product.handle,
        title=product.title,
        vendor=product.vendor,
        category=product.product_type,
        body_html=product.body_html,
        option_names=tuple(str(name) for name in product.option_names),
        images=_images(product),
        offers=offers,
        return_exclusion=product.return_exclusion,
        held=not offers and Sku.objects.filter(product=product).exclude(held_for="").exists(),
    )


def offers_of(product_id: UUID) -> tuple[SkuOffer, ...]:
    """The saleable SKUs of a product, in the merchant's order."""
    rows = Sku.objects.select_related("image").filter(product_id=product_id, saleable=True, price_fen__gt=0)
    return tuple(_offer(sku) for sku in rows.order_by("position", "id"))


def handle_of(product_id: UUID) -> str | None:
    """Where a link to a product leads; None when it is not in the shop any more."""
    rows = Product.objects.filter(pk=product_id, published=True)
    return rows.values_list("handle", flat=True).first()


def _images(product: Product) -> tuple[Image, ...]:
    rows = ProductImage.objects.filter(product=product).exclude(file="").order_by("position", "id")
    return tuple(Image(row.file, row.alt or product.title, row.width, row.height) for row in rows)


def _offer(sku: Sku) -> SkuOffer:
    return SkuOffer(
        sku_id=sku.id,
        values=tuple(str(value) for value in sku.option_values),
        price_fen=Fen(sku.price_fen),
        stated_fen=Fen(sku.compare_at_fen) if sku.compare_at_fen is not None else None,
        picture=sku.image.file if sku.image else "",
    )
