"""What the company shows of itself, and its brands."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.company import BrandForm, CompanyForm
from tongdao.faces.console.reading.shop import shop_path
from tongdao.faces.kit.shapes import Cell
from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.models import Brand
from tongdao.party.merchants.operations import add_brand, confirm_company, rename_brand, set_company
from tongdao.party.merchants.operations.company import Company
from tongdao.party.merchants.queries import company_profile

HALF_A_YEAR = timedelta(days=180)


def show(desk: Desk) -> HttpResponse:
    row = company_profile()
    initial = {name: getattr(row, name) for name in CompanyForm.base_fields} if row else {}
    shop = shop_path()
    context = {
        "form": desk.blank(CompanyForm, initial=initial),
        "row": row,
        "outdated": row is not None and row.confirmed_at < clock.now() - HALF_A_YEAR,
        "confirm_url": desk.url("company_confirm"),
        "about_url": f"{shop}about" if shop else "",
    }
    return desk.show("company", _("Company"), context)


def act(desk: Desk) -> HttpResponse:
    typed = desk.read(CompanyForm(desk.request.POST)).cleaned_data
    set_company(Company(**typed), actor=desk.actor)
    return desk.done(_("Saved. Your buyers read it on the page about your shop."), "company")


def confirm(desk: Desk) -> HttpResponse:
    confirm_company(actor=desk.actor)
    return desk.done(_("Noted: all of it is still right."), "company")


def brands(desk: Desk) -> HttpResponse:
    rows = Brand.objects.order_by("name", "id")
    context = {
        "crumbs": [desk.crumb(_("Settings"), "settings"), desk.crumb(_("Brands"))],
        "form": desk.blank(BrandForm),
        "brands": [Cell(row.name, url=desk.url("brand", brand_id=row.id)) for row in rows],
    }
    return desk.show("brands", _("Brands"), context)


def brand_add(desk: Desk) -> HttpResponse:
    typed = desk.read(BrandForm(desk.request.POST)).cleaned_data
    row = add_brand(typed["name"], actor=desk.actor)
    return desk.done(_("%(name)s is there.") % {"name": row.name}, "brands")


def brand(desk: Desk, brand_id: UUID) -> HttpResponse:
    row = Brand.objects.filter(pk=brand_id).first()
    if row is None:
        raise NotFound()
    crumbs = [desk.crumb(_("Settings"), "settings"), desk.crumb(_("Brands"), "brands"), desk.crumb(row.name)]
    form = desk.blank(BrandForm, initial={"name": row.name})
    return desk.show("paper_form", row.name, {"crumbs": crumbs, "form": form, "button": _("Save")})


def brand_rename(desk: Desk, brand_id: UUID) -> HttpResponse:
    typed = desk.read(BrandForm(desk.request.POST)).cleaned_data
    row = rename_brand(brand_id, typed["name"], actor=desk.actor)
    return desk.done(_("It is called %(name)s now.") % {"name": row.name}, "brands")
