"""Short links: who came through them, the link to copy, its QR code, making one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.promoting import LinkForm
from tongdao.faces.console.reading.promoting import link_row
from tongdao.faces.console.typed import identifier
from tongdao.faces.console.words import CHANNELS
from tongdao.faces.kit.shapes import Action, Cell
from tongdao.reach.traffic.operations import create_link


def show(desk: Desk) -> HttpResponse:
    new_url = desk.url("new_link")
    empty = listing.Empty(
        _("No links yet"),
        _("A link tells where a buyer came from, and whom to thank for it."),
        "share",
        _("New link"),
        new_url,
    )
    action = Action(_("New link"), new_url, kind="primary", icon="plus")
    return listing.show(desk, "links", empty, actions=[action])


def one(desk: Desk, link_id: UUID) -> HttpResponse:
    """The link to copy and its code to print."""
    row = link_row(link_id)
    facts = [
        Cell(row.target, _("Leads to")),
        Cell(str(CHANNELS.get(row.channel, row.channel)), _("Shown in")),
        Cell(row.promoter or "—", _("Promoter")),
        Cell(row.created_at, _("Made"), "time"),
        Cell(row.visits, _("Visits"), "num"),
        Cell(row.orders, _("Orders"), "num"),
    ]
    crumbs = [desk.crumb(_("Links"), "links"), desk.crumb(row.target)]
    return desk.show("link", row.target, {"crumbs": crumbs, "row": row, "facts": facts})


def new(desk: Desk) -> HttpResponse:
    wanted = desk.request.GET.get("promoter", "")[:36]
    form = desk.blank(LinkForm, initial={"promoter": wanted, "channel": "moments"})
    crumbs = [desk.crumb(_("Links"), "links"), desk.crumb(_("New link"))]
    return desk.show("new_link", _("New link"), {"crumbs": crumbs, "form": form})


def create(desk: Desk) -> HttpResponse:
    typed = desk.read(LinkForm(desk.request.POST)).cleaned_data
    link = create_link(
        channel=typed["channel"],
        promoter_id=identifier(typed["promoter"]),
        product_id=identifier(typed["product"]),
        actor=desk.actor,
    )
    return desk.done(_("The link is ready. Copy it, or print its code."), "link", link_id=link.id)
