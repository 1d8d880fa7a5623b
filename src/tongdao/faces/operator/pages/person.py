"""A person's own page, masked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongdao.faces.kit.joining import joined
from tongdao.faces.operator.frame import show
from tongdao.faces.operator.masking import masked_name, masked_way
from tongdao.faces.operator.pages.merchant import moment
from tongdao.faces.operator.pages.parts import Fact, Grid, Record, Way, act_way, link
from tongdao.faces.operator.reading.asking import on_platform, rows
from tongdao.faces.operator.words import word
from tongdao.foundation.models import OperatorDeed
from tongdao.foundation.refusals import NotFound
from tongdao.party.people.models import Identity, IdentityKind, Person, PlatformOperator

LATEST = 15
_WORKS = """
select m.id, m.name, s.role, s.joined_at from staff_member s join merchant m on m.id = s.merchant_id
where s.person_id = %s and s.left_at is null order by s.joined_at
"""
_PROMOTES = """
select m.id, m.name, p.joined_at, p.left_at from promoter p join merchant m on m.id = p.merchant_id
where p.person_id = %s order by p.joined_at
"""


def one(request: HttpRequest, person_id: UUID) -> HttpResponse:
    return show_person(request, person_id)


def show_person(request: HttpRequest, person_id: UUID, unmasked: Any = None) -> HttpResponse:
    """`unmasked`: what was asked for with a reason a moment ago; it is on this page only."""
    person = on_platform(Person).filter(pk=person_id).first()
    if person is None:
        raise NotFound()
    record = Record(masked_name(person), _facts(person), _grids(person), _ways(person))
    context = {"record": record, "unmasked": unmasked, "ways": []}
    if unmasked:
        context["ways"] = [(word(kind), value) for kind, value in unmasked.ways]
    return show(request, "record", record.title, context)


def _facts(person: Person) -> list[Fact]:
    mine = on_platform(Identity).filter(person_id=person.pk, valid_to__isnull=True)
    ways = [masked_way(way) for way in mine.exclude(kind=IdentityKind.BROWSER).order_by("valid_from")]
    role = on_platform(PlatformOperator).filter(person_id=person.pk, revoked_at__isnull=True)
    held = role.values_list("role", flat=True).first()
    state = Fact(
        _("State"),
        _("open") if person.is_active else _("locked"),
        "success" if person.is_active else "danger",
    )
    facts = [
        state,
        Fact(pgettext("ways", "Signs in with"), joined(ways) or _("a browser only")),
        Fact(_("Since"), moment(person.created_at), note=str(person.pk)),
    ]
    if held:
        facts.append(Fact(_("On the platform"), word(held), "info"))
    if person.merged_into_id:
        url = reverse("operator:person", args=[person.merged_into_id])
        facts.append(Fact(_("Merged into"), f"…{str(person.merged_into_id)[-8:]}", "info", url=url))
    return facts


def _merchant(id: UUID, name: str) -> object:
    return link(reverse("operator:merchant", args=[id]), name)


def _grids(person: Person) -> list[Grid]:
    works = [
        [_merchant(id, name), word(role or "own"), moment(at)]
        for id, name, role, at in rows(_WORKS, [person.pk])
    ]
    promotes = [
        [_merchant(id, name), moment(at), moment(left)] for id, name, at, left in rows(_PROMOTES, [person.pk])
    ]
    about = on_platform(OperatorDeed).filter(subject_kind="person", subject_id=str(person.pk))
    deeds = [[moment(deed.at), word(deed.act), deed.reason] for deed in about.order_by("-id")[:LATEST]]
    return [
        Grid(_("Works for"), (_("Merchant"), _("Role"), _("Since")), works),
        Grid(_("Promotes for"), (_("Merchant"), _("Since"), _("Until")), promotes),
        Grid(_("What operators did"), (_("When"), _("Deed"), _("Reason")), deeds),
    ]


def _ways(person: Person) -> list[Way]:
    lock = (
        act_way("person_lock", _("Lock the account"), person.pk, icon="lock", danger=True)
        if person.is_active
        else act_way("person_unlock", _("Unlock the account"), person.pk, icon="lock_open")
    )
    return [act_way("person_unmask", _("Show name and numbers"), person.pk, icon="visibility"), lock]
