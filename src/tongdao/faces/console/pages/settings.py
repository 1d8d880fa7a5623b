"""The shop's name and its notice."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.shop import SettingsForm
from tongdao.faces.console.reading.shop import first_storefront, shop_path
from tongdao.faces.kit.shapes import Action
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.operations.storefronts import edit_storefront


def show(desk: Desk) -> HttpResponse:
    storefront = first_storefront()
    if storefront is None:
        raise NotFound()
    initial = {name: getattr(storefront, name) for name in SettingsForm.base_fields}
    form = desk.blank(SettingsForm, initial=initial)
    context = {
        "form": form,
        "storefront": storefront,
        "shop_url": shop_path(),
        "actions": [Action(_("Shop pages"), desk.url("pages")), Action(_("Brands"), desk.url("brands"))],
    }
    return desk.show("settings", _("Settings"), context)


def act(desk: Desk) -> HttpResponse:
    typed = desk.read(SettingsForm(desk.request.POST)).cleaned_data
    storefront = first_storefront()
    if storefront is None:
        raise NotFound()
    edit_storefront(storefront.id, **typed, actor=desk.actor)
    return desk.done(_("Saved. Your shop shows it now."), "settings")
