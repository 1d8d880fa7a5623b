"""What was told and said is kept word by word; the last word counts; nothing is sent against it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import Error, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import make_shop
from tests.support.people import with_number
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, timeline
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import OutsideScope, merchant_scope
from tongdao.party.members.consents import acknowledge, consent_given, consents_of, say
from tongdao.party.members.merging import merge_persons, part_persons
from tongdao.party.members.models import MemberConsent, NoticeChoice
from tongdao.party.members.notices import CHANNELS, NOTICES, choices_of, choose_notice, may_notify
from tongdao.party.members.refusals import LastWay, WayStays
from tongdao.party.people.consents import acknowledge_platform, platform_consents, shown_text
from tongdao.party.people.merging import propose
from tongdao.party.people.refusals import ConsentChanged, NoticeStands
from tongdao.rulebook.consents import TEXTS, Level, asked_on

VERSION = "2026-11"
SMS = "marketing_sms"


def answer(person: UUID, purpose: str, given: bool, version: str = VERSION) -> None:
    say(purpose, given, version=version, language="en", face="shop", actor=Actor("person", person))


def choose(person: UUID, purpose: str, channel: str, wanted: bool) -> None:
    actor = Actor("person", person)
    choose_notice(purpose, channel, wanted, version=VERSION, language="en", face="shop", actor=actor)


def test_a_yes_and_a_no_are_rows_with_the_words_that_were_shown() -> None:
    person = uuid7()
    with merchant_scope(make_shop().merchant_id):
        assert not consent_given(person, SMS), "nothing is assumed"
        answer(person, SMS, True)
        answer(person, SMS, True)  # twice is once
        assert consent_given(person, SMS)
        answer(person, SMS, False)
        assert not consent_given(person, SMS)
        rows = list(MemberConsent.objects.filter(person_id=person).order_by("at"))
        assert [(row.given, row.version, row.face) for row in rows] == [
            (True, VERSION, "shop"),
            (False, VERSION, "shop"),
        ]
        assert shown_text(rows[0].digest).startswith("山间茶舍 may tell me of new goods")
        assert [event.name for event in timeline(Subject("member_consent", rows[1].pk))] == [
            "member.consent_withdrawn"
        ]


def test_nobody_changes_what_was_said() -> None:
    person = uuid7()
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        answer(person, SMS, True)
    for statement in ("update member_consent set given = true", "delete from person_consent"):
        with pytest.raises(Error), merchant_scope(shop.merchant_id), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_yes_counts_for_the_text_that_it_was_said_to() -> None:
    person = uuid7()
    with merchant_scope(make_shop().merchant_id):
        with pytest.raises(ConsentChanged):
            answer(person, SMS, True, version="2025-01")
        with pytest.raises(NotFound):
            answer(person, "income_promises", True)
        with pytest.raises(NoticeStands):
            answer(person, "privacy", False)
        MemberConsent.objects.create(
            person_id=person,
            purpose=SMS,
            given=True,
            version="2025-01",
            digest=b"x" * 32,
            face="shop",
            at="2025-02-01T00:00Z",
        )
        state = next(each for each in consents_of(person) if each.purpose == SMS)
        assert (state.standing, state.said_version) == ("outdated", "2025-01")
        assert not consent_given(person, SMS)


def test_a_notice_is_told_once_a_version() -> None:
    person, _ = with_number()
    with merchant_scope(make_shop().merchant_id):
        for _n in range(2):
            acknowledge(face="shop", language="zh-hans", actor=Actor("person", person.pk))
        assert MemberConsent.objects.filter(person_id=person.pk).count() == 1
    for _n in range(2):
        acknowledge_platform(person.pk, face="shop", language="zh-hans")
    assert person.consents.count() == 1
    assert platform_consents(person.pk, "en")[0].given


def test_each_text_of_a_purpose_follows_another_in_time() -> None:
    levels: tuple[Level, ...] = ("platform", "merchant", "promoter")
    for level in levels:
        assert asked_on(date(2026, 11, 22), level)
        assert asked_on(date(2020, 1, 1), level) == {}
    assert len({(each.purpose, each.version) for each in TEXTS}) == len(TEXTS)


def test_two_accounts_that_became_one_speak_with_one_voice() -> None:
    shop, (one, _), (two, _) = make_shop(), with_number(), with_number()
    with merchant_scope(shop.merchant_id):
        answer(one.pk, SMS, True)
        answer(two.pk, SMS, False)
        answer(two.pk, "personal", True)
    merge = propose(one.pk, two.pk, reason="own_accounts", proved=True)
    merge_persons(merge.pk, actor=Actor("person", one.pk))
    assert not may_notify(one.pk, shop.merchant_id, "marketing", "sms"), "the last word counts"
    part_persons(merge.pk, one.pk, actor=Actor("person", one.pk))
    assert may_notify(one.pk, shop.merchant_id, "marketing", "sms")


def test_what_may_be_sent_at_first() -> None:
    shop, person = make_shop(), uuid7()
    allowed = {
        (purpose, way)
        for purpose in NOTICES
        for way in CHANNELS
        if may_notify(person, shop.merchant_id, purpose, way)
    }
    assert {("security", way) for way in CHANNELS} <= allowed
    assert ("order", "sms") in allowed and ("order", "email") not in allowed
    assert not {("marketing", way) for way in CHANNELS} & allowed


def test_another_merchants_scope_answers_for_itself_only() -> None:
    one, two = make_shop(), make_shop()
    with merchant_scope(one.merchant_id), pytest.raises(OutsideScope):
        may_notify(uuid7(), two.merchant_id, "order", "sms")


def test_advertising_is_switched_on_by_a_consent_and_off_by_taking_it_back() -> None:
    shop, person = make_shop(), uuid7()
    with merchant_scope(shop.merchant_id):
        choose(person, "marketing", "sms", True)
        assert consent_given(person, SMS)
        assert may_notify(person, shop.merchant_id, "marketing", "sms")
        answer(person, SMS, False)
        assert not may_notify(person, shop.merchant_id, "marketing", "sms")
        assert not NoticeChoice.objects.filter(person_id=person).exists(), "one truth, not two"


def test_what_the_law_wants_told_keeps_one_way() -> None:
    shop, person = make_shop(), uuid7()
    with merchant_scope(shop.merchant_id):
        choose(person, "order", "sms", False)
        with pytest.raises(LastWay):
            choose(person, "order", "wechat", False)
        choose(person, "order", "email", True)
        choose(person, "order", "wechat", False)
        assert may_notify(person, shop.merchant_id, "order", "email")
        with pytest.raises(WayStays):
            choose(person, "security", "sms", False)
        choose(person, "review", "wechat", False)


STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(NOTICES)), st.sampled_from(CHANNELS), st.booleans()), max_size=12
)


@settings(max_examples=20, deadline=None)
@given(STEPS)
def test_whatever_is_chosen_the_law_and_the_consent_hold(steps: list[tuple[str, str, bool]]) -> None:
    shop, person = make_shop(()), uuid7()
    with merchant_scope(shop.merchant_id):
        for purpose, channel, wanted in steps:
            try:
                choose(person, purpose, channel, wanted)
            except (LastWay, WayStays):
                continue
            assert may_notify(person, shop.merchant_id, purpose, channel) == wanted  # type: ignore[arg-type]  # a key
        for choice in choices_of(person):
            told = {way for way in CHANNELS if may_notify(person, shop.merchant_id, choice.purpose, way)}
            assert told == {way for way in CHANNELS if choice.on[way]}
            assert told or choice.rule in ("free", "consent")
            if choice.rule == "consent":
                assert told == {way for way in CHANNELS if consent_given(person, f"marketing_{way}")}
