"""Which account a number opens: its holder's, and nobody's who had the number before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from tests.support.people import (
    LONG_AGO,
    PASSWORD,
    a_phone,
    a_proof,
    with_number,
    with_password,
)
from tongdao.foundation import clock
from tongdao.party.people.accounts import bind_number, is_guest, number_of, open_account
from tongdao.party.people.codes import Proof
from tongdao.party.people.models import CodePurpose, Identity, Person
from tongdao.party.people.operations import (
    create_guest,
    find_person,
    issue_token,
    person_of_token,
    register_person,
)
from tongdao.party.people.refusals import AccountUnsure, NumberTaken, SignInFailed, TokenInvalid

NUMBER = CodePurpose.NUMBER


def test_a_new_number_begins_an_account_and_opens_it_again() -> None:
    person, phone = with_number(ago=timedelta(days=1))
    assert not is_guest(person.pk) and number_of(person.pk) == phone
    assert open_account(a_proof(phone)) == person == find_person(phone)


def test_as_text_a_person_is_an_id() -> None:
    person, _ = with_number()
    assert f"{person}" == str(person.pk)


def test_who_buys_as_a_guest_becomes_the_account() -> None:
    guest, token = create_guest(), ""
    token, before = issue_token(guest), guest.get_session_auth_hash()
    assert open_account(a_proof(a_phone()), guest=guest) == guest
    assert not is_guest(guest.pk)
    with pytest.raises(TokenInvalid):  # whoever made the guest is not in the account with them
        person_of_token(token)
    assert Person.objects.get(pk=guest.pk).get_session_auth_hash() != before


def test_an_account_is_not_swallowed_by_another_number() -> None:
    someone, _ = with_password()
    opened = open_account(a_proof(a_phone()), guest=someone)
    assert opened != someone and number_of(someone.pk) is None


def test_a_number_that_may_have_changed_hands_opens_nothing_by_itself() -> None:
    old, phone = with_number(ago=LONG_AGO)
    with pytest.raises(AccountUnsure):
        open_account(a_proof(phone))
    assert number_of(old.pk) == phone


def test_the_owner_with_another_sign_is_let_in_and_proven_anew() -> None:
    old, phone = with_number(ago=LONG_AGO)
    proof = a_proof(phone)
    assert open_account(proof, sure=lambda person: person == old) == old
    assert open_account(proof) == old


def test_the_new_holder_begins_anew_and_sees_nothing_of_the_old_account() -> None:
    old, phone = with_number(ago=LONG_AGO)
    proof = a_proof(phone)
    new = open_account(proof, anew=True)
    assert new != old and number_of(new.pk) == phone and number_of(old.pk) is None
    assert open_account(proof) == new == find_person(phone)
    ended = Identity.objects.get(person=old)
    assert ended.valid_from is not None and ended.valid_to is not None


def test_within_the_carriers_freeze_it_is_the_same_holder() -> None:
    person, phone = with_number(ago=timedelta(days=89))
    assert open_account(a_proof(phone)) == person


def test_anew_does_not_take_a_sure_account_apart() -> None:
    person, phone = with_number(ago=timedelta(days=1))
    assert open_account(a_proof(phone), anew=True) == person


def test_a_number_that_was_only_stated_opens_nothing() -> None:
    """Else one could register somebody's number with a password of one's own, and wait for them."""
    phone = a_phone()
    squatter = register_person(sign_in_name=phone, password=PASSWORD)
    with pytest.raises(AccountUnsure):
        open_account(a_proof(phone))
    with clock.shifted(timedelta(minutes=2)):
        assert open_account(a_proof(phone), anew=True) != squatter
    assert find_person(phone) != squatter


def test_a_closed_account_is_not_opened() -> None:
    person, phone = with_number(ago=timedelta(days=1))
    Person.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(SignInFailed):
        open_account(a_proof(phone))


def test_two_at_once_with_a_new_number_are_one_person() -> None:
    proof = a_proof(a_phone())

    def enter(_: int) -> object:
        try:
            return open_account(proof).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(enter, range(6)))) == 1


def bound(phone: str) -> Proof:
    return a_proof(phone, NUMBER)


def test_a_number_is_bound_and_the_one_before_signs_nobody_in() -> None:
    person, old = with_number(ago=timedelta(days=1))
    new = a_phone()
    bind_number(person.pk, bound(new))
    assert number_of(person.pk) == new and find_person(old) is None
    with clock.shifted(timedelta(minutes=2)):
        assert open_account(a_proof(new)) == person


def test_a_number_surely_somebody_elses_is_not_taken() -> None:
    other, phone = with_number(ago=timedelta(days=1))
    person, _ = with_password()
    with pytest.raises(NumberTaken):
        bind_number(person.pk, bound(phone))
    assert number_of(other.pk) == phone and number_of(person.pk) is None


def test_a_number_that_changed_hands_is() -> None:
    other, phone = with_number(ago=LONG_AGO)
    person, name = with_password()
    bind_number(person.pk, bound(phone))
    assert number_of(person.pk) == phone and number_of(other.pk) is None
    assert find_person(name) == person
