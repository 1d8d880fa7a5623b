"""Asking somebody to work here: a link, shown once, that works once."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.staffing import InviteForm
from tongdao.faces.console.pages.staff import role_cells
from tongdao.faces.console.reading.staff import given_role, roles_to_give
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations import invite_staff, revoke_invitation


def show(desk: Desk) -> HttpResponse:
    choices = roles_to_give(desk.rights)
    initial = {"role": Role.OPERATIONS.value}
    context = {
        "crumbs": [desk.crumb(_("Staff"), "staff"), desk.crumb(_("Invite staff"))],
        "form": desk.blank(InviteForm, choices=choices, initial=initial),
        "roles": role_cells(),
    }
    return desk.show("staff_invite", _("Invite staff"), context)


def act(desk: Desk) -> HttpResponse:
    """The link is on this one answer only, so it does not redirect."""
    typed = desk.read(InviteForm(desk.request.POST, choices=roles_to_give(desk.rights))).cleaned_data
    invited = invite_staff(given_role(typed["role"]), typed["for_whom"], actor=desk.actor)
    name = invited.invitation.for_whom
    context = {
        "crumbs": [desk.crumb(_("Staff"), "staff"), desk.crumb(name)],
        "link": settings.BASE_URL + reverse("console:join", kwargs={"token": invited.token}),
        "name": name,
        "until": invited.invitation.expires_at,
        "next_url": desk.url("staff"),
    }
    return desk.show("invited", _("Send this link to %(name)s") % {"name": name}, context)


def revoke(desk: Desk, invitation_id: UUID) -> HttpResponse:
    revoke_invitation(invitation_id, actor=desk.actor)
    return desk.done(_("The link does not work any more."), "staff")
