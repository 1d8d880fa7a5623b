"""The three scopes: one transaction each, not nestable, gone when they end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection, transaction

from tests.tenancy.planting import make
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import (
    OutsideScope,
    ScopeNested,
    assert_outside_scope,
    current_merchant,
    current_scope,
    merchant_scope,
    node_scope,
    on_commit,
    person_scope,
)
from tongdao.party.members.models import Member

Opener = Callable[[], AbstractContextManager[Any]]
SCOPES: list[Any] = [
    pytest.param(lambda: merchant_scope(uuid7()), id="merchant"),
    pytest.param(lambda: person_scope(uuid7()), id="person"),
    pytest.param(lambda: node_scope(uuid7(), uuid7()), id="node"),
]
SETTINGS = (
    "select current_setting('tongdao.' || name, true) from unnest(array['merchant', 'person', 'node']) name"
)


def settings() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        return [row[0] or "" for row in cursor.fetchall()]


@pytest.mark.parametrize("inner", SCOPES)
@pytest.mark.parametrize("outer", SCOPES)
def test_scopes_do_not_nest(outer: Opener, inner: Opener) -> None:
    with outer() as scope:
        with pytest.raises(ScopeNested), inner():
            raise AssertionError("it opened")
        assert current_scope() is scope, "the outer one is as it was"


@pytest.mark.parametrize("opener", SCOPES)
def test_no_scope_opens_inside_a_transaction(opener: Opener) -> None:
    """Its variable would end with the savepoint, not with the scope."""
    with pytest.raises(RuntimeError), transaction.atomic(), opener():
        raise AssertionError("it opened")


@pytest.mark.parametrize("opener", SCOPES)
def test_the_database_knows_the_scope_for_as_long_as_it_is_open(opener: Opener) -> None:
    with opener() as scope:
        wanted = [str(value) if value else "" for value in (scope.merchant, scope.person, scope.node)]
        assert settings() == wanted
    assert settings() == ["", "", ""]
    assert current_scope() is None


@pytest.mark.parametrize("opener", SCOPES)
def test_an_exception_closes_it_too(opener: Opener) -> None:
    with pytest.raises(ZeroDivisionError), opener():
        raise ZeroDivisionError
    assert settings() == ["", "", ""]
    assert current_scope() is None
    assert not connection.in_atomic_block


@pytest.mark.parametrize("opener", SCOPES)
def test_whoever_calls_outside_is_stopped_inside(opener: Opener) -> None:
    assert_outside_scope()
    with opener(), pytest.raises(ScopeNested):
        assert_outside_scope()
    assert_outside_scope()


def test_only_a_merchants_scope_has_a_merchant() -> None:
    merchant = uuid7()
    with merchant_scope(merchant):
        assert current_merchant() == merchant
    with node_scope(merchant, uuid7()):
        assert current_merchant() == merchant
    with person_scope(uuid7()), pytest.raises(OutsideScope):
        current_merchant()
    with pytest.raises(OutsideScope):
        current_merchant()


def test_all_or_nothing_is_written() -> None:
    merchant = uuid7()
    with pytest.raises(ZeroDivisionError), merchant_scope(merchant):
        make(Member)
        raise ZeroDivisionError
    with merchant_scope(merchant):
        assert not Member.objects.exists()


def test_effects_come_after_the_commit_and_outside_the_scope() -> None:
    merchant, seen = uuid7(), []

    def effect() -> None:
        assert_outside_scope()
        with merchant_scope(merchant):
            seen.append(Member.objects.count())

    with merchant_scope(merchant):
        make(Member)
        on_commit(effect)
        assert seen == []
    assert seen == [1]


def test_effects_of_what_was_rolled_back_do_not_come() -> None:
    seen: list[int] = []
    with pytest.raises(ZeroDivisionError), merchant_scope(uuid7()):
        on_commit(lambda: seen.append(1))
        raise ZeroDivisionError
    assert seen == []
