"""Signing in by number through the API: codes, proofs, tokens, second steps, and one's own password."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.faces.api.calling import Caller, World, a_guest, a_key
from tests.party.people.test_second import enrolled, shown
from tests.support.people import (
    LONG_AGO,
    PASSWORD,
    a_phone,
    a_proof,
    an_address,
    with_number,
    with_password,
    wrong,
)
from tongdao.faces.kit.guessing import CODES_OF_BUYER
from tongdao.foundation import clock
from tongdao.foundation.throttling import take
from tongdao.party.people.accounts import is_guest, number_of
from tongdao.party.people.models import CodePurpose, Identity

NOBODY = Caller()


def prove(phone: str, purpose: str = "sign_in") -> str:
    sent = NOBODY.post("/codes", {"phone": phone, "purpose": purpose}, 202)
    answer = NOBODY.post("/proofs", {"phone": phone, "purpose": purpose, "code": sent["shown"]}, 201)
    return str(answer["proof"])


def test_a_number_signs_in_and_gets_an_account() -> None:
    phone = a_phone()
    first = NOBODY.post("/tokens/by-number", {"proof": prove(phone)}, 201)
    with clock.shifted(timedelta(minutes=2)):
        again = NOBODY.post("/tokens/by-number", {"proof": prove(phone)}, 201)
    assert again["person_id"] == first["person_id"] and again["token"] != first["token"]
    assert Caller(again["token"]).get("/me")["person_id"] == first["person_id"]


def test_known_and_unknown_numbers_are_answered_alike() -> None:
    told = []
    for phone in (with_number(ago=timedelta(hours=3))[1], a_phone()):
        sent = NOBODY("POST", "/codes", {"phone": phone})
        refused = NOBODY("POST", "/proofs", {"phone": phone, "code": wrong(sent.body["shown"])})
        registered = NOBODY("POST", "/persons", {"sign_in_name": phone, "password": PASSWORD})
        told += [
            {"status": answer.status, **answer.body, "shown": None, "request_id": None}
            for answer in (sent, refused, registered)
        ]
    assert told[:3] == told[3:]
    assert [one["status"] for one in told[:3]] == [202, 422, 422]


def test_a_code_too_soon_says_when() -> None:
    phone = a_phone()
    NOBODY.post("/codes", {"phone": phone}, 202)
    answer = NOBODY("POST", "/codes", {"phone": phone})
    assert (answer.status, answer.code) == (429, "too_many_tries")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_a_proof_of_another_purpose_or_of_our_own_making_opens_nothing() -> None:
    for proof in (prove(a_phone(), "number"), "bm90IGEgcHJvb2Y=", ""):
        answer = NOBODY("POST", "/tokens/by-number", {"proof": proof})
        assert (answer.status, answer.code) == (401, "proof_expired")


def test_an_unsure_account_asks_for_its_password_or_a_new_beginning() -> None:
    old, phone = with_number(ago=LONG_AGO)
    proof = a_proof(phone).text
    answer = NOBODY("POST", "/tokens/by-number", {"proof": proof})
    assert (answer.status, answer.code) == (409, "account_unsure")
    answer = NOBODY("POST", "/tokens/by-number", {"proof": proof, "password": "a guess at it"})
    assert (answer.status, answer.code) == (401, "sign_in_failed")
    begun = NOBODY.post("/tokens/by-number", {"proof": proof, "anew": True}, 201)
    assert begun["person_id"] != str(old.pk) and number_of(old.pk) is None


def test_no_way_in_passes_the_second_step_by() -> None:
    person, secret, _ = enrolled()
    name = Identity.objects.get(person=person).value
    named = {"sign_in_name": name, "password": PASSWORD}
    answer = NOBODY("POST", "/tokens", named)
    assert (answer.status, answer.code) == (401, "second_step_needed")
    assert NOBODY("POST", "/tokens", named | {"second": "000000x"}).code == "second_step_wrong"
    assert NOBODY.post("/tokens", named | {"second": shown(secret)}, 201)["person_id"] == str(person.pk)


def test_a_guest_takes_a_number_and_keeps_what_it_has() -> None:
    guest, phone = a_guest(), a_phone()
    assert guest("POST", "/me/number", {"proof": a_proof(phone, CodePurpose.NUMBER).text}).status == 204
    assert not is_guest(guest.person_id) and number_of(guest.person_id) == phone
    other = a_proof(a_phone(), CodePurpose.NUMBER).text
    assert guest("POST", "/me/number", {"proof": other}).code == "not_allowed"
    taken = a_guest()("POST", "/me/number", {"proof": _again(phone)})
    assert (taken.status, taken.code) == (409, "number_taken")


def _again(phone: str) -> str:
    with clock.shifted(timedelta(minutes=2)):
        return a_proof(phone, CodePurpose.NUMBER).text


def test_a_changed_password_ends_tokens_and_gives_a_new_one() -> None:
    _, name = with_password()
    tokens = [NOBODY.post("/tokens", {"sign_in_name": name, "password": PASSWORD}, 201) for _ in range(2)]
    one, two = (Caller(each["token"]) for each in tokens)
    wrong_one = one("PUT", "/me/password", {"old": "not it at all", "new": "quite another one"})
    assert (wrong_one.status, wrong_one.code) == (422, "password_wrong")
    changed = one("PUT", "/me/password", {"old": PASSWORD, "new": "quite another one"})
    assert changed.status == 200 and Caller(changed.body["token"])("GET", "/me").status == 200
    assert {caller("GET", "/me").status for caller in (one, two)} == {401}


def test_signing_out_everywhere_ends_this_token_too() -> None:
    guest = a_guest()
    assert guest.get("/me/devices") == []
    assert guest("DELETE", "/me/devices").status == 204
    assert guest("GET", "/me").status == 401


def test_passwords_guessed_end_in_429() -> None:
    name = f"{an_address().split()[1]}@example.cn"
    guesses = [NOBODY("POST", "/tokens", {"sign_in_name": name, "password": f"guess {n}"}) for n in range(12)]
    assert [answer.status for answer in guesses[:10]] == [401] * 10
    assert (guesses[-1].status, guesses[-1].code) == (429, "too_many_tries")


@pytest.mark.parametrize("codes", [["SPRING"], []])
def test_coupon_codes_in_quotes_are_counted(world: World, codes: list[str]) -> None:
    for _ in range(CODES_OF_BUYER.burst):
        take(CODES_OF_BUYER, str(world.buyer.person_id))
    wish = {"lines": world.wish()["lines"], "codes": codes}
    answer = world.buyer("POST", f"{world.store}/quotes", wish)
    assert answer.status == (429 if codes else 200)


@pytest.mark.parametrize("codes", [["SPRING"], []])
def test_coupon_codes_in_purchases_are_counted(world: World, codes: list[str]) -> None:
    for _ in range(CODES_OF_BUYER.burst):
        take(CODES_OF_BUYER, str(world.buyer.person_id))
    answer = world.buyer(
        "POST", f"{world.store}/purchases", world.wish(codes=codes), **{"Idempotency-Key": a_key()}
    )
    assert answer.status == (429 if codes else 201)
