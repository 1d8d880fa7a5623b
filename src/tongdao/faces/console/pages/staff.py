"""Who works here, and as what."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.staffing import GivenRoleForm
from tongdao.faces.console.reading.staff import (
    InvitationRow,
    given_role,
    invitations,
    own_roles,
    roles_to_give,
    staff,
    staff_row,
)
from tongdao.faces.console.words import ROLES
from tongdao.faces.kit.shapes import Action, Cell
from tongdao.party.merchants.models import StaffMember
from tongdao.party.merchants.operations import change_role, remove_staff


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(_("Nobody works here"), _("Invite somebody by a link."), "people")
    actions = [
        Action(_("Roles"), desk.url("roles")),
        Action(_("Invite staff"), desk.url("staff_invite"), kind="primary", icon="plus"),
    ]
    more = {"invited": [_invited(desk, row) for row in invitations()], "roles": role_cells()}
    return listing.show(desk, "staff", empty, actions=actions, extra=_me(desk), template="staff", more=more)


def _me(desk: Desk) -> Callable[[StaffMember], dict[str, str]]:
    mark = format_html(' <span class="muted">{}</span>', _("you"))
    return lambda row: {"name": mark} if row.person_id == desk.person_id else {}


def role_cells() -> list[Cell]:
    """What each role may do, those of the merchant's own after those of the house."""
    house = [Cell(str(means), str(name)) for name, means in ROLES.values()]
    own = _("Permissions: %(count)s")
    return house + [Cell(own % {"count": len(row.permissions)}, row.label) for row in own_roles()]


def _invited(desk: Desk, row: InvitationRow) -> dict[str, object]:
    return {
        "name": row.for_whom,
        "cells": [Cell(row.role_name, _("Role"), "tag"), Cell(row.expires_at, _("Valid until"), "time")],
        "revoke_url": desk.url("invitation_revoke", invitation_id=row.invitation_id),
    }


def one(desk: Desk, staff_id: UUID) -> HttpResponse:
    row = staff_row(staff_id)
    choices = roles_to_give(desk.rights) if desk.rights.covers(row.rights) else []
    context = {
        "crumbs": [desk.crumb(_("Staff"), "staff"), desk.crumb(row.name)],
        "row": row,
        "form": desk.blank(GivenRoleForm, choices=choices, initial={"role": row.role}) if choices else None,
        "facts": [
            Cell(row.sign_in or "—", _("Signs in with")),
            Cell(row.role_name, _("Role"), "tag"),
            Cell(row.joined_at, _("Since"), "time"),
        ],
        "roles": role_cells(),
        "remove_url": desk.url("staff_remove", staff_id=row.staff_id),
        "myself": row.person_id == desk.person_id,
    }
    return desk.show("staff_member", row.name, context)


def change(desk: Desk, staff_id: UUID) -> HttpResponse:
    row = staff_row(staff_id)
    form = GivenRoleForm(desk.request.POST, choices=roles_to_give(desk.rights))
    role = given_role(desk.read(form).cleaned_data["role"])
    change_role(row.staff_id, role, actor=desk.actor)
    changed = staff_row(row.staff_id)
    done = _("%(name)s is %(role)s now.") % {"name": row.name, "role": changed.role_name}
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
        "role": row.role_name,
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
