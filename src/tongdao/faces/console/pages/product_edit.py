"""A product's texts, and a new product."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.products import NewProductForm, ProductForm, options_of
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.models import Product
from tongdao.goods.editing.operations.products import ProductDraft, change_product, create_product
from tongdao.party.merchants.models import Brand


def new(desk: Desk) -> HttpResponse:
    context = {
        "crumbs": [desk.crumb(_("Products"), "products"), desk.crumb(_("New product"))],
        "form": desk.blank(NewProductForm),
        "brands": list(Brand.objects.order_by("name").values_list("name", flat=True)[:50]),
        "button": _("Make the product"),
    }
    return desk.show("product_form", _("New product"), context)


def create(desk: Desk) -> HttpResponse:
    form = desk.read(NewProductForm(desk.request.POST))
    typed = form.cleaned_data
    product = create_product(_draft(typed), options_of(typed), price=typed["price"], actor=desk.actor)
    done = _("It is made and not in the shop yet. Fill in the grid, then put it into the shop.")
    return desk.done(done, "product_grid", product_id=product.id)


def edit(desk: Desk, product_id: UUID) -> HttpResponse:
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    initial = {
        "title": product.title,
        "body_html": product.body_html,
        "vendor": product.vendor,
        "product_type": product.product_type,
        "tags": ", ".join(str(tag) for tag in product.tags),
        "version": product.version,
    }
    form = desk.blank(ProductForm, initial=initial)
    if form.is_bound:  # what was typed is shown beside what stands there; saving again means it
        form.data = {**form.data, "version": str(product.version)}
    context = {
        "crumbs": [
            desk.crumb(_("Products"), "products"),
            desk.crumb(product.title, "product", product_id=product.id),
            desk.crumb(_("Edit")),
        ],
        "form": form,
        "now": _differing(form, initial) if form.is_bound else [],
        "brands": list(Brand.objects.order_by("name").values_list("name", flat=True)[:50]),
        "button": _("Save"),
    }
    return desk.show("product_form", product.title, context)


def _differing(form: ProductForm, stored: dict[str, object]) -> list[tuple[str, str]]:
    """Fields in which something else was typed than stands there now."""
    return [
        (str(form.fields[name].label), str(value)[:500])
        for name, value in stored.items()
        if name != "version" and str(form.data.get(name, "")).split() != str(value).split()
    ]


def change(desk: Desk, product_id: UUID) -> HttpResponse:
    typed = desk.read(ProductForm(desk.request.POST)).cleaned_data
    change_product(product_id, _draft(typed), version=typed["version"], actor=desk.actor)
    return desk.done(_("Saved."), "product", product_id=product_id)


def _draft(typed: dict[str, str]) -> ProductDraft:
    tags = typed["tags"].replace("，", ",").split(",")
    return ProductDraft(
        typed["title"], typed["body_html"], typed["vendor"], typed["product_type"], tuple(tags)
    )
