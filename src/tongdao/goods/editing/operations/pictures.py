"""Pictures of a product: uploaded, put in order, described, given to a SKU, taken away and brought back.

The first one is the cover. What is taken away keeps its row and its file, so that it can come back, and so
that a product file which names it does not bring it back by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.images import BYTES_MAX, BadImage, ImageInfo, redraw_image
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.events import ProductUpdated
from tongdao.goods.catalog.models import ImageState, Product, ProductImage, Sku
from tongdao.goods.editing.refusals import TooManyProductPictures
from tongdao.goods.intake.operations.pictures import store_picture

MOST_PICTURES = 30
ALT_MAX = 512
UPLOADED = "upload:"  # of `source_url`: where a picture came from that no address leads to


@dataclass(frozen=True, slots=True)
class Uploaded:
    """One file of an upload. `problem` is a code ("size", "pixels", "unreadable", "known"), empty for a kept
    one; `image_id` then names it."""

    name: str
    problem: str = ""
    image_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Drawn:
    name: str
    file: str
    source: str
    info: ImageInfo


def add_pictures(
    merchant_id: UUID, product_id: UUID, files: Sequence[tuple[str, BinaryIO]], *, actor: Actor
) -> list[Uploaded]:
    """Keep those of the files that are pictures, behind the ones that are there; what became of each.

    Draws them before its own scope. Raises NotFound or TooManyProductPictures, and keeps nothing then.
    """
    if len(files) > MOST_PICTURES:
        raise TooManyProductPictures(most=MOST_PICTURES)
    drawn = [_draw(merchant_id, name, stream) for name, stream in files]
    with merchant_scope(merchant_id):
        product = _product(product_id)
        known = {image.source_url: image for image in ProductImage.objects.filter(product=product)}
        shown = sum(image.state != ImageState.REMOVED for image in known.values())
        if shown + sum(isinstance(each, _Drawn) for each in drawn) > MOST_PICTURES:
            raise TooManyProductPictures(most=MOST_PICTURES)
        place = max((image.position for image in known.values()), default=0)
        answers = []
        for each in drawn:
            place += 1
            answers.append(_keep(product, each, known, place) if isinstance(each, _Drawn) else each)
        if any(answer.image_id for answer in answers):
            _changed(product, actor)
    return answers


def _draw(merchant_id: UUID, name: str, stream: BinaryIO) -> _Drawn | Uploaded:
    content = stream.read(BYTES_MAX + 1)
    try:
        pixels, info = redraw_image(content)
    except BadImage as error:
        return Uploaded(name, error.code)
    source = UPLOADED + hashlib.sha256(content).hexdigest()
    return _Drawn(name, store_picture(merchant_id, pixels, "webp"), source, info)


def _keep(product: Product, drawn: _Drawn, known: dict[str, ProductImage], place: int) -> Uploaded:
    there = known.get(drawn.source)
    if there is not None and there.state != ImageState.REMOVED:
        return Uploaded(drawn.name, "known")
    row = there or ProductImage(product=product, source_url=drawn.source)
    row.file, row.removed_file, row.state = drawn.file, "", ImageState.READY
    row.width, row.height, row.position = drawn.info.width, drawn.info.height, place
    row.save(force_insert=there is None)
    known[drawn.source] = row
    return Uploaded(drawn.name, image_id=row.id)


def arrange_pictures(product_id: UUID, order: Sequence[UUID], *, actor: Actor) -> None:
    """Show them in this order, the first as the cover; pictures that are not named follow as they are.

    Raises NotFound, also for a picture that is not of this product.
    """
    product = _product(product_id)
    rows = {image.id: image for image in _shown(product)}
    if not set(order) <= rows.keys():
        raise NotFound()
    wanted = [*dict.fromkeys(order), *(id for id in rows if id not in set(order))]
    moved = []
    for place, id in enumerate(wanted, 1):
        if rows[id].position != place:
            rows[id].position = place
            moved.append(rows[id])
    if moved:
        ProductImage.objects.bulk_update(moved, ["position"])
        _changed(product, actor)


def describe_pictures(product_id: UUID, alts: Mapping[UUID, str], *, actor: Actor) -> int:
    """Say what is to be seen on them, for who cannot see them; returns how many changed. Raises NotFound."""
    product = _product(product_id)
    rows = {image.id: image for image in _shown(product)}
    if not alts.keys() <= rows.keys():
        raise NotFound()
    texts = {id: " ".join(alt.split())[:ALT_MAX] for id, alt in alts.items()}
    changed = [rows[id] for id, alt in texts.items() if rows[id].alt != alt]
    for image in changed:
        image.alt = texts[image.id]
    if changed:
        ProductImage.objects.bulk_update(changed, ["alt"])
        _changed(product, actor)
    return len(changed)


def remove_pictures(product_id: UUID, ids: Collection[UUID], *, actor: Actor) -> int:
    """Take them out of the shop; SKUs that had one show the cover. Again is no error. Raises NotFound."""

    def away(image: ProductImage) -> None:
        image.removed_file, image.file, image.state = image.file, "", ImageState.REMOVED

    return _each(product_id, ids, lambda image: image.state != ImageState.REMOVED, away, actor)


def restore_pictures(product_id: UUID, ids: Collection[UUID], *, actor: Actor) -> int:
    """Bring removed ones back to their places. Again is no error. Raises NotFound."""

    def back(image: ProductImage) -> None:
        image.file, image.removed_file = image.removed_file, ""
        image.state = ImageState.READY if image.file else ImageState.PENDING
        image.tries, image.check_at, image.problem = 0, None, ""

    return _each(product_id, ids, lambda image: image.state == ImageState.REMOVED, back, actor)


def _each(
    product_id: UUID,
    ids: Collection[UUID],
    meant: Callable[[ProductImage], bool],
    change: Callable[[ProductImage], None],
    actor: Actor,
) -> int:
    product = _product(product_id)
    found = list(ProductImage.objects.filter(product=product, pk__in=ids))
    if len(found) != len(set(ids)):
        raise NotFound()
    mine = [image for image in found if meant(image)]
    for image in mine:
        change(image)
    columns = ["file", "removed_file", "state", "tries", "check_at", "problem"]
    ProductImage.objects.bulk_update(mine, columns)
    if mine:
        _changed(product, actor)
    return len(mine)


def picture_skus(product_id: UUID, pictures: Mapping[UUID, UUID | None], *, actor: Actor) -> int:
    """Give SKUs a picture of their own, or (None) the cover; returns how many changed. Raises NotFound."""
    product = _product(product_id, lock=False)
    rows = Sku.objects.select_for_update(no_key=True, of=("self",)).filter(product=product, archived=False)
    skus = {sku.id: sku for sku in rows.order_by("id")}
    wanted = {id for id in pictures.values() if id}
    images = ProductImage.objects.filter(product=product, pk__in=wanted)
    if not pictures.keys() <= skus.keys() or images.count() != len(wanted):
        raise NotFound()
    changed = [skus[id] for id, image in pictures.items() if skus[id].image_id != image]
    for sku in changed:
        sku.image_id = pictures[sku.id]
    Sku.objects.bulk_update(changed, ["image_id"])
    if changed:
        _changed(product, actor)
    return len(changed)


def _product(product_id: UUID, *, lock: bool = True) -> Product:
    rows = Product.objects.select_for_update(no_key=True) if lock else Product.objects.all()
    product = rows.filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    return product


def _shown(product: Product) -> list[ProductImage]:
    rows = ProductImage.objects.filter(product=product).exclude(state=ImageState.REMOVED)
    return list(rows.order_by("position", "id"))


def _changed(product: Product, actor: Actor) -> None:
    Product.objects.filter(pk=product.id).update(version=F("version") + 1, updated_at=clock.now())
    product.refresh_from_db(fields=["version"])
    record(ProductUpdated(source=Code("picture")), subject=product, actor=actor)
