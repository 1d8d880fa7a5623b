"""Roles of the merchant's own beside those of the house: who has which rights, as a table."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.company_words import PERMISSION_WORDS
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.staffing import StaffRoleForm
from tongdao.faces.console.reading.staff import own_roles, staff
from tongdao.faces.console.words import ROLES
from tongdao.faces.kit.shapes import Action, Cell, Column, Row
from tongdao.party.merchants.models import StaffRole
from tongdao.party.merchants.operations import archive_role, create_role, edit_role, role_named
from tongdao.party.merchants.permissions import MATRIX, rights_in

YES, NO = "✓", "—"


def show(desk: Desk) -> HttpResponse:
    """The matrix: a row for each permission, a column for each role."""
    own = own_roles()
    rights = [MATRIX[role] for role in ROLES] + [rights_in("", row).permissions for row in own]
    names = [str(name) for name, _means in ROLES.values()] + [row.label for row in own]
    rows = [
        Row(
            [Cell(str(words))]
            + [Cell(YES if need in each else NO, name) for each, name in zip(rights, names, strict=True)]
        )
        for need, words in PERMISSION_WORDS.items()
    ]
    context = {
        "crumbs": [desk.crumb(_("Staff"), "staff"), desk.crumb(_("Roles"))],
        "columns": [Column(_("May")), *(Column(name) for name in names)],
        "rows": rows,
        "own": [_own(desk, row) for row in own],
        "actions": [Action(_("New role"), desk.url("role_new"), kind="primary", icon="plus")],
    }
    return desk.show("roles", _("Roles"), context)


def _own(desk: Desk, row: StaffRole) -> Cell:
    held = sum(member.rights.custom_id == row.id for member in staff())
    return Cell(row.label, _("People: %(count)s") % {"count": held}, url=desk.url("role", role_id=row.id))


def new(desk: Desk) -> HttpResponse:
    crumbs = [desk.crumb(_("Staff"), "staff"), desk.crumb(_("Roles"), "roles"), desk.crumb(_("New role"))]
    return desk.show(
        "role", _("New role"), {"crumbs": crumbs, "form": _form(desk, desk.blank(StaffRoleForm))}
    )


def create(desk: Desk) -> HttpResponse:
    typed = desk.read(StaffRoleForm(desk.request.POST)).cleaned_data
    row = create_role(typed["label"], typed["permissions"], actor=desk.actor)
    return desk.done(_("%(name)s can be given to staff now.") % {"name": row.label}, "roles")


def one(desk: Desk, role_id: UUID) -> HttpResponse:
    row = role_named(role_id)
    form = desk.blank(StaffRoleForm, initial={"label": row.label, "permissions": row.permissions})
    context = {
        "crumbs": [desk.crumb(_("Staff"), "staff"), desk.crumb(_("Roles"), "roles"), desk.crumb(row.label)],
        "form": _form(desk, form),
        "archive_url": desk.url("role_archive", role_id=row.id),
        "above": not desk.rights.covers(rights_in("", row)),
    }
    return desk.show("role", row.label, context)


def change(desk: Desk, role_id: UUID) -> HttpResponse:
    typed = desk.read(StaffRoleForm(desk.request.POST)).cleaned_data
    row = edit_role(role_id, typed["label"], typed["permissions"], actor=desk.actor)
    return desk.done(_("Saved. Whoever is %(name)s may do this from now on.") % {"name": row.label}, "roles")


def confirm(desk: Desk, role_id: UUID) -> HttpResponse:
    row = role_named(role_id)
    context = {
        "crumbs": [
            desk.crumb(_("Staff"), "staff"),
            desk.crumb(_("Roles"), "roles"),
            desk.crumb(row.label, "role", role_id=row.id),
            desk.crumb(_("Archive")),
        ],
        "effects": [
            _("%(name)s can be given to nobody any more.") % {"name": row.label},
            _("Who has it keeps it: it is archived only when nobody has it or is invited to it."),
        ],
        "button": _("Archive"),
        "back": desk.url("role", role_id=row.id),
    }
    return desk.show("confirm", _("Archive %(name)s") % {"name": row.label}, context)


def archive(desk: Desk, role_id: UUID) -> HttpResponse:
    row = role_named(role_id)
    archive_role(row.id, actor=desk.actor)
    return desk.done(_("%(name)s is given to nobody any more.") % {"name": row.label}, "roles")


def _form(desk: Desk, form: StaffRoleForm) -> StaffRoleForm:
    """Offers only what the person at the desk may do; the operation refuses the rest too."""
    wanted = [(need, words) for need, words in PERMISSION_WORDS.items() if desk.may(need)]
    form.fields["permissions"].choices = wanted  # type: ignore[attr-defined]  # it is a MultipleChoiceField
    return form
