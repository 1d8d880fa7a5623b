"""One SKU: its price and how it came to be, its stock, whether it is for sale."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.goods import CountForm, PriceForm, SizeForm
from tongdao.faces.console.pictures import picture_url
from tongdao.faces.console.price_story import price_story
from tongdao.faces.console.reading.product_record import SkuRecord, sku_record
from tongdao.faces.console.typed import kilos
from tongdao.faces.kit.money_text import yuan, yuan_plain
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.goods.catalog.operations import set_price, set_saleable, set_size
from tongdao.goods.inventory.operations import set_on_hand
from tongdao.party.network.operations import own_node


def show(desk: Desk, product_id: UUID, sku_id: UUID) -> HttpResponse:
    record = sku_record(product_id, sku_id)
    sku, product = record.line.sku, record.product
    stated = yuan_plain(sku.compare_at_fen) if sku.compare_at_fen is not None else ""
    name = record.line.name or product.title
    parts = {"product_id": product.id, "sku_id": sku.id}
    context = {
        "crumbs": [
            desk.crumb(_("Products"), "products"),
            desk.crumb(product.title, "product", product_id=product.id),
            desk.crumb(name),
        ],
        "line": record.line,
        "sku": sku,
        "name": name,
        "image_url": picture_url(sku.image.file if sku.image else ""),
        "price_form": desk.blank(
            PriceForm, initial={"price": yuan_plain(sku.price_fen), "compare_at": stated}
        ),
        "count_form": desk.blank(CountForm, initial={"on_hand": record.line.on_hand}),
        "size_form": desk.blank(
            SizeForm, initial={"weight": kilos(sku.weight_g), "volume_cm3": sku.volume_cm3}
        ),
        "size": _size(sku.weight_g, sku.volume_cm3),
        **price_story(desk, sku.id),
        "stock_columns": [Column(_("When")), Column(_("Why")), Column(_("Units"), num=True)],
        "stock_rows": _movements(record),
        "may_edit": desk.may("goods.edit"),
        "urls": {act: desk.url(act, **parts) for act in ("price", "saleable", "stock", "size")},
    }
    return desk.show("sku", name, context)


def price(desk: Desk, product_id: UUID, sku_id: UUID) -> HttpResponse:
    form = desk.read(PriceForm(desk.request.POST))
    sku_record(product_id, sku_id)
    typed = form.cleaned_data
    sku = set_price(sku_id, typed["price"], compare_at=typed["compare_at"], actor=desk.actor)
    done = _("The price is ¥%(price)s from now on. Orders placed before keep theirs.")
    return desk.done(done % {"price": yuan(sku.price_fen)}, "sku", product_id=product_id, sku_id=sku_id)


def saleable(desk: Desk, product_id: UUID, sku_id: UUID) -> HttpResponse:
    wanted = desk.request.POST.get("saleable") == "1"
    sku_record(product_id, sku_id)
    set_saleable(sku_id, wanted, actor=desk.actor)
    done = (
        _("It is for sale now.") if wanted else _("It is not for sale any more. Orders that have it go on.")
    )
    return desk.done(done, "sku", product_id=product_id, sku_id=sku_id)


def stock(desk: Desk, product_id: UUID, sku_id: UUID) -> HttpResponse:
    form = desk.read(CountForm(desk.request.POST))
    sku_record(product_id, sku_id)
    units = form.cleaned_data["on_hand"]
    set_on_hand({sku_id: units}, node_id=own_node().id, reason="count", actor=desk.actor)
    done = _("%(units)d units are on hand now.") % {"units": units}
    return desk.done(done, "sku", product_id=product_id, sku_id=sku_id)


def size(desk: Desk, product_id: UUID, sku_id: UUID) -> HttpResponse:
    typed = desk.read(SizeForm(desk.request.POST)).cleaned_data
    sku_record(product_id, sku_id)
    set_size(sku_id, weight_g=typed["weight"], volume_cm3=typed["volume_cm3"], actor=desk.actor)
    done = _("Saved. Freight of orders from now on is reckoned with it.")
    return desk.done(done, "sku", product_id=product_id, sku_id=sku_id)


def _size(weight_g: int, volume_cm3: int) -> str:
    """ "1.5 kg · 6,000 cm³", or a dash for what is not known."""
    weight = f"{kilos(weight_g)} kg" if weight_g else "—"
    return f"{weight} · {volume_cm3:,} cm³" if volume_cm3 else weight


def _movements(record: SkuRecord) -> list[Row]:
    reasons = {"import": _("Import"), "count": _("Count"), "ship": _("Shipped"), "return": _("Return")}
    reasons |= {"undo": _("Undone"), "replace": _("Sent as a replacement")}
    return [
        Row(
            [
                Cell(row.at, kind="time"),
                Cell(reasons.get(row.reason, row.reason), _("Why")),
                Cell(f"{row.delta:+d}", _("Units"), "num"),
            ]
        )
        for row in record.movements
    ]
