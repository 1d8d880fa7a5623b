"""Signing in to accounts that became one, marks that stay flat whoever races whom, any order of undoing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, OperationalError, connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.people import PASSWORD, a_phone, a_proof, with_number, with_password
from tests.tenancy.catalogue import superuser
from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.foundation.pii import blind_index
from tongdao.party.people.accounts import bind_number, number_of, numbers_of, open_account
from tongdao.party.people.merging import join, part, propose, same_persons
from tongdao.party.people.models import Authenticator, CodePurpose, Identity, Person
from tongdao.party.people.operations import check_sign_in, issue_token, person_of_token
from tongdao.party.people.passwords import change_password
from tongdao.party.people.refusals import (
    MergeNeedsSecondStep,
    MergeOutdated,
    SignInFailed,
    TokenInvalid,
)
from tongdao.party.people.sign_in import IdentityBackend

DAY = timedelta(days=1)


def merged(root: UUID, absorbed: UUID) -> UUID:
    merge = propose(root, absorbed, reason="own_accounts", proved=True)
    return join(merge.pk).pk


def test_both_numbers_open_the_one_account_until_it_is_undone() -> None:
    (one, phone), (two, other) = with_number(ago=DAY), with_number(ago=DAY)
    merge = merged(one.pk, two.pk)
    with clock.shifted(-DAY / 2):
        assert open_account(a_proof(other)) == open_account(a_proof(phone)) == one
    assert number_of(one.pk) == phone and numbers_of(one.pk) == [phone, other]
    part(merge, one.pk)
    assert open_account(a_proof(other)) == two and numbers_of(one.pk) == [phone]


def test_whoever_was_signed_in_to_the_other_is_out_and_stays_out() -> None:
    (one, _), (two, _) = with_number(), with_number()
    before = issue_token(two)
    merge = merged(one.pk, two.pk)
    meanwhile = issue_token(two)  # read who it was before, and came late
    for text in (before, meanwhile):
        with pytest.raises(TokenInvalid):
            person_of_token(text)
    assert IdentityBackend().get_user(two.pk) is None
    part(merge, one.pk)
    assert IdentityBackend().get_user(two.pk) == two


def test_each_name_opens_it_with_the_ones_password() -> None:
    (one, name), (two, other) = with_password(), with_password()
    change_password(two.pk, old=PASSWORD, new="another seven cups")
    merge = merged(one.pk, two.pk)
    assert check_sign_in(other, PASSWORD) == check_sign_in(name, PASSWORD) == one
    with pytest.raises(SignInFailed):
        check_sign_in(other, "another seven cups")
    part(merge, one.pk)
    assert check_sign_in(other, "another seven cups") == two


def test_without_a_password_of_the_one_the_others_is_good() -> None:
    (one, _), (two, other) = with_number(), with_password()
    merged(one.pk, two.pk)
    assert check_sign_in(other, PASSWORD) == one


def test_a_changed_number_belongs_to_the_account_whose_it_was() -> None:
    (one, _), (two, _), new = with_password(), with_number(), a_phone()
    merge = merged(one.pk, two.pk)
    bind_number(one.pk, a_proof(new, CodePurpose.NUMBER))
    assert numbers_of(one.pk) == [new]
    part(merge, one.pk)
    assert number_of(one.pk) is None and number_of(two.pk) == new


def test_nothing_gets_easier_to_break_into() -> None:
    (one, _), (two, _) = with_number(), with_number()
    Authenticator.objects.create(person=two, secret="x", confirmed_at=clock.now())
    with pytest.raises(MergeNeedsSecondStep):
        merged(one.pk, two.pk)
    merged(two.pk, one.pk)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), max_size=12))
def test_any_order_of_merging_and_undoing(steps: list[tuple[bool, int, int]]) -> None:
    """Against a model: who was merged into whom directly; the root is found by going up."""
    persons = [_named() for _ in range(5)]
    into: dict[int, tuple[int, UUID]] = {}

    def root(n: int) -> int:
        return root(into[n][0]) if n in into else n

    for merges, one, two in steps:
        if merges and one != two and one not in into and two not in into:
            into[two] = (one, merged(persons[one].pk, persons[two].pk))
        elif merges and one != two:
            with pytest.raises(MergeOutdated):
                merged(persons[one].pk, persons[two].pk)
        elif not merges and two in into:
            part(into[two][1], persons[root(two)].pk)
            del into[two]
        for n, person in enumerate(persons):
            same = {persons[m].pk for m in range(5) if root(m) == n}
            assert set(same_persons(person.pk)) == (same or {person.pk})


def _named() -> Person:
    """Quickly: who can sign in (nobody is merged into a guest)."""
    person = Person.objects.create(password="!")
    name = f"{token(12)}@example.cn"
    Identity.objects.create(person=person, kind="email", lookup=blind_index("email", name), value=name)
    return person


def at_once(*works: Callable[[], object]) -> list[object]:
    """Each on a connection of its own; what it raised, or what it returned."""
    gate = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        gate.wait()
        try:
            return work()
        except (MergeOutdated, IntegrityError, OperationalError) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def flat() -> bool:
    return not Person.objects.filter(merged_into__merged_into__isnull=False).exists()


@pytest.mark.parametrize("_", range(5))
def test_two_that_swallow_each_other_at_once(_: int) -> None:
    (one, _p), (two, _q) = with_number(), with_number()
    ways = [propose(a.pk, b.pk, reason="own_accounts", proved=True).pk for a, b in ((one, two), (two, one))]
    answers = at_once(*[partial(join, way) for way in ways])
    assert sum(isinstance(answer, MergeOutdated) for answer in answers) == 1
    assert Person.objects.filter(pk__in=[one.pk, two.pk], merged_into__isnull=False).count() == 1 and flat()


@pytest.mark.parametrize("_", range(5))
def test_a_chain_made_at_once(_: int) -> None:
    persons = [with_number()[0] for _n in range(3)]
    ways = [
        propose(persons[n].pk, persons[n + 1].pk, reason="own_accounts", proved=True).pk for n in range(2)
    ]
    answers = at_once(*[partial(join, way) for way in ways])
    done = sum(not isinstance(answer, Exception) for answer in answers)
    assert flat()
    merged_now = Person.objects.filter(pk__in=[p.pk for p in persons], merged_into__isnull=False).count()
    assert merged_now == done >= 1


def _mark(root: UUID, absorbed: UUID, met: Barrier) -> None:
    """What somebody writes who does not know of the lock: both look first, then both write."""
    with transaction.atomic():
        assert Person.objects.get(pk=root).merged_into_id is None
        met.wait()
        Person.objects.filter(pk=absorbed).update(merged_into=root)


@pytest.mark.parametrize("chain", [False, True])
def test_the_database_refuses_what_passes_by_the_lock(chain: bool) -> None:
    """The control: both have seen that the way is free. Without the trigger both would stand."""
    one, two, three = (with_number()[0].pk for _ in range(3))
    met = Barrier(2)
    second: Any = partial(_mark, two, three, met) if chain else partial(_mark, two, one, met)
    answers = at_once(partial(_mark, one, two, met), second)
    assert sum(isinstance(answer, Exception) for answer in answers) == 1, answers
    assert flat()


def test_without_the_trigger_they_would_stand_in_a_circle(cluster: Any) -> None:
    one, two = (with_number()[0].pk for _ in range(2))
    with superuser() as admin, admin.transaction(force_rollback=True):
        admin.execute("alter table person disable trigger merged_flat")
        for root, absorbed in ((one, two), (two, one)):
            admin.execute("update person set merged_into_id = %s where id = %s", [root, absorbed])
        row = admin.execute("select count(*) from person where merged_into_id = any(%s)", [[one, two]])
        assert row.fetchone() == (2,)
