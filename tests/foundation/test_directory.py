"""Tokens that are unique across merchants."""

from __future__ import annotations

import pytest

from tests.interleaving.harness import in_turns
from tests.tenancy.catalogue import superuser
from tongdao.foundation import directory
from tongdao.foundation.directory import Found, NameTaken
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.models import DirectoryEntry
from tongdao.foundation.tenancy import merchant_scope


def test_a_token_leads_to_its_merchant_and_row() -> None:
    merchant, id, name = uuid7(), uuid7(), token()
    directory.register("link", name, merchant, id)
    assert directory.lookup("link", name) == Found(merchant, id)
    assert directory.lookup("link", name + "x") is None
    assert directory.lookup("storefront", name) is None, "each kind has its own"


def test_a_taken_token_is_refused_and_the_scope_goes_on() -> None:
    name = token()
    directory.register("link", name, uuid7(), uuid7())
    with merchant_scope(uuid7()):
        with pytest.raises(NameTaken) as refused:
            directory.register("link", name, uuid7(), uuid7())
        directory.register("link", name + "x", uuid7(), uuid7())
    assert refused.value.details == {"kind": "link"}
    assert directory.lookup("link", name + "x")


@pytest.mark.parametrize("schedule", [[], [1] * 9, [0, 1] * 9, [0, 0, 1, 1, 0] * 4])
def test_of_two_merchants_at_once_one_gets_it(schedule: list[int]) -> None:
    name, merchants = token(), [uuid7(), uuid7()]

    def take(number: int) -> str:
        with merchant_scope(merchants[number]):
            directory.register("storefront", name, merchants[number], merchants[number])
            return "taken"

    with superuser() as observer:
        told = in_turns([lambda: take(0), lambda: take(1)], schedule, observer)
    won = [number for number, one in enumerate(told.outcomes) if one.ok]
    assert [type(one.error) for one in told.outcomes if not one.ok] == [NameTaken], told
    assert directory.lookup("storefront", name) == Found(merchants[won[0]], merchants[won[0]])


def test_what_was_rolled_back_is_free() -> None:
    name = token()
    with pytest.raises(ZeroDivisionError), merchant_scope(uuid7()):
        directory.register("link", name, uuid7(), uuid7())
        raise ZeroDivisionError
    directory.register("link", name, uuid7(), uuid7())


def test_an_entry_carries_nothing_but_the_way() -> None:
    columns = {field.column for field in DirectoryEntry._meta.local_fields}
    assert columns == {"id", "kind", "token", "merchant_id", "target_id"}
