"""The shop's name and its notice."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.shop import SettingsForm
from tongdao.faces.console.reading.shop import first_storefront, shop_path
from tongdao.faces.kit.shapes import Action
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.operations import domains
from tongdao.party.merchants.operations.storefronts import edit_storefront
from tongdao.party.merchants.refusals import DomainElsewhere, DomainNowhere


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
        "try_url": desk.url("domain_try"),
        "actions": [
            Action(_("Shop pages"), desk.url("pages")),
            Action(_("Brands"), desk.url("brands")),
            Action(_("Returns"), desk.url("return_addresses")),
        ],
    }
    return desk.show("settings", _("Settings"), context)


def try_domain(desk: Desk) -> HttpResponse:
    """Ask under the shop's own name from here, as a visitor would."""
    with desk.scope():
        storefront = first_storefront()
    if storefront is None or not storefront.domain:
        raise NotFound()
    reached = domains.try_domain(storefront.domain, storefront.slug)
    if reached == "here":
        return desk.done(_("%(domain)s leads to your shop.") % {"domain": storefront.domain}, "settings")
    raise DomainElsewhere() if reached == "elsewhere" else DomainNowhere()


def act(desk: Desk) -> HttpResponse:
    typed = desk.read(SettingsForm(desk.request.POST)).cleaned_data
    storefront = first_storefront()
    if storefront is None:
        raise NotFound()
    edit_storefront(storefront.id, **typed, actor=desk.actor)
    return desk.done(_("Saved. Your shop shows it now."), "settings")
