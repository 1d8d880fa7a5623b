"""What a shop's pages read of the catalogue: shelves, categories, one product whole."""

from tongdao.goods.catalog.reading.price_line import PriceLine, price_line
from tongdao.goods.catalog.reading.product_page import (
    Image,
    ProductPage,
    SkuOffer,
    handle_of,
    offers_of,
    product_page,
)
from tongdao.goods.catalog.reading.shelf import (
    Category,
    Shelf,
    ShelfCard,
    cards_by_handle,
    cards_of,
    categories,
    shelf,
)

__all__ = [
    "Category",
    "Image",
    "PriceLine",
    "ProductPage",
    "Shelf",
    "ShelfCard",
    "SkuOffer",
    "cards_by_handle",
    "cards_of",
    "categories",
    "handle_of",
    "offers_of",
    "price_line",
    "product_page",
    "shelf",
]
