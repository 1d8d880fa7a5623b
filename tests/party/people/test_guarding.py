"""Passwords guessed at: by account, by address, by many; and the owner who is never shut out for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.support.people import PASSWORD, a_phone, a_proof, an_address, an_email, with_number, with_password
from tongdao.foundation import clock
from tongdao.foundation.throttling import TooManyTries, take
from tongdao.party.people import limits
from tongdao.party.people.operations import check_sign_in, issue_token, person_of_token
from tongdao.party.people.passwords import change_password, set_password
from tongdao.party.people.refusals import PasswordWrong, ProofExpired, SignInFailed, TokenInvalid
from tongdao.party.people.sessions import devices_of
from tongdao.party.people.visitors import visitor_address

NEW = "a new and long one"


def guess(name: str, times: int, address: str = "", known: dict[UUID, str] | None = None) -> int:
    """How many guesses are looked at."""
    for count in range(times):
        try:
            check_sign_in(name, f"guess {count}", address=address or an_address(), known=known)
        except SignInFailed:
            continue
        except TooManyTries:
            return count
    return times


def guess_once(name: str, address: str) -> None:
    with pytest.raises(SignInFailed):
        check_sign_in(name, "guess", address=address)


def test_one_account_guessed_at_from_everywhere() -> None:
    _, name = with_password()
    assert guess(name, 50) == 10
    with pytest.raises(TooManyTries):  # the right one too, from a stranger's browser
        check_sign_in(name, PASSWORD, address=an_address())


def test_one_address_guessing_at_everybody() -> None:
    address = an_address()
    for _ in range(limits.PASSWORD_BY_ADDRESS.burst - 1):
        take(limits.PASSWORD_BY_ADDRESS, address)
    assert guess(an_email(), 1, address) == 1
    with pytest.raises(TooManyTries):
        for _ in range(5):
            guess_once(an_email(), address)


def test_the_owner_gets_in_while_strangers_guess() -> None:
    person, name = with_password()
    guess(name, 50)
    known = {person.pk: f"{person.pk}:x:y"}
    assert check_sign_in(name, PASSWORD, address=an_address(), known=known) == person
    assert guess(name, 50, known=known) == 10  # a browser that was let in once may not guess for ever either


def test_nobody_is_shut_out_for_good() -> None:
    person, name = with_password()
    guess(name, 50)
    with clock.shifted(timedelta(minutes=7)):
        assert check_sign_in(name, PASSWORD, address=an_address()) == person


def test_right_ones_do_not_count() -> None:
    _, name = with_password()
    address = an_address()
    for _ in range(80):
        check_sign_in(name, PASSWORD, address=address)


def test_known_and_unknown_names_are_refused_alike_in_as_many_queries() -> None:
    told = {}
    for what, name in (("known", with_password()[1]), ("unknown", an_email()), ("number", a_phone())):
        with CaptureQueriesContext(connection) as queries, pytest.raises(SignInFailed) as refused:
            check_sign_in(name, "wrong", address=an_address())
        told[what] = ([query["sql"].split()[:3] for query in queries], refused.value.message)
    assert told["known"] == told["unknown"] == told["number"]


def test_a_changed_password_ends_every_session_and_token() -> None:
    person, name = with_password()
    token, browser = issue_token(person), Client()
    browser.login(username=name, password=PASSWORD)
    assert len(devices_of(person.pk)) == 1
    change_password(person.pk, old=PASSWORD, new=NEW)
    assert devices_of(person.pk) == []
    with pytest.raises(TokenInvalid):
        person_of_token(token)
    assert check_sign_in(name, NEW) == person


def test_a_wrong_old_password_changes_nothing_and_is_counted() -> None:
    person, _ = with_password()
    token = issue_token(person)
    for _ in range(10):
        with pytest.raises(PasswordWrong):
            change_password(person.pk, old="wrong", new=NEW)
    with pytest.raises(TooManyTries):
        change_password(person.pk, old=PASSWORD, new=NEW)
    assert person_of_token(token) == person


def test_a_forgotten_password_is_set_by_who_holds_the_number() -> None:
    person, phone = with_number(ago=timedelta(hours=2))
    token = issue_token(person)
    set_password(person.pk, proof=a_proof(phone), new=NEW)
    assert check_sign_in(phone, NEW) == person
    with pytest.raises(TokenInvalid):
        person_of_token(token)


def test_another_number_sets_no_password() -> None:
    person, _ = with_number(ago=timedelta(hours=2))
    with pytest.raises(ProofExpired):
        set_password(person.pk, proof=a_proof(a_phone()), new=NEW)


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "address"),
    [
        ("203.0.113.5", "198.51.100.1", 0, "203.0.113.5"),  # without a proxy of ours it is a claim
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("2001:db8:1:2:3::4", "", 0, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "", 0, "203.0.113.5"),
        ("10.0.0.1", "nonsense", 1, "unknown"),
    ],
)
def test_where_a_request_comes_from(
    settings: Any, remote: str, forwarded: str, proxies: int, address: str
) -> None:
    settings.ENV = replace(settings.ENV, proxies=proxies)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    assert visitor_address(request) == address
