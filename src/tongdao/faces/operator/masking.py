"""Persons as operators see them unless they ask, with a reason, for more."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdao.faces.operator.words import word
from tongdao.foundation.pii import mask_name, mask_phone
from tongdao.party.people.models import Identity, IdentityKind, Person


def masked_name(person: Person) -> str:
    """The first character and stars; for who gave no name, the end of the id."""
    if person.shown_name:
        return mask_name(person.shown_name)
    return _("Guest …%(end)s") % {"end": str(person.pk)[-6:]}


def masked_way(way: Identity) -> str:
    """`phone 1******5678`, `e-mail o****@d…`; other kinds by their name alone."""
    value = way.value or ""
    if way.kind == IdentityKind.PHONE:
        return f"{word('phone')} {mask_phone(value)}"
    if way.kind == IdentityKind.EMAIL and "@" in value:
        local, domain = value.split("@", 1)
        return f"{word('email')} {local[:1]}****@{domain}"
    return word(way.kind)
