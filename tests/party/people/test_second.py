"""The second step: codes of an app, good once, and recovery codes for when it is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from django.db import connection, connections

from tests.support.people import with_password
from tongdao.foundation import clock
from tongdao.foundation.throttling import TooManyTries
from tongdao.party.people.models import Authenticator, Person
from tongdao.party.people.refusals import AuthenticatorOn, SecondStepNeeded, SecondStepWrong
from tongdao.party.people.second import (
    begin_authenticator,
    check_second_step,
    confirm_authenticator,
    count_recovery_codes,
    drop_authenticator,
    has_second_step,
)

STEP = timedelta(seconds=30)


def shown(secret: str) -> str:
    """What the app shows now."""
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()))


def enrolled() -> tuple[Person, str, list[str]]:
    person, _ = with_password()
    secret = begin_authenticator(person.pk, shown_as="小满").secret
    with clock.shifted(-4 * STEP):
        codes = confirm_authenticator(person.pk, shown(secret))
    return person, secret, codes


def test_it_counts_from_the_first_code_on() -> None:
    person, _ = with_password()
    enrolment = begin_authenticator(person.pk, shown_as="小满")
    assert enrolment.uri.startswith("otpauth://totp/") and enrolment.secret in enrolment.uri
    assert begin_authenticator(person.pk, shown_as="小满") == enrolment  # the page may be loaded twice
    check_second_step(person.pk, "")  # nothing is asked for yet
    with pytest.raises(SecondStepWrong):
        confirm_authenticator(person.pk, "000000" if shown(enrolment.secret) != "000000" else "000001")
    assert not has_second_step(person.pk)
    assert len(set(confirm_authenticator(person.pk, shown(enrolment.secret)))) == 10
    assert has_second_step(person.pk)
    with pytest.raises(AuthenticatorOn):
        begin_authenticator(person.pk, shown_as="小满")


def test_without_a_code_it_is_asked_for() -> None:
    person, secret, _ = enrolled()
    with pytest.raises(SecondStepNeeded):
        check_second_step(person.pk, " ")
    check_second_step(person.pk, shown(secret))


def test_a_code_is_good_once_and_an_older_one_no_more() -> None:
    person, secret, _ = enrolled()
    code = shown(secret)
    with clock.shifted(-STEP):
        before = shown(secret)
    check_second_step(person.pk, f"{code[:3]} {code[3:]}")
    for used in (code, before):
        with pytest.raises(SecondStepWrong):
            check_second_step(person.pk, used)
    with clock.shifted(2 * STEP):
        check_second_step(person.pk, shown(secret))


def test_of_many_with_one_code_at_once_one_gets_in() -> None:
    person, secret, _ = enrolled()
    code = shown(secret)

    def enter(_: int) -> bool:
        try:
            check_second_step(person.pk, code)
        except (SecondStepWrong, TooManyTries):
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(enter, range(5))) == 1


def test_codes_from_long_ago_or_ahead_are_wrong() -> None:
    person, secret, _ = enrolled()
    for off in (-3 * STEP, 3 * STEP):
        with clock.shifted(off):
            code = shown(secret)
        with pytest.raises(SecondStepWrong):
            check_second_step(person.pk, code)


def test_a_recovery_code_is_good_once_and_for_its_owner() -> None:
    person, _, codes = enrolled()
    other, _, _ = enrolled()
    with pytest.raises(SecondStepWrong):
        check_second_step(other.pk, codes[0])
    check_second_step(person.pk, codes[0].upper().replace("-", " "))
    assert count_recovery_codes(person.pk) == 9
    with pytest.raises(SecondStepWrong):
        check_second_step(person.pk, codes[0])


def test_guessing_ends() -> None:
    person, secret, _ = enrolled()
    with pytest.raises(TooManyTries):
        for _ in range(20):
            with pytest.raises(SecondStepWrong):
                check_second_step(person.pk, "12345x")
    with clock.shifted(timedelta(minutes=6)):
        check_second_step(person.pk, shown(secret))


def test_it_is_removed_with_a_code_only() -> None:
    person, secret, codes = enrolled()
    with pytest.raises(SecondStepNeeded):
        drop_authenticator(person.pk, "")
    drop_authenticator(person.pk, shown(secret))
    assert not has_second_step(person.pk) and count_recovery_codes(person.pk) == 0
    check_second_step(person.pk, "")
    assert codes


def test_the_secret_is_sealed_in_its_column() -> None:
    person, secret, _ = enrolled()
    with connection.cursor() as cursor:
        cursor.execute("select secret from authenticator where person_id = %s", [person.pk])
        kept = bytes(cursor.fetchone()[0])
    assert secret.encode() not in kept and Authenticator.objects.get(pk=person.pk).secret == secret
