"""A product by hand: its texts, its options, its first SKUs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.html import HtmlTooLong, sanitise
from tongdao.foundation.ids import token
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.catalog.events import ProductCreated, ProductUpdated
from tongdao.goods.catalog.models import PriceChange, Product, Sku
from tongdao.goods.catalog.operations.pricing import NewPrice
from tongdao.goods.catalog.refusals import PriceInvalid
from tongdao.goods.editing.options import SEPARATOR, OptionWish, plan_options
from tongdao.goods.editing.refusals import ProductChanged, ProductInvalid
from tongdao.party.merchants.models import Merchant

TITLE_MAX, LABEL_MAX, TAGS_MAX, TAG_MAX, HANDLE_MAX = 255, 120, 50, 60, 80
NOT_IN_HANDLE = re.compile(r"[\s/?#%\\<>\"'&=+.,，。、（）()]+")


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """What a product says of itself. `body_html` is sanitised when it is kept."""

    title: str
    body_html: str = ""
    vendor: str = ""
    product_type: str = ""
    tags: tuple[str, ...] = ()


def create_product(
    draft: ProductDraft, options: Sequence[OptionWish] = (), *, price: Fen, actor: Actor
) -> Product:
    """A new product that is not in the shop yet, with a SKU for each combination of its options, all at
    `price` and without stock.

    Raises ProductInvalid, PriceInvalid, OptionsInvalid or TooManySkus.
    """
    texts = _checked(draft)
    if not NewPrice(UUID(int=0), price).valid:
        raise PriceInvalid()
    plan = plan_options((), (), options)
    names = list(plan.names)
    product = _with_handle(Product(option_names=names, **texts), texts["title"])
    currency = Merchant.objects.values_list("currency", flat=True).get(pk=current_merchant())
    skus = Sku.objects.bulk_create(
        Sku(
            product=product,
            position=place,
            option_values=list(values),
            option_key=SEPARATOR.join(values),
            currency=currency,
            price_fen=price,
        )
        for values, place in plan.order.items()
    )
    at = clock.now()
    PriceChange.objects.bulk_create(PriceChange(sku=sku, version=1, price_fen=price, at=at) for sku in skus)
    record(ProductCreated(source=Code("console"), sku_count=len(skus)), subject=product, actor=actor)
    return product


def change_product(product_id: UUID, draft: ProductDraft, *, version: int, actor: Actor) -> Product:
    """Say something else of it. `version` is the product's as staff saw it. The same again changes nothing.

    Raises NotFound, ProductChanged or ProductInvalid.
    """
    texts = _checked(draft)
    product = Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    if all(getattr(product, name) == value for name, value in texts.items()):
        return product
    if product.version != version:
        raise ProductChanged(version=product.version)
    for name, value in texts.items():
        setattr(product, name, value)
    product.version += 1
    product.save()
    record(ProductUpdated(source=Code("console")), subject=product, actor=actor)
    return product


def _checked(draft: ProductDraft) -> dict[str, object]:
    """The columns. Raises ProductInvalid with the fields that are not right."""
    title = " ".join(draft.title.split())
    tags = [tag for each in draft.tags if (tag := " ".join(each.split()))]
    wrong = [
        *(["title"] if not 0 < len(title) <= TITLE_MAX else []),
        *(["vendor"] if len(draft.vendor) > LABEL_MAX else []),
        *(["product_type"] if len(draft.product_type) > LABEL_MAX else []),
        *(["tags"] if len(tags) > TAGS_MAX or any(len(tag) > TAG_MAX for tag in tags) else []),
    ]
    try:
        body = sanitise(draft.body_html)
    except HtmlTooLong:
        wrong.append("body_html")
    if wrong:
        raise ProductInvalid(fields=wrong)
    return {
        "title": title,
        "body_html": body,
        "vendor": draft.vendor.strip(),
        "product_type": draft.product_type.strip(),
        "tags": list(dict.fromkeys(tags)),
    }


def _with_handle(product: Product, title: object) -> Product:
    """Saved under a path made of its title; where that is taken, with some letters more."""
    base = NOT_IN_HANDLE.sub("-", str(title)).strip("-").casefold()[:HANDLE_MAX] or "product"
    for handle in (base, f"{base}-{token(6).casefold()}"):
        product.handle = handle
        try:
            with transaction.atomic():
                product.save(force_insert=True)
        except IntegrityError:
            continue
        return product
    raise ProductInvalid(fields=["title"])
