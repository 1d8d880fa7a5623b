"""All products, with stock and price."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk
from tongdao.faces.kit.shapes import Action


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(
        _("No products yet"),
        _("Bring them in from a file: goods, prices, stock and pictures at once."),
        "box",
    )
    return listing.show(desk, "products", empty, actions=_actions(desk))


def _actions(desk: Desk) -> list[Action]:
    if not desk.may("goods.edit"):
        return []
    return [Action(_("Import"), desk.url("imports"), icon="plus")]
