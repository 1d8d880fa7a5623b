"""Passkeys: who holds the device is let in; whoever cheats with origin, challenge, key or counter is not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.passkeys import PRESENT, Device
from tests.support.people import an_address, with_number
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.party.people.models import Passkey, Person
from tongdao.party.people.operations import create_guest
from tongdao.party.people.passkeys import (
    Asked,
    begin_registration,
    begin_signing,
    drop_passkey,
    finish_registration,
    finish_signing,
    keys_of,
)
from tongdao.party.people.passkeys.refusals import (
    PasskeyCopied,
    PasskeyKnown,
    PasskeyNameInvalid,
    PasskeyRefused,
    TooManyPasskeys,
)

HOME = "https://tea.example.cn"


@pytest.fixture(autouse=True)
def _at_home(settings: Any) -> None:
    settings.BASE_URL = HOME


def a_device(**own: Any) -> Device:
    return Device(**{"origin": HOME, "rp_id": "tea.example.cn", **own})


def register(person: Person, device: Device, name: str = "手机") -> Passkey:
    asked, options = begin_registration(person.pk, shown_as="1******5678")
    return finish_registration(person.pk, asked, device.create(options), name=name)


def enter(device: Device, person_id: UUID | None = None) -> Person:
    asked, options = begin_signing(person_id)
    return finish_signing(asked, device.get(options), address=an_address())


def test_who_holds_the_device_is_let_in() -> None:
    person, device = with_number()[0], a_device(count=5)
    register(person, device)
    assert enter(device) == person
    assert enter(device, person.pk) == person
    row = Passkey.objects.get(person=person)
    assert (row.sign_count, row.used_at is not None) == (7, True)


def test_the_options_ask_for_a_key_that_knows_its_holder() -> None:
    person = with_number()[0]
    asked, options = begin_registration(person.pk, shown_as="x")
    told = json.loads(options)
    assert told["authenticatorSelection"]["residentKey"] == "required"
    assert told["authenticatorSelection"]["userVerification"] == "required"
    assert told["rp"]["id"] == "tea.example.cn"
    assert len(asked.challenge) >= 32
    assert json.loads(begin_signing()[1])["userVerification"] == "required"


def test_two_challenges_are_never_the_same() -> None:
    assert len({begin_signing()[0].challenge for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "cheat",
    [
        {"origin": "https://tea.example.cn.evil.cn"},
        {"origin": "http://tea.example.cn"},
        {"origin": "https://tea.example.cn:8443"},
        {"rp_id": "evil.cn"},
        {"flags": PRESENT},
        {"flags": 0},
    ],
    ids=["origin", "no TLS", "port", "domain", "holder not verified", "nobody there"],
)
def test_a_wrong_place_or_an_unknown_holder_makes_no_key_and_lets_nobody_in(cheat: dict[str, Any]) -> None:
    person = with_number()[0]
    with pytest.raises(PasskeyRefused):
        register(person, a_device(**cheat))
    device = a_device()
    register(person, device)
    with pytest.raises(PasskeyRefused):
        enter(replace(device, **cheat))
    assert enter(device) == person


def test_an_answer_to_another_challenge_is_refused() -> None:
    person, device = with_number()[0], a_device()
    register(person, device)
    first, options = begin_signing()
    answer = device.get(options)
    assert finish_signing(first, answer, address=an_address()) == person
    second, _ = begin_signing()
    with pytest.raises(PasskeyRefused):
        finish_signing(second, answer, address=an_address())


def test_a_registration_is_for_who_asked_for_it() -> None:
    one, other = with_number()[0], with_number()[0]
    asked, options = begin_registration(one.pk, shown_as="x")
    with pytest.raises(PasskeyRefused):
        finish_registration(other.pk, asked, a_device().create(options), name="x")


def test_an_answer_of_the_other_ceremony_is_refused() -> None:
    """What was signed to make a key opens nothing, and the other way round."""
    person, device = with_number()[0], a_device()
    register(person, device)
    asked, options = begin_signing()
    told = json.dumps(json.loads(options) | {"user": {"id": "AA"}})
    with pytest.raises(PasskeyRefused):
        finish_signing(asked, device.create(told), address=an_address())


def test_another_persons_key_is_no_second_step() -> None:
    one, other = with_number()[0], with_number()[0]
    mine, theirs = a_device(), a_device()
    register(one, mine)
    register(other, theirs)
    with pytest.raises(PasskeyRefused):
        enter(theirs, one.pk)


def test_a_key_that_says_it_is_somebody_elses_is_refused() -> None:
    one, other = with_number()[0], with_number()[0]
    device = a_device()
    register(one, device)
    asked, options = begin_signing()
    with pytest.raises(PasskeyRefused):
        finish_signing(asked, device.get(options, userHandle=other.pk.bytes), address=an_address())


def test_a_forged_signature_is_refused() -> None:
    person, device = with_number()[0], a_device()
    register(person, device)
    with pytest.raises(PasskeyRefused):
        enter(replace(a_device(), id=device.id, user=device.user))


def test_an_unknown_key_is_refused_like_a_wrong_one() -> None:
    with pytest.raises(PasskeyRefused):
        enter(replace(a_device(), user=uuid7().bytes))


@pytest.mark.parametrize("behind", [0, 3], ids=["the same count", "an older count"])
def test_a_counter_that_does_not_rise_ends_the_key(behind: int) -> None:
    person, device = with_number()[0], a_device(count=10)
    register(person, device)
    enter(device)
    copy = replace(device, count=device.count - 1 - behind)
    with pytest.raises(PasskeyCopied):
        enter(copy)
    with pytest.raises(PasskeyRefused):
        enter(device)
    assert keys_of(person.pk)[0].copied


def test_keys_that_do_not_count_are_used_again_and_again() -> None:
    person, device = with_number()[0], a_device()
    register(person, device)
    assert [enter(device) for _ in range(3)] == [person] * 3


def test_a_closed_account_is_opened_by_no_key() -> None:
    person, device = with_number()[0], a_device()
    register(person, device)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(PasskeyRefused):
        enter(device)


def test_several_keys_have_names_and_each_is_removed_by_its_own_person() -> None:
    person, stranger = with_number()[0], with_number()[0]
    phone, laptop = a_device(), a_device()
    first = register(person, phone)
    register(person, laptop, " 电脑 ")
    assert [key.name for key in keys_of(person.pk)] == ["电脑", "手机"]
    with pytest.raises(NotFound):
        drop_passkey(stranger.pk, first.id)
    drop_passkey(person.pk, first.id)
    with pytest.raises(PasskeyRefused):
        enter(phone)
    assert enter(laptop) == person


def test_the_same_device_is_known() -> None:
    one, other = with_number()[0], with_number()[0]
    device = a_device()
    register(one, device)
    for person in (one, other):
        with pytest.raises(PasskeyKnown):
            register(person, device)


def test_a_name_is_needed_and_ten_keys_are_enough() -> None:
    person = with_number()[0]
    for name in (" ", "x" * 41):
        with pytest.raises(PasskeyNameInvalid):
            register(person, a_device(), name)
    for _ in range(10):
        register(person, a_device())
    with pytest.raises(TooManyPasskeys):
        begin_registration(person.pk, shown_as="x")


@given(st.one_of(st.text(max_size=60), st.from_type(dict).map(repr), st.just('{"id":1}'), st.just("[]")))
def test_whatever_is_sent_is_refused_and_breaks_nothing(sent: str) -> None:
    person_id = uuid7()
    with pytest.raises(PasskeyRefused):
        finish_signing(Asked("sign_in", b"x" * 64, None), sent, address=an_address())
    with pytest.raises(PasskeyRefused):
        finish_registration(person_id, Asked("register", b"x" * 64, person_id), sent, name="x")


@given(st.data())
def test_any_bytes_in_any_part_are_refused(data: st.DataObject) -> None:
    """A device's answer with one of its parts drawn anew."""
    person, device = create_guest(), a_device()
    register(person, device)
    part = data.draw(st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]))
    asked, options = begin_signing()
    with pytest.raises(PasskeyRefused):
        finish_signing(
            asked, device.get(options, **{part: data.draw(st.binary(max_size=80))}), address=an_address()
        )
    made, create = begin_registration(person.pk, shown_as="x")
    answer = json.loads(a_device().create(create))
    answer["response"]["attestationObject"] = data.draw(st.text(alphabet="ABCab012-_", max_size=200))
    with pytest.raises(PasskeyRefused):
        finish_registration(person.pk, made, json.dumps(answer), name="x")
