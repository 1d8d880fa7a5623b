"""Members by what their pages show of them. In the open merchant_scope."""

from __future__ import annotations

import re
from uuid import UUID

from django.db.models import QuerySet

from tongdao.foundation.pii import blind_index
from tongdao.party.members.models import Member
from tongdao.party.people.models import Identity, IdentityKind, Person
from tongdao.party.people.operations import read_sign_in_name
from tongdao.party.people.refusals import SignInNameInvalid
from tongdao.party.people.tails import TAIL, mask_key, mask_of, tail_key

# A Chinese name, or what is shown of any: other words would find whoever begins with their first letter.
NAME = re.compile(r"[㐀-鿿·]{2,6}|\w[*＊]{1,3}")


def persons_by_sign_in(typed: str) -> QuerySet[Identity, UUID]:
    """Who signs in with this number or address, or with a number that ends with these four digits."""
    known = Identity.objects.filter(valid_to__isnull=True)
    digits = re.sub(r"[\s-]", "", typed)
    if re.fullmatch(rf"[0-9]{{{TAIL}}}", digits):
        return known.filter(tail=tail_key(IdentityKind.PHONE, digits)).values_list("person_id", flat=True)
    try:
        kind, value = read_sign_in_name(typed)
    except SignInNameInvalid:
        return Identity.objects.none().values_list("person_id", flat=True)
    return known.filter(kind=kind, lookup=blind_index(kind, value)).values_list("person_id", flat=True)


def mask_typed(typed: str) -> str:
    """How a name is shown that is typed in whole or as it is shown; empty where this is no name."""
    return mask_of(typed) if NAME.fullmatch(typed.strip()) else ""


def persons_by_name(typed: str) -> QuerySet[Person, UUID]:
    """Whose names are shown like this one: nothing is found that pages do not show."""
    mask = mask_typed(typed)
    rows = Person.objects.filter(name_mask=mask_key(mask)) if mask else Person.objects.none()
    return rows.values_list("id", flat=True)


def members_among(persons: QuerySet[Identity, UUID] | QuerySet[Person, UUID], *, limit: int) -> list[Member]:
    """The latest members among these persons."""
    return list(Member.objects.filter(person_id__in=persons).order_by("-id")[:limit])
