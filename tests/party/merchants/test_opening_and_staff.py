"""A merchant opens, and who works there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections

from tests.support.builders import Shop, make_shop
from tongdao.foundation import directory
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.directory import NameTaken
from tongdao.foundation.events import Event
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.party.members.operations import ensure_member
from tongdao.party.merchants.models import Role, StaffMember
from tongdao.party.merchants.operations import add_staff, change_role, open_merchant, remove_staff
from tongdao.party.merchants.permissions import MATRIX, require, role_of
from tongdao.party.merchants.refusals import AlreadyStaff, LastOwner, SlugInvalid
from tongdao.party.network.operations import AlreadyPromoter, join_promoter, leave_promoter, own_node
from tongdao.party.people.operations import create_guest


def owner_row(shop: Shop) -> StaffMember:
    return StaffMember.objects.get(person_id=shop.owner_id)


def test_opening_makes_a_storefront_and_an_owner_who_finds_it() -> None:
    shop = make_shop()
    found = directory.lookup("storefront", shop.slug)
    assert found == (shop.merchant_id, shop.storefront_id)
    with person_scope(shop.owner_id):
        assert StaffMember.objects.get().merchant_id == shop.merchant_id
    with merchant_scope(shop.merchant_id):
        assert role_of(shop.owner_id) == Role.OWNER
        assert Event.objects.filter(name="merchant.opened").count() == 1


@pytest.mark.parametrize(
    "slug", ["", "ab", "A-shop", "1shop", "shop-", "sh--op", "shop/x", "店铺", "s" * 41, "a b"]
)
def test_a_path_that_is_none_is_refused(slug: str) -> None:
    with pytest.raises(SlugInvalid):
        open_merchant(name="x", slug=slug, owner_id=uuid7(), actor=SYSTEM)


def test_of_two_who_want_one_path_one_gets_it_and_the_other_leaves_nothing() -> None:
    slug = f"shop-{token(12)}"

    def attempt(owner: UUID) -> str:
        try:
            open_merchant(name="茶", slug=slug, owner_id=owner, actor=Actor("person", owner))
        except NameTaken:
            return "taken"
        finally:
            connections.close_all()
        return "opened"

    owners = [create_guest().id for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(attempt, owners))
    assert sorted(outcomes) == ["opened", "taken", "taken"]
    for owner, outcome in zip(owners, outcomes, strict=True):
        with person_scope(owner):
            assert StaffMember.objects.count() == (outcome == "opened")


def test_the_matrix_gives_each_role_what_it_needs_and_no_more() -> None:
    shop = make_shop()
    for role in Role:
        person = create_guest().id
        with merchant_scope(shop.merchant_id):
            add_staff(person, role, actor=shop.owner)
            for permission in MATRIX[Role.OWNER]:
                if permission in MATRIX[role]:
                    assert require(person, permission).role == role
                else:
                    with pytest.raises(NotAllowed):
                        require(person, permission)


def test_a_stranger_and_one_who_left_may_nothing() -> None:
    shop = make_shop()
    person = create_guest().id
    with merchant_scope(shop.merchant_id):
        row = add_staff(person, Role.OPERATIONS, actor=shop.owner)
        with pytest.raises(AlreadyStaff):
            add_staff(person, Role.FINANCE, actor=shop.owner)
        remove_staff(row.id, actor=shop.owner)
        for someone in (person, create_guest().id):
            with pytest.raises(NotAllowed):
                require(someone, "orders.read")
        add_staff(person, Role.SERVICE, actor=shop.owner)
        assert role_of(person) == Role.SERVICE


def test_the_last_owner_stays() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        row = owner_row(shop)
        with pytest.raises(LastOwner):
            remove_staff(row.id, actor=shop.owner)
        with pytest.raises(LastOwner):
            change_role(row.id, Role.FINANCE, actor=shop.owner)
        with pytest.raises(NotFound):
            remove_staff(uuid7(), actor=shop.owner)


def test_two_owners_cannot_both_leave_at_once() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        second = add_staff(create_guest().id, Role.OWNER, actor=shop.owner)
        rows = [owner_row(shop).id, second.id]

    def leave(staff_id: UUID) -> str:
        try:
            with merchant_scope(shop.merchant_id):
                remove_staff(staff_id, actor=shop.owner)
        except LastOwner:
            return "stays"
        finally:
            connections.close_all()
        return "left"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, rows)) == ["left", "stays"]


def test_one_node_and_one_member_however_many_ask_at_once() -> None:
    shop, person = make_shop(), create_guest().id

    def ask(_: int) -> tuple[UUID, UUID]:
        try:
            with merchant_scope(shop.merchant_id):
                return own_node().id, ensure_member(person).id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(4)))) == 1
    with merchant_scope(shop.merchant_id):
        assert Event.objects.filter(name="member.joined").count() == 1


def test_a_promoter_joins_once_leaves_freely_and_may_come_back() -> None:
    shop, person = make_shop(), create_guest().id
    with merchant_scope(shop.merchant_id):
        first = join_promoter(person, shown_name="小禾", actor=shop.owner)
        with pytest.raises(AlreadyPromoter):
            join_promoter(person, shown_name="小禾", actor=shop.owner)
        leave_promoter(first.id, actor=shop.owner)
        leave_promoter(first.id, actor=shop.owner)
        assert join_promoter(person, shown_name="小禾", actor=shop.owner).id != first.id
        assert Event.objects.filter(name="promoter.left").count() == 1
