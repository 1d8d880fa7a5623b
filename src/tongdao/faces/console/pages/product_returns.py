"""Whether a product can be given back without a reason."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.returning import ReturnsForm
from tongdao.faces.lists.return_words import return_name
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.models import Product
from tongdao.goods.catalog.operations import set_return_exclusion


def show(desk: Desk, product_id: UUID) -> HttpResponse:
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    context = {
        "crumbs": [
            desk.crumb(_("Products"), "products"),
            desk.crumb(product.title, "product", product_id=product.id),
            desk.crumb(_("Returns without a reason")),
        ],
        "form": desk.blank(ReturnsForm, initial={"exclusion": product.return_exclusion}),
        "button": _("Save"),
    }
    return desk.show("paper_form", _("Returns without a reason"), context)


def save(desk: Desk, product_id: UUID) -> HttpResponse:
    typed = desk.read(ReturnsForm(desk.request.POST)).cleaned_data
    product = set_return_exclusion(product_id, typed["exclusion"], actor=desk.actor)
    text = _("Saved: %(kind)s. Orders that were placed keep what they promised.")
    return desk.done(text % {"kind": return_name(product)}, "product", product_id=product.id)
