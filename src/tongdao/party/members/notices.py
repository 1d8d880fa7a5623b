"""Of what a person wants to hear, and on which ways. `may_notify` is the one place that is asked before
sending.

Some news the law wants told: that an order is placed, sent or cannot be fulfilled (E-Commerce Law Art.
49-52), that money comes back, that somebody signed in. Of those one way stays on. Advertising needs a
consent: switching it on or off here is to give or take back that consent (party.members.consents).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import OutsideScope, current_merchant, current_scope, merchant_scope
from tongdao.party.members.consents import consent_given, consents_of, say
from tongdao.party.members.events import NoticeChosen
from tongdao.party.members.models import NoticeChoice
from tongdao.party.members.refusals import LastWay, WayStays

Channel = Literal["sms", "wechat", "email"]
Purpose = Literal["security", "order", "refund", "review", "marketing"]
Rule = Literal["always", "one_way", "free", "consent"]
"""`always`: every way stays on. `one_way`: one of them does. `free`: as wished. `consent`: off until asked
for.
"""
CHANNELS: tuple[Channel, ...] = get_args(Channel)


@dataclass(frozen=True, slots=True)
class Notice:
    """A kind of news: its rule, and on which ways it goes out while nothing was chosen."""

    rule: Rule
    at_first: frozenset[Channel]


NOTICES: Mapping[Purpose, Notice] = {
    "security": Notice("always", frozenset(CHANNELS)),
    "order": Notice("one_way", frozenset(("sms", "wechat"))),
    "refund": Notice("one_way", frozenset(("sms", "wechat"))),
    "review": Notice("free", frozenset(("wechat",))),
    "marketing": Notice("consent", frozenset()),
}
Wanted = dict[tuple[Purpose, Channel], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """One purpose: `on` by channel, and which of them cannot be switched now."""

    purpose: Purpose
    rule: Rule
    on: Mapping[Channel, bool]
    fixed: frozenset[Channel]


def may_notify(person_id: UUID, merchant_id: UUID, purpose: Purpose, channel: Channel) -> bool:
    """Whether the merchant may tell this person this, this way, now. In the merchant's scope, or in none."""
    with _at(merchant_id):
        if NOTICES[purpose].rule == "consent":
            return consent_given(person_id, f"{purpose}_{channel}")
        return _wanted(person_id)[purpose, channel]


def choices_of(person_id: UUID) -> Sequence[Choice]:
    """All that can be chosen, as it stands, in the merchant's scope."""
    wanted = _wanted(person_id)
    given = {state.purpose for state in consents_of(person_id) if state.given}
    wanted |= {("marketing", way): f"marketing_{way}" in given for way in CHANNELS}
    return [_choice(purpose, {way: wanted[purpose, way] for way in CHANNELS}) for purpose in NOTICES]


def choose_notice(
    purpose: str,
    channel: str,
    wanted: bool,
    *,
    version: str = "",
    language: str = "",
    face: str,
    actor: Actor,
) -> None:
    """Hear of it this way from now on, or no longer. Choosing the same again changes nothing.

    `version`: of the text that was shown, where switching it on is a consent. Raises NotFound, WayStays,
    LastWay, ConsentChanged.
    """
    assert actor.id is not None
    now = next((each for each in choices_of(actor.id) if each.purpose == purpose), None)
    way = next((each for each in CHANNELS if each == channel), None)
    if now is None or way is None:
        raise NotFound()
    if now.rule == "consent":
        say(f"{purpose}_{way}", wanted, version=version, language=language, face=face, actor=actor)
        return
    if now.on[way] == wanted:
        return
    if way in now.fixed:
        raise WayStays() if now.rule == "always" else LastWay()
    row = NoticeChoice.objects.create(
        person_id=actor.id, purpose=purpose, channel=way, wanted=wanted, face=face, at=clock.now()
    )
    record(NoticeChosen(actor.id, Code(purpose), Code(way), wanted), subject=row, actor=actor)


def _choice(purpose: Purpose, on: dict[Channel, bool]) -> Choice:
    rule = NOTICES[purpose].rule
    left = [way for way in CHANNELS if on[way]]
    last = left if rule == "one_way" and len(left) == 1 else []
    return Choice(purpose, rule, on, frozenset(CHANNELS if rule == "always" else last))


def _wanted(person_id: UUID) -> Wanted:
    """The last word on each; the law's minimum stands above it."""
    wanted = {(name, way): way in notice.at_first for name, notice in NOTICES.items() for way in CHANNELS}
    for row in NoticeChoice.objects.filter(person_id__same_as=person_id).order_by("at", "id"):
        for key in wanted:
            if key == (row.purpose, row.channel) and NOTICES[key[0]].rule != "always":
                wanted[key] = row.wanted
    for name, notice in NOTICES.items():
        if notice.rule == "one_way" and not any(wanted[name, way] for way in CHANNELS):
            wanted[name, "sms"] = True  # two accounts that became one may have switched off one each
    return wanted


@contextmanager
def _at(merchant_id: UUID) -> Iterator[None]:
    if current_scope() is None:
        with merchant_scope(merchant_id):
            yield
    elif current_merchant() == merchant_id:
        yield
    else:
        raise OutsideScope("another merchant's scope is open")
