"""Persons, how they are recognised, and their tokens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.party.people.models import AccessToken, Identity, Person
from tongdao.party.people.operations import (
    check_sign_in,
    create_guest,
    find_person,
    issue_token,
    person_of_token,
    register_person,
    revoke_token,
)
from tongdao.party.people.refusals import (
    PasswordTooWeak,
    SignInFailed,
    SignInNameInvalid,
    SignInNameTaken,
    TokenInvalid,
)

PASSWORD = "three small cups"


def an_email() -> str:
    return f"{token(12)}@example.cn"


def a_phone() -> str:
    return "139" + "".join(str(ord(c) % 10) for c in token(8))


def test_sign_in_by_email_or_phone_however_it_is_written() -> None:
    email, phone = an_email(), a_phone()
    one = register_person(sign_in_name=email, password=PASSWORD)
    two = register_person(sign_in_name=phone, password=PASSWORD)
    assert check_sign_in(f" {email.upper()} ", PASSWORD) == one
    assert check_sign_in(f"+86 {phone[:3]} {phone[3:7]} {phone[7:]}", PASSWORD) == two


def test_the_database_holds_neither_name_nor_password_in_plain() -> None:
    email = an_email()
    person = register_person(sign_in_name=email, password=PASSWORD, shown_name="周立冬")
    with connection.cursor() as cursor:
        cursor.execute(
            "select p::text || i::text from person p join identity i on i.person_id = p.id where p.id = %s",
            [person.id],
        )
        row = cursor.fetchone()[0]
    for plain in (email, PASSWORD, "周立冬", email.encode().hex(), "周立冬".encode().hex()):
        assert plain not in row
    assert Person.objects.get(pk=person.pk).shown_name == "周立冬"


@pytest.mark.parametrize("password", ["wrong password", "", PASSWORD + " ", PASSWORD.upper()])
def test_a_wrong_password_and_an_unknown_name_are_refused_alike(password: str) -> None:
    email = an_email()
    register_person(sign_in_name=email, password=PASSWORD)
    with pytest.raises(SignInFailed):
        check_sign_in(email, password)
    with pytest.raises(SignInFailed):
        check_sign_in(an_email(), PASSWORD)
    with pytest.raises(SignInFailed):
        check_sign_in("not a name", PASSWORD)


def test_somebody_switched_off_cannot_sign_in() -> None:
    email = an_email()
    person = register_person(sign_in_name=email, password=PASSWORD)
    bearer = issue_token(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(SignInFailed):
        check_sign_in(email, PASSWORD)
    with pytest.raises(TokenInvalid):
        person_of_token(bearer)


@pytest.mark.parametrize("name", ["", "nobody", "12345", "a@b@c", "\x00@example.cn"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(SignInNameInvalid):
        register_person(sign_in_name=name, password=PASSWORD)


@pytest.mark.parametrize("password", ["short", "1234567890", "password123"])
def test_a_weak_password_is_refused_and_makes_nobody(password: str) -> None:
    email = an_email()
    with pytest.raises(PasswordTooWeak):
        register_person(sign_in_name=email, password=password)
    assert find_person(email) is None


def test_of_two_who_register_one_name_at_once_one_gets_it() -> None:
    email = an_email()

    def register(_: int) -> str:
        try:
            register_person(sign_in_name=email, password=PASSWORD)
        except SignInNameTaken:
            return "taken"
        finally:
            connections.close_all()
        return "made"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(register, range(4))) == ["made", "taken", "taken", "taken"]


def test_a_recycled_number_finds_its_new_holder() -> None:
    phone = a_phone()
    first = register_person(sign_in_name=phone, password=PASSWORD)
    Identity.objects.filter(person=first).update(valid_to=clock.now())
    second = register_person(sign_in_name=phone, password=PASSWORD)
    assert find_person(phone) == second


def test_a_token_speaks_until_it_is_revoked_or_old() -> None:
    guest = create_guest()
    bearer = issue_token(guest)
    assert person_of_token(bearer) == guest
    assert not AccessToken.objects.filter(digest=bearer.encode()[:32]).exists()
    with clock.shifted(timedelta(days=31)), pytest.raises(TokenInvalid):
        person_of_token(bearer)
    revoke_token(bearer)
    revoke_token(bearer)
    with pytest.raises(TokenInvalid):
        person_of_token(bearer)
    with pytest.raises(TokenInvalid):
        person_of_token("td_made-up")
