"""Goods with options, pictures and a price history, put into a shop made by tests.support.builders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tests.support.builders import Shop
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, ProductImage, Sku
from tongdao.goods.inventory.operations import set_on_hand

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M1 1h6v6H1z"/></svg>'


def add_product(
    shop: Shop,
    handle: str,
    title: str,
    offers: Mapping[tuple[str, ...], tuple[int, int]],
    *,
    options: Sequence[str] = (),
    pictures: Sequence[str] = (),
    **fields: str,
) -> list[UUID]:
    """`offers`: (price in fen, stock) by option values. `pictures`: paths below MEDIA_ROOT. The SKU ids."""
    with merchant_scope(shop.merchant_id):
        product = Product.objects.create(
            handle=handle, title=title, option_names=list(options), published=True, **fields
        )
        for position, path in enumerate(pictures, 1):
            ProductImage.objects.create(
                product=product,
                position=position,
                file=path,
                source_url=path,
                state="ready",
                width=800,
                height=800,
            )
        skus = [
            _sku(product, place, values, Fen(price))
            for place, (values, (price, _)) in enumerate(offers.items())
        ]
        counts = {sku.id: stock for sku, (_, stock) in zip(skus, offers.values(), strict=True)}
        set_on_hand(counts, node_id=shop.node_id, reason="count", actor=shop.owner)
    return [sku.id for sku in skus]


def _sku(product: Product, place: int, values: tuple[str, ...], price: Fen) -> Sku:
    sku = Sku.objects.create(
        product=product,
        position=place,
        option_values=list(values),
        option_key="\x1f".join(values),
        currency="CNY",
        price_fen=price,
    )
    PriceChange.objects.create(sku=sku, version=1, price_fen=price, at=clock.now())
    return sku


def put_picture(name: str, content: str = SQUARE) -> str:
    """A file below MEDIA_ROOT; its path there."""
    target = Path(settings.MEDIA_ROOT) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content, encoding="utf-8")
    return name
