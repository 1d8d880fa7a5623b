"""Pictures of a product, and an import taken back."""

from typing import Annotated, BinaryIO, cast
from uuid import UUID

from ninja import Field, File, Router, Schema, UploadedFile

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.pictures import picture_url
from tongdao.faces.api.shapes import Input, Text
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import ImageState, Product, ProductImage
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
from tongdao.goods.intake.operations import undo_import
from tongdao.goods.intake.queries import import_run

router = Router(tags=["goods"])
PRODUCT = "/merchants/{merchant_id}/products/{product_id}"


class PictureOut(Schema):
    image_id: UUID
    url: str | None
    alt: str
    width: int
    height: int
    state: str = Field(description="pending, ready, failed or removed")


class UploadedOut(Schema):
    name: str
    problem: str = Field(description="size, pixels, unreadable or known; empty: it is kept")
    image_id: UUID | None


class UploadOut(Schema):
    files: list[UploadedOut]
    pictures: list[PictureOut]


class AltIn(Input):
    image_id: UUID
    alt: Text = Field(max_length=ALT_MAX)


class SkuPictureIn(Input):
    sku_id: UUID
    image_id: UUID | None = Field(description="null: the cover")


class PicturesIn(Input):
    order: list[UUID] = Field([], max_length=200, description="The first is the cover; others follow")
    alts: list[AltIn] = Field([], max_length=200)
    skus: list[SkuPictureIn] = Field([], max_length=2_048)


class UndoOut(Schema):
    import_id: UUID
    state: str


@operation(
    router,
    "POST",
    f"{PRODUCT}/pictures",
    need="goods.edit",
    answer=UploadOut,
    inside=False,
)
def upload_product_pictures(
    request: Call,
    merchant_id: UUID,
    product_id: UUID,
    pictures: Annotated[
        list[UploadedFile],
        File(description=f"At most {MOST_PICTURES}: JPEG, PNG, WebP or GIF of at most 10 MB each"),
    ],
) -> UploadOut:
    """Add pictures behind those that are there. Files that are none are named, the others are kept."""
    files = [((file.name or "")[:80], cast(BinaryIO, file)) for file in pictures]
    answers = add_pictures(merchant_id, product_id, files, actor=as_staff(request))
    with merchant_scope(merchant_id):
        return UploadOut(
            files=[
                UploadedOut(name=each.name, problem=each.problem, image_id=each.image_id) for each in answers
            ],
            pictures=_pictures(product_id),
        )


@operation(router, "GET", f"{PRODUCT}/pictures", need="goods.read", answer=list[PictureOut])
def list_product_pictures(request: Call, merchant_id: UUID, product_id: UUID) -> list[PictureOut]:
    """In their order, the removed ones last."""
    return _pictures(product_id)


@operation(router, "PUT", f"{PRODUCT}/pictures", need="goods.edit", answer=list[PictureOut])
def arrange_product_pictures(
    request: Call, merchant_id: UUID, product_id: UUID, body: PicturesIn
) -> list[PictureOut]:
    """Put them in order, say what is to be seen on them, and give SKUs pictures of their own."""
    actor = as_staff(request)
    picture_skus(product_id, {each.sku_id: each.image_id for each in body.skus}, actor=actor)
    describe_pictures(product_id, {each.image_id: each.alt for each in body.alts}, actor=actor)
    arrange_pictures(product_id, body.order, actor=actor)
    return _pictures(product_id)


@operation(router, "DELETE", f"{PRODUCT}/pictures/{{image_id}}", need="goods.edit", answer=list[PictureOut])
def remove_product_picture(
    request: Call, merchant_id: UUID, product_id: UUID, image_id: UUID
) -> list[PictureOut]:
    """Take a picture out of the shop; it can be brought back. Again is no error."""
    remove_pictures(product_id, [image_id], actor=as_staff(request))
    return _pictures(product_id)


@operation(
    router, "POST", f"{PRODUCT}/pictures/{{image_id}}/restore", need="goods.edit", answer=list[PictureOut]
)
def restore_product_picture(
    request: Call, merchant_id: UUID, product_id: UUID, image_id: UUID
) -> list[PictureOut]:
    """Bring a removed picture back to its place. Again is no error."""
    restore_pictures(product_id, [image_id], actor=as_staff(request))
    return _pictures(product_id)


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/imports/{import_id}/undo",
    need="goods.edit",
    answer=UndoOut,
    status=202,
    refuses=[409],
)
def undo_products_import(request: Call, merchant_id: UUID, import_id: UUID) -> UndoOut:
    """Put back what an import changed, as far as nobody changed it since. Follow it with `read_import`."""
    undo_import(import_id, actor=as_staff(request))
    return UndoOut(import_id=import_id, state=import_run(import_id).state)


def _pictures(product_id: UUID) -> list[PictureOut]:
    if not Product.objects.filter(pk=product_id).exists():
        raise NotFound()
    rows = list(ProductImage.objects.filter(product_id=product_id).order_by("position", "id"))
    rows.sort(key=lambda row: row.state == ImageState.REMOVED)
    return [
        PictureOut(
            image_id=row.id,
            url=picture_url(row.file or row.removed_file),
            alt=row.alt,
            width=row.width,
            height=row.height,
            state=row.state,
        )
        for row in rows
    ]
