"""Pictures of a product: uploaded, ordered, described, given to SKUs, removed and brought back."""

from __future__ import annotations

from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.goods_words import why
from tongdao.faces.console.pictures import picture_url
from tongdao.faces.console.reading.product_record import ProductRecord, product_record
from tongdao.faces.console.typed import identifier, text, whole
from tongdao.faces.kit.shapes import Choice
from tongdao.foundation.refusals import BadInput
from tongdao.goods.catalog.models import ImageState, ProductImage
from tongdao.goods.editing.operations.pictures import (
    ALT_MAX,
    MOST_PICTURES,
    add_pictures,
    arrange_pictures,
    describe_pictures,
    picture_skus,
    remove_pictures,
    restore_pictures,
)


class NoPictures(BadInput):
    """No picture was chosen. Nothing was changed; choose one and send it again."""


def show(desk: Desk, product_id: UUID) -> HttpResponse:
    record = product_record(product_id)
    product = record.product
    removed = ProductImage.objects.filter(product=product, state=ImageState.REMOVED)
    context = {
        "crumbs": [
            desk.crumb(_("Products"), "products"),
            desk.crumb(product.title, "product", product_id=product.id),
            desk.crumb(_("Pictures")),
        ],
        "images": [_shown(image) for image in record.images],
        "removed": [_shown(image) for image in removed.order_by("position", "id")],
        "skus": [(line.sku.id, line.name or product.title, line.sku.image_id) for line in record.lines],
        "choices": [
            Choice("", _("The cover")),
            *(
                Choice(str(image.id), _("Picture %(number)d") % {"number": number})
                for number, image in enumerate(record.images, 1)
            ),
        ],
        "many_skus": len(record.lines) > 1 and bool(record.images),
        "most": MOST_PICTURES,
        "alt_max": ALT_MAX,
    }
    return desk.show("product_pictures", _("Pictures"), context)


def _shown(image: ProductImage) -> dict[str, object]:
    return {
        "id": image.id,
        "url": picture_url(image.file or image.removed_file),
        "alt": image.alt,
        "width": image.width or 800,
        "height": image.height or 800,
        "waiting": image.state == ImageState.PENDING,
        "failed": image.state == ImageState.FAILED,
        "size": f"{image.width} × {image.height}" if image.width else "",
    }


def act(desk: Desk, product_id: UUID) -> HttpResponse:
    posted = desk.request.POST
    with desk.scope():
        record = product_record(product_id)
    match text(posted, "do", 10):
        case "upload":
            _upload(desk, product_id)
        case "remove":
            _each(desk, product_id, remove=True)
        case "restore":
            _each(desk, product_id, remove=False)
        case _:
            _save(desk, record, posted)
    return redirect(desk.url("product_pictures", product_id=product_id))


def _upload(desk: Desk, product_id: UUID) -> None:
    files = desk.request.FILES.getlist("pictures")
    if not files:
        raise NoPictures()
    streams = [((file.name or "")[:80], cast(BinaryIO, file)) for file in files]
    answers = add_pictures(desk.merchant_id, product_id, streams, actor=desk.actor)
    kept = sum(1 for answer in answers if not answer.problem)
    told = ngettext("%(count)d picture was added.", "%(count)d pictures were added.", kept)
    if kept:
        messages.success(desk.request, told % {"count": kept})
    for answer in answers:
        if answer.problem:
            messages.error(
                desk.request,
                _("%(name)s was not kept: %(why)s.") % {"name": answer.name, "why": why(answer.problem)},
            )


def _each(desk: Desk, product_id: UUID, *, remove: bool) -> None:
    ids = [id for each in desk.request.POST.getlist("picture")[:200] if (id := identifier(each))]
    if not ids:
        raise NoPictures()
    act = remove_pictures if remove else restore_pictures
    with desk.scope():
        count = act(product_id, ids, actor=desk.actor)
    told = (
        ngettext(
            "%(count)d picture was removed; you can bring it back below.",
            "%(count)d pictures were removed; you can bring them back below.",
            count,
        )
        if remove
        else ngettext("%(count)d picture is back.", "%(count)d pictures are back.", count)
    )
    messages.success(desk.request, told % {"count": count})


def _save(desk: Desk, record: ProductRecord, posted: QueryDict) -> None:
    """Order, cover, words and SKUs together."""
    product_id = record.product.id
    places = {
        image.id: whole(text(posted, f"place.{image.id}", 4)) or number
        for number, image in enumerate(record.images, 1)
    }
    cover = identifier(text(posted, "cover", 36))
    order = sorted(places, key=lambda id: (id != cover, places[id]))
    alts = {
        image.id: text(posted, f"alt.{image.id}", ALT_MAX)
        for image in record.images
        if f"alt.{image.id}" in posted
    }
    pictures = {
        line.sku.id: identifier(text(posted, f"sku.{line.sku.id}", 36))
        for line in record.lines
        if f"sku.{line.sku.id}" in posted
    }
    with desk.scope():
        picture_skus(product_id, pictures, actor=desk.actor)
        describe_pictures(product_id, alts, actor=desk.actor)
        arrange_pictures(product_id, order, actor=desk.actor)
    messages.success(desk.request, _("Saved."))
