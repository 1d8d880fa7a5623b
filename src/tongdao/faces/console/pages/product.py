"""One product: what it is, its SKUs, whether it is in the shop."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.company_words import GOODS, HELD
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.pictures import picture_url
from tongdao.faces.console.reading.product_record import ProductRecord, SkuLine, product_record
from tongdao.faces.console.reading.shop import shop_path
from tongdao.faces.console.tables import address
from tongdao.faces.kit.joining import joined
from tongdao.faces.kit.shapes import Action, Cell, Column, Picture, Row
from tongdao.faces.lists.return_words import return_name
from tongdao.foundation.html import plain_text
from tongdao.goods.catalog.operations import set_published

DESCRIPTION = 400  # characters


def show(desk: Desk, product_id: UUID) -> HttpResponse:
    record = product_record(product_id)
    product = record.product
    context = {
        "crumbs": [desk.crumb(_("Products"), "products"), desk.crumb(product.title)],
        "product": product,
        "pictures": _pictures(record),
        "missing": sum(1 for image in record.images if not image.file),
        "description": plain_text(product.body_html, DESCRIPTION),
        "columns": _columns(record),
        "rows": [_row(desk, record, line) for line in record.lines],
        "facts": _facts(record),
        "may_edit": desk.may("goods.edit"),
        "publish_url": desk.url("publish", product_id=product.id),
        "links": _links(desk, product.id) if desk.may("goods.edit") else [],
        "kind": _kind(record),
        "returns": return_name(product),
        "returns_url": desk.url("returns", product_id=product.id) if desk.may("goods.edit") else "",
        "kind_url": desk.url("goods_kind", product_id=product.id) if desk.may("goods.edit") else "",
        "shop_url": f"{shop_path()}p/{product.handle}" if product.published else "",
    }
    return desk.show("product", product.title, context)


def _links(desk: Desk, product_id: UUID) -> list[Action]:
    """Where it is changed."""
    return [
        Action(_("Edit"), desk.url("product_edit", product_id=product_id)),
        Action(_("Grid of SKUs"), desk.url("product_grid", product_id=product_id)),
        Action(_("Options"), desk.url("product_options", product_id=product_id)),
        Action(_("Pictures"), desk.url("product_pictures", product_id=product_id)),
        Action(_("Change prices"), address(desk.url("bulk_prices"), {"product": str(product_id)})),
    ]


def _kind(record: ProductRecord) -> dict[str, object]:
    """What kind of goods it is, and why some of it is held back."""
    held = next((line.sku.held_for for line in record.lines if line.sku.held_for), "")
    return {
        "name": GOODS.get(record.product.category, record.product.category) or _("No kind chosen"),
        "number": record.product.registration_no,
        "held": HELD.get(held, ""),
    }


def publish(desk: Desk, product_id: UUID) -> HttpResponse:
    published = desk.request.POST.get("published") == "1"
    set_published(product_id, published, actor=desk.actor)
    done = (
        _("It is in the shop now.") if published else _("It is out of the shop. Orders that have it go on.")
    )
    return desk.done(done, "product", product_id=product_id)


def _pictures(record: ProductRecord) -> list[Picture]:
    return [
        Picture(
            picture_url(image.file),
            image.alt or record.product.title,
            image.width or 800,
            image.height or 800,
        )
        for image in record.images
        if image.file
    ]


def _facts(record: ProductRecord) -> list[Cell]:
    product = record.product
    return [
        Cell(product.vendor or "—", _("Brand")),
        Cell(product.product_type or "—", _("Category")),
        Cell(joined(str(tag) for tag in product.tags) or "—", _("Tags")),
        Cell(product.handle, _("Path"), "muted"),
        Cell(product.created_at, _("Since"), "time"),
        Cell(product.updated_at, _("Changed"), "time"),
    ]


def _columns(record: ProductRecord) -> list[Column]:
    name = " · ".join(str(name) for name in record.product.option_names) or _("SKU")
    return [
        Column(name),
        Column(_("Code")),
        Column(_("For sale")),
        Column(_("On hand"), num=True),
        Column(_("Promised"), num=True),
        Column(_("Still free"), num=True),
        Column(_("Price"), num=True),
    ]


def _row(desk: Desk, record: ProductRecord, line: SkuLine) -> Row:
    sku = line.sku
    yes = Cell(_("Yes"), _("For sale"), "tag", tone="success")
    no = Cell(_("No"), _("For sale"), "tag")
    cells = [
        Cell(
            line.name or record.product.title,
            url=desk.url("sku", product_id=record.product.id, sku_id=sku.id),
            image_url=picture_url(sku.image.file if sku.image else ""),
        ),
        Cell(sku.code or "—", _("Code"), "muted"),
        yes if sku.saleable else no,
        Cell(line.on_hand, _("On hand"), "num"),
        Cell(line.reserved, _("Promised"), "num"),
        Cell(line.free, _("Still free"), "num"),
        Cell(sku.price_fen, _("Price"), "money"),
    ]
    return Row(cells, label=line.name)
