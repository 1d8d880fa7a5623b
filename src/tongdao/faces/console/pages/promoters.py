"""Who refers buyers: coming, links, leaving."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.promoting import PromoterForm
from tongdao.faces.console.newcomers import find_or_register
from tongdao.faces.console.reading.promoting import promoter_row
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Action, Cell
from tongdao.party.network.operations import join_promoter, leave_promoter
from tongdao.terms.plans.grading import current_grades


def show(desk: Desk) -> HttpResponse:
    add_url = desk.url("promoter_add")
    empty = listing.Empty(
        _("No promoters yet"),
        _("People who recommend your goods and earn on what is sold through them. Joining costs nothing."),
        "people",
        _("Add a promoter"),
        add_url,
    )
    action = Action(_("Add a promoter"), add_url, kind="primary", icon="plus")
    return listing.show(desk, "promoters", empty, actions=[action])


def add(desk: Desk) -> HttpResponse:
    crumbs = [desk.crumb(_("Promoters"), "promoters"), desk.crumb(_("Add a promoter"))]
    context = {"crumbs": crumbs, "form": desk.blank(PromoterForm)}
    return desk.show("promoter_add", _("Add a promoter"), context)


def join(desk: Desk) -> HttpResponse:
    """A new account's password is on this one answer only, so it does not redirect."""
    typed = desk.read(PromoterForm(desk.request.POST)).cleaned_data
    newcomer = find_or_register(typed["sign_in_name"], typed["shown_name"])
    row = join_promoter(newcomer.person_id, shown_name=typed["shown_name"], actor=desk.actor)
    if not newcomer.password:
        done = _("%(name)s is a promoter now.") % {"name": typed["shown_name"]}
        return desk.done(done, "promoter", promoter_id=row.id)
    context = {
        "newcomer": newcomer,
        "crumbs": [desk.crumb(_("Promoters"), "promoters"), desk.crumb(typed["shown_name"])],
        "next_url": desk.url("promoter", promoter_id=row.id),
    }
    return desk.show("password_once", typed["shown_name"], context)


def one(desk: Desk, promoter_id: UUID) -> HttpResponse:
    row = promoter_row(promoter_id)
    context = {
        "crumbs": [desk.crumb(_("Promoters"), "promoters"), desk.crumb(row.name)],
        "row": row,
        "facts": [
            Cell(row.sign_in or "—", _("Signs in with")),
            Cell(row.joined_at, _("Since"), "time"),
            Cell(row.links, _("Links"), "num"),
            *_grade(promoter_id),
        ],
        "leave_url": desk.url("promoter_leave", promoter_id=row.promoter_id),
        "link_url": f"{desk.url('new_link')}?promoter={row.promoter_id}",
    }
    return desk.show("promoter", row.name, context)


def _grade(promoter_id: UUID) -> list[Cell]:
    """The grade and the figures that gave it, where there is one."""
    grade = current_grades([promoter_id]).get(promoter_id)
    if grade is None:
        return []
    why = _("own sales of ¥%(sum)s in 90 days; orders: %(orders)d, given back: %(refunded)d")
    told = why % {"sum": yuan(grade.sales_fen), "orders": grade.orders, "refunded": grade.refunded}
    return [Cell(grade.grade or _("none"), _("Grade")), Cell(told, _("Because of"), "muted")]


def leave(desk: Desk, promoter_id: UUID) -> HttpResponse:
    leave_promoter(promoter_id, actor=desk.actor)
    done = _("The promoter has left. What was earned stays; new orders earn nothing more.")
    return desk.done(done, "promoter", promoter_id=promoter_id)
