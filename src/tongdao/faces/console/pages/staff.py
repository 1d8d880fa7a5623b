"""Who works here, and as what."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.people import RoleForm, StaffForm
from tongdao.faces.console.newcomers import find_or_register
from tongdao.faces.console.reading.staff import StaffRow, staff, staff_row
from tongdao.faces.console.words import ROLES, role_name
from tongdao.faces.kit.shapes import Action, Cell, Column, Row
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations import add_staff, change_role, remove_staff


def show(desk: Desk) -> HttpResponse:
    rows = staff()
    context = {
        "columns": [Column(_("Name")), Column(_("Signs in with")), Column(_("Role")), Column(_("Since"))],
        "rows": [_row(desk, row) for row in rows],
        "count": len(rows),
        "actions": [Action(_("Add staff"), desk.url("staff_add"), kind="primary", icon="plus")],
        "roles": _roles(),
    }
    return desk.show("staff", _("Staff"), context)


def _roles() -> list[Cell]:
    return [Cell(str(means), str(name)) for name, means in ROLES.values()]


def _row(desk: Desk, row: StaffRow) -> Row:
    me = _("you")
    name = f"{row.name} · {me}" if row.person_id == desk.person_id else row.name
    cells = [
        Cell(name, url=desk.url("staff_member", staff_id=row.staff_id)),
        Cell(row.sign_in or "—", _("Signs in with"), "muted"),
        Cell(role_name(row.role), _("Role"), "tag"),
        Cell(row.joined_at, _("Since"), "time"),
    ]
    return Row(cells, label=row.name)


def add(desk: Desk) -> HttpResponse:
    crumbs = [desk.crumb(_("Staff"), "staff"), desk.crumb(_("Add staff"))]
    context = {
        "crumbs": crumbs,
        "form": desk.blank(StaffForm, initial={"role": Role.OPERATIONS.value}),
        "roles": _roles(),
    }
    return desk.show("staff_add", _("Add staff"), context)


def hire(desk: Desk) -> HttpResponse:
    """A new account's password is on this one answer only, so it does not redirect."""
    typed = desk.read(StaffForm(desk.request.POST)).cleaned_data
    newcomer = find_or_register(typed["sign_in_name"], typed["shown_name"])
    row = add_staff(newcomer.person_id, Role(typed["role"]), actor=desk.actor)
    name = typed["shown_name"] or typed["sign_in_name"]
    if not newcomer.password:
        return desk.done(_("%(name)s works here now.") % {"name": name}, "staff")
    context = {
        "newcomer": newcomer,
        "crumbs": [desk.crumb(_("Staff"), "staff"), desk.crumb(name)],
        "next_url": desk.url("staff_member", staff_id=row.id),
    }
    return desk.show("password_once", name, context)


def one(desk: Desk, staff_id: UUID) -> HttpResponse:
    row = staff_row(staff_id)
    context = {
        "crumbs": [desk.crumb(_("Staff"), "staff"), desk.crumb(row.name)],
        "row": row,
        "form": desk.blank(RoleForm, initial={"role": row.role}),
        "facts": [
            Cell(row.sign_in or "—", _("Signs in with")),
            Cell(role_name(row.role), _("Role"), "tag"),
            Cell(row.joined_at, _("Since"), "time"),
        ],
        "roles": _roles(),
        "remove_url": desk.url("staff_remove", staff_id=row.staff_id),
        "myself": row.person_id == desk.person_id,
    }
    return desk.show("staff_member", row.name, context)


def change(desk: Desk, staff_id: UUID) -> HttpResponse:
    row = staff_row(staff_id)
    role = Role(desk.read(RoleForm(desk.request.POST)).cleaned_data["role"])
    change_role(row.staff_id, role, actor=desk.actor)
    done = _("%(name)s is %(role)s now.") % {"name": row.name, "role": role_name(role)}
    return desk.done(done, "home" if row.person_id == desk.person_id else "staff")


def confirm(desk: Desk, staff_id: UUID) -> HttpResponse:
    row = staff_row(staff_id)
    context = {
        "crumbs": [
            desk.crumb(_("Staff"), "staff"),
            desk.crumb(row.name, "staff_member", staff_id=row.staff_id),
            desk.crumb(_("Remove")),
        ],
        "row": row,
        "role": role_name(row.role),
        "back": desk.url("staff_member", staff_id=row.staff_id),
        "stay": len(staff()) - 1,
    }
    return desk.show("staff_remove", _("Remove %(name)s") % {"name": row.name}, context)


def remove(desk: Desk, staff_id: UUID) -> HttpResponse:
    row = staff_row(staff_id)
    remove_staff(row.staff_id, actor=desk.actor)
    if row.person_id == desk.person_id:
        return redirect("console:start")
    return desk.done(_("%(name)s does not work here any more.") % {"name": row.name}, "staff")
