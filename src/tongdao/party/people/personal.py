"""What this room holds of a person: all of it goes. What is left is an empty row that others point at."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password

from tongdao.foundation.hooks import register
from tongdao.foundation.personal import ERASE, holds, impersonal
from tongdao.foundation.refusals import Refusal
from tongdao.party.people.models import (
    AccessToken,
    Authenticator,
    BrowserSession,
    ConsentText,
    Identity,
    OneTimeCode,
    Passkey,
    Person,
    PersonConsent,
    PersonMerge,
    PlatformOperator,
    RecoveryCode,
)


class RunsPlatform(Refusal):
    """You work for the platform itself. Have that role ended first."""


@register(ERASE)
def runs_platform(person_id: UUID) -> RunsPlatform | None:
    """Who may see everybody's data is let go first, by whom that is for."""
    rows = PlatformOperator.objects.filter(person_id=person_id, revoked_at__isnull=True)
    return RunsPlatform() if rows.exists() else None


def forget_ways_in(person_id: UUID) -> int:
    """The identities, and the codes last sent to their numbers."""
    rows = Identity.objects.filter(person_id=person_id)
    OneTimeCode.objects.filter(lookup__in=[bytes(row.lookup) for row in rows]).delete()
    return rows.delete()[0]


def _nobodys() -> str:
    return make_password(None)


holds(
    Identity, "erased", erase=forget_ways_in, shows=("kind", "value", "verified_at", "valid_from", "valid_to")
)
holds(AccessToken, "erased", shows=("created_at", "expires_at", "revoked_at"))
holds(BrowserSession, "erased", shows=("device", "seen_at"))
holds(Authenticator, "erased", shows=("created_at", "confirmed_at"))
holds(RecoveryCode, "erased", shows=("used_at",))
holds(Passkey, "erased", shows=("name", "created_at", "used_at"))
holds(
    Person,
    "blanked",
    person="id",
    shows=("id", "shown_name", "created_at"),
    blank={
        "shown_name": None,
        "name_mask": None,
        "password": _nobodys,
        "is_active": False,
        "last_login": None,
    },
)
holds(PlatformOperator, "kept", shows=("role", "granted_at", "revoked_at"))
holds(PersonConsent, "kept", shows=("purpose", "given", "version", "face", "at"))
holds(PersonMerge, "kept", person="root_id", shows=("reason", "proposed_at", "done_at", "undone_at"))
impersonal(ConsentText, "the words that were shown, the same to everybody; a shop's name at most")
impersonal(OneTimeCode, "goes with the identity that it was sent to, and by itself within the day")
