"""The demo's goods come in the way that any goods do; only their pictures are our own drawings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from tongdao.config.demo.goods import PICTURES, DemoProduct, DemoVariant
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.importing import ParsedProduct, ParsedVariant
from tongdao.goods.catalog.models import ImageState, Product, ProductImage, Sku
from tongdao.goods.catalog.operations import set_price
from tongdao.goods.intake.applying import Intake
from tongdao.goods.intake.operations.importing import take_in
from tongdao.goods.intake.operations.pictures import store_picture

OPENED = timedelta(days=40)  # ago: when the first prices were asked
LOWERED = timedelta(days=12)  # ago: when those with a crossed-out price went down
EDGE = 800  # pixels of a product's drawing, both ways


def fill_goods(merchant_id: UUID, products: Iterable[DemoProduct], *, actor: Actor) -> int:
    """Products that are not there yet, with stock and a price that went down; returns how many came.

    What is there already stays as it is: somebody may have changed it.
    """
    wanted = list(products)
    with merchant_scope(merchant_id):
        there = set(Product.objects.values_list("handle", flat=True))
    new = [_parsed(product) for product in reversed(wanted) if product.handle not in there]
    with clock.shifted(-OPENED):
        take_in(merchant_id, new, Intake("CNY", "import", actor))
    with merchant_scope(merchant_id), clock.shifted(-LOWERED):
        _lower_prices(wanted, actor)
    return len(new)


def _parsed(product: DemoProduct) -> ParsedProduct:
    """As if it had been read from a file, at its first prices."""
    return ParsedProduct(
        line=0,
        handle=product.handle,
        title=product.title,
        body_html=product.body_html,
        vendor=product.vendor,
        product_type=product.product_type,
        tags=product.tags,
        published=True,
        options=product.options,
        variants=tuple(_variant(variant) for variant in product.variants),
        images=(),
        return_exclusion=product.return_exclusion,
    )


def _variant(variant: DemoVariant) -> ParsedVariant:
    return ParsedVariant(
        line=0,
        option_values=variant.values,
        sku_code=variant.sku_code,
        price=Fen(variant.compare_at_fen or variant.price_fen),
        compare_at=None,
        grams=variant.grams,
        stock=variant.stock,
        barcode="",
        requires_shipping=True,
        taxable=True,
        image_url="",
        policy="deny",
    )


def _lower_prices(products: Iterable[DemoProduct], actor: Actor) -> None:
    """What shows a crossed-out price was really sold at it before; a price that moved since is left alone."""
    lowered = {
        variant.sku_code: variant
        for product in products
        for variant in product.variants
        if variant.compare_at_fen is not None
    }
    for sku in Sku.objects.filter(code__in=lowered, price_version=1).order_by("id"):
        variant = lowered[sku.code]
        before = Fen(variant.compare_at_fen or 0)
        set_price(sku.id, Fen(variant.price_fen), compare_at=before, actor=actor)


def fill_pictures(merchant_id: UUID, products: Iterable[DemoProduct]) -> int:
    """The drawings, copied below MEDIA_ROOT under their own hash; returns how many are new or drawn anew."""
    changed = 0
    for product in products:
        files = [drawing(merchant_id, name) for name, _ in product.pictures]
        with merchant_scope(merchant_id):
            row = Product.objects.filter(handle=product.handle).first()
            for position, ((name, alt), file) in enumerate(zip(product.pictures, files, strict=True), 1):
                if row:
                    changed += _hang(row, position, name, alt, file)
    return changed


def _hang(product: Product, position: int, name: str, alt: str, file: str) -> bool:
    """Whether anything changed: another picture under the same name is a drawing that was improved."""
    image, made = ProductImage.objects.get_or_create(
        product=product,
        source_url=f"demo:{name}",
        defaults={
            "position": position,
            "alt": alt,
            "file": file,
            "width": EDGE,
            "height": EDGE,
            "state": ImageState.READY,
        },
    )
    if image.file != file:
        image.file, made = file, True
        image.save(update_fields=["file"])
    return made


def drawing(merchant_id: UUID, name: str) -> str:
    """A drawing's path below MEDIA_ROOT."""
    return store_picture(merchant_id, (PICTURES / name).read_bytes(), "svg")
