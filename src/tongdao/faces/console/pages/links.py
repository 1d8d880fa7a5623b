"""Short links: who came through them, the link to copy, its QR code, making one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.promoting import LinkForm
from tongdao.faces.console.reading.promoting import LinkRow, link_page, link_row
from tongdao.faces.console.tables import pager, place_of
from tongdao.faces.console.typed import identifier
from tongdao.faces.console.words import CHANNELS
from tongdao.faces.kit.shapes import Action, Cell, Column, Row
from tongdao.reach.traffic.operations import create_link


def show(desk: Desk) -> HttpResponse:
    page = link_page(place_of(desk.request.GET))
    ids = [row.link_id for row in page.rows]
    context = {
        "columns": _columns(),
        "rows": _rows(desk, page.rows),
        "pager": pager(
            desk.url("links"), {}, ids[0] if ids else None, ids[-1] if ids else None, page.newer, page.older
        ),
        "actions": [Action(_("New link"), desk.url("new_link"), kind="primary", icon="plus")],
        "new_url": desk.url("new_link"),
    }
    return desk.show("links", _("Links"), context)


def _columns() -> list[Column]:
    return [
        Column(_("Leads to")),
        Column(_("Shown in")),
        Column(_("Promoter")),
        Column(_("Made")),
        Column(_("Visits"), num=True),
        Column(_("Orders"), num=True),
    ]


def _rows(desk: Desk, rows: Sequence[LinkRow]) -> list[Row]:
    return [
        Row(
            [
                Cell(row.target, url=desk.url("link", link_id=row.link_id)),
                Cell(str(CHANNELS.get(row.channel, row.channel)), _("Shown in")),
                Cell(row.promoter or "—", _("Promoter"), "" if row.promoter else "muted"),
                Cell(row.created_at, _("Made"), "time"),
                Cell(row.visits, _("Visits"), "num"),
                Cell(row.orders, _("Orders"), "num"),
            ],
            label=row.target,
        )
        for row in rows
    ]


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
