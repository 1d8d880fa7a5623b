from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdao.faces.lists.filters import Choice, Dates, Rows, cases
from tongdao.faces.lists.people import shown_names, sign_in_names
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.faces.lists.words import ROLES, rights_name
from tongdao.party.merchants.models import StaffMember, StaffRole
from tongdao.party.merchants.permissions import rights_in

SHOWS = {"here": _("Work here"), "left": _("Have left")}


def names_of(staff: Sequence[StaffMember]) -> Mapping[UUID, str]:
    persons = [row.person_id for row in staff]
    names, signs = shown_names(persons), sign_in_names(persons)
    return {row.id: names.get(row.person_id) or signs.get(row.person_id, "") for row in staff}


def sign_ins_of(staff: Sequence[StaffMember]) -> Mapping[UUID, str]:
    signs = sign_in_names(row.person_id for row in staff)
    return {row.id: signs.get(row.person_id, "") for row in staff}


def roles_of(staff: Sequence[StaffMember]) -> Mapping[UUID, str]:
    own = {row.id: row for row in StaffRole.objects.filter(pk__in={row.custom_id for row in staff})}
    return {
        row.id: rights_name(rights_in(row.role, own.get(row.custom_id) if row.custom_id else None))
        for row in staff
    }


def _roles() -> list[tuple[str, str]]:
    own = StaffRole.objects.filter(archived_at__isnull=True).order_by("label", "id")
    house = [(role.value, str(words[0])) for role, words in ROLES.items()]
    return house + [(str(id), label) for id, label in own.values_list("id", "label")]


def _by_role(rows: Rows, code: str) -> Rows:
    known = {role.value for role in ROLES}
    return rows.filter(role=code) if code in known else rows.filter(custom_id=code)


STAFF = ListSpec(
    noun="staff",
    title=_("Staff"),
    need="staff.manage",
    model=StaffMember,
    rows=lambda: StaffMember.objects.all(),
    parts={"name": names_of, "sign_in": sign_ins_of, "role": roles_of},
    columns=(
        Column(
            "name",
            _("Name"),
            lambda s, name: name,
            part="name",
            link=lambda s, _: None if s.left_at else Link("staff_member", {"staff_id": s.id}),
        ),
        Column("sign_in", _("Signs in with"), lambda s, sign: sign, "muted", part="sign_in"),
        Column("role", _("Role"), lambda s, role: role, "tag", part="role"),
        Column("joined", _("Since"), lambda s, _: s.joined_at, "time"),
        Column("left", _("Left on"), lambda s, _: s.left_at, "time", shown=False),
    ),
    filters=(
        Choice(
            "show",
            _("Who"),
            lambda: options(SHOWS),
            cases({"here": Q(left_at__isnull=True), "left": Q(left_at__isnull=False)}),
        ),
        Choice("role", _("Role"), _roles, _by_role, fixed=False),
        Dates("joined", _("Since"), "joined_at"),
    ),
    tabs="show",
    sorts=(Sort("", _("Longest here first"), up=True), Sort("new", _("Newest first"))),
)
