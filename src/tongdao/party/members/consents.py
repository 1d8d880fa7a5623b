"""What a member was told by the merchant and has said to it. All of it inside the merchant's scope."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, Subject, record
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.members.events import ConsentGiven, ConsentWithdrawn
from tongdao.party.members.models import MemberConsent
from tongdao.party.merchants.models import Merchant
from tongdao.party.people.consents import ConsentState, Said, asked_now, check_asked, keep_text, state_of
from tongdao.rulebook.consents import Level

_ONE_AFTER_ANOTHER = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"


def consents_of(
    person_id: UUID, language: str = "zh-hans", *, level: Level = "merchant"
) -> Sequence[ConsentState]:
    """How each purpose stands for this person, in the order in which they are asked."""
    last, shop = _last(person_id), _shop()
    return [state_of(each, last.get(name), language, shop) for name, each in asked_now(level).items()]


def consent_given(person_id: UUID, purpose: str) -> bool:
    """Whether it stands, in the version of today."""
    asked = asked_now("merchant").get(purpose)
    return asked is not None and state_of(asked, _last(person_id).get(purpose), "").given


def say(
    purpose: str,
    given: bool,
    *,
    version: str,
    language: str,
    face: str,
    actor: Actor,
    level: Level = "merchant",
) -> ConsentState:
    """The actor says yes or no to what it was shown in this version. Saying it again changes nothing.

    Raises NotFound, ConsentChanged, or NoticeStands.
    """
    assert actor.id is not None
    asked = check_asked(level, purpose, given, version)
    _in_turn(actor.id)
    state = state_of(asked, _last(actor.id).get(purpose), language, _shop())
    if state.standing == ("given" if given else "withdrawn"):
        return state
    row = MemberConsent.objects.create(
        person_id=actor.id,
        purpose=purpose,
        given=given,
        version=asked.version,
        digest=keep_text(asked, language, _shop()),
        face=face,
        at=clock.now(),
    )
    event = ConsentGiven if given else ConsentWithdrawn
    record(
        event(actor.id, Code(purpose), Code(asked.version)),
        subject=Subject("member_consent", row.pk),
        actor=actor,
    )
    return state_of(asked, Said(given, row.version, face, row.at), language, _shop())


def acknowledge(*, face: str, language: str, actor: Actor) -> None:
    """The actor goes on after it was shown the merchant's notices; once a version."""
    assert actor.id is not None
    for asked in asked_now("merchant").values():
        told = MemberConsent.objects.filter(person_id__same_as=actor.id, purpose=asked.purpose)
        if asked.notice and not told.filter(version=asked.version).exists():
            say(asked.purpose, True, version=asked.version, language=language, face=face, actor=actor)


def notice_texts(language: str) -> list[str]:
    """What a page shows before somebody orders."""
    shop = _shop()
    return [asked.words(language, shop)[1] for asked in asked_now("merchant").values() if asked.notice]


def _in_turn(person_id: UUID) -> None:
    """Two answers of one person at once come one after the other, so that the last one is the last."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AFTER_ANOTHER, [f"consent {current_merchant()} {person_id}"])


def _last(person_id: UUID) -> dict[str, Said]:
    rows = MemberConsent.objects.filter(person_id__same_as=person_id).order_by("at", "id")
    return {row.purpose: Said(row.given, row.version, row.face, row.at) for row in rows}


def _shop() -> str:
    return Merchant.objects.get(pk=current_merchant()).name
