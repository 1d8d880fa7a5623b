from __future__ import annotations

import datetime as dt
import re

import pytest

from tongdao.foundation.ids import TOKEN_ALPHABET, human_number, token, uuid7

pytestmark = pytest.mark.pure


def test_keys_grow_with_time_and_do_not_repeat() -> None:
    ids = [uuid7() for _ in range(5_000)]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids), "inside a millisecond too"
    assert {(id.version, id.variant) for id in ids} == {(7, ids[0].variant)}


def test_the_first_48_bits_are_the_time() -> None:
    now = dt.datetime.now(dt.UTC).timestamp()
    assert abs((uuid7().int >> 80) / 1000 - now) < 60


@pytest.mark.parametrize("length", [1, 10, 26])
def test_tokens_are_of_letters_that_cannot_be_mistaken(length: int) -> None:
    assert len(token(length)) == length
    assert set(token(2_000)) == set(TOKEN_ALPHABET)
    assert not set(TOKEN_ALPHABET) & set("0o1li")


def test_tokens_do_not_repeat() -> None:
    assert len({token() for _ in range(5_000)}) == 5_000


def test_order_numbers_tell_the_day_and_no_count() -> None:
    at = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
    numbers = [human_number(at) for _ in range(500)]
    assert all(re.fullmatch(r"260304\d{12}", number) for number in numbers)
    assert len(set(numbers)) == 500
    assert numbers != sorted(numbers)


def test_an_order_number_tells_the_day_in_beijing() -> None:
    assert human_number(dt.datetime(2026, 3, 3, 16, tzinfo=dt.UTC)).startswith("260304")
    assert human_number(dt.datetime(2026, 3, 3, 15, 59, tzinfo=dt.UTC)).startswith("260303")
