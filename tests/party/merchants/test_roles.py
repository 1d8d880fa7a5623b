"""Roles of the merchant's own: a row of the matrix, and never above the rights of who gives it."""

from __future__ import annotations

import pytest

from tests.party.merchants.support import hire, make_role
from tests.support.builders import make_shop
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotAllowed, NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import KeptText, Role, StaffMember, StaffRole
from tongdao.party.merchants.operations import (
    add_staff,
    archive_role,
    change_role,
    create_role,
    edit_role,
    remove_staff,
    role_named,
)
from tongdao.party.merchants.permissions import IMPLIES, MATRIX, PERMISSIONS, require, rights_of, with_implied
from tongdao.party.merchants.refusals import AboveOwnRights, RoleInUse, RoleInvalid, RoleNameTaken
from tongdao.party.people.operations import create_guest


def row_of(actor: Actor) -> StaffMember:
    return StaffMember.objects.get(person_id=actor.id, left_at__isnull=True)


def test_the_owner_may_everything_that_there_is() -> None:
    assert MATRIX[Role.OWNER] == set(PERMISSIONS)
    assert all(rights < MATRIX[Role.OWNER] for role, rights in MATRIX.items() if role != Role.OWNER)


def test_who_may_act_may_see_what_it_acts_on() -> None:
    assert with_implied(IMPLIES) == set(IMPLIES) | set(IMPLIES.values())
    assert all(with_implied(rights) == rights for rights in MATRIX.values())


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_role_allows_what_it_names_and_nothing_else(permission: str) -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        clerk = hire(shop, make_role(shop, permission))
        assert clerk.id
        for each in PERMISSIONS:
            if each in with_implied([permission]):
                assert require(clerk.id, each).label == "店长"
            else:
                with pytest.raises(NotAllowed):
                    require(clerk.id, each)


def test_what_a_role_allows_changes_for_who_has_it_and_the_log_says_from_what_to_what() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        role = make_role(shop, "orders.read")
        clerk = hire(shop, role)
        assert clerk.id
        edit_role(role.id, "  仓 库  ", ["orders.ship", "orders.read"], actor=shop.owner)
        found = rights_of(clerk.id)
        assert found and (found.permissions, found.label) == ({"orders.read", "orders.ship"}, "仓 库")
        event = Event.objects.get(name="staff_role.edited")
        assert event.old and event.new
        assert event.old["permissions"] == ["orders.read"]
        assert event.new["permissions"] == ["orders.read", "orders.ship"]
        texts = [KeptText.objects.get(pk=side["label_id"]).text for side in (event.old, event.new)]
        assert texts == ["店长", "仓 库"]


def test_a_permission_that_is_no_more_is_nobodys() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        role = make_role(shop, "orders.read")
        StaffRole.objects.filter(pk=role.id).update(permissions=["orders.read", "moon.sell"])
        clerk = hire(shop, role_named(role.id))
        assert clerk.id
        found = rights_of(clerk.id)
        assert found and found.permissions == {"orders.read"}


@pytest.mark.parametrize(
    ("label", "permissions"),
    [("", ["orders.read"]), ("  ", ["orders.read"]), ("x" * 41, ["orders.read"]), ("x", []), ("x", ["all"])],
)
def test_what_is_no_role_is_refused(label: str, permissions: list[str]) -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id), pytest.raises(RoleInvalid):
        create_role(label, permissions, actor=shop.owner)


def test_names_are_taken_once_and_free_again_when_archived() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        role = make_role(shop, "orders.read")
        with pytest.raises(RoleNameTaken):
            make_role(shop, "goods.read")
        archive_role(role.id, actor=shop.owner)
        with pytest.raises(NotFound):
            role_named(role.id)
        assert make_role(shop, "goods.read").id != role.id


def test_a_role_that_somebody_has_is_not_archived() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        role = make_role(shop, "orders.read")
        clerk = hire(shop, role)
        with pytest.raises(RoleInUse):
            archive_role(role.id, actor=shop.owner)
        change_role(row_of(clerk).id, Role.SERVICE, actor=shop.owner)
        archive_role(role.id, actor=shop.owner)


def test_nobody_gives_more_than_they_have() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        manager = hire(shop, make_role(shop, "staff.manage", "orders.read", "goods.read"))
        other = make_role(shop, "orders.read", "money.read", label="出纳")
        clerk, cashier = hire(shop, Role.READ_ONLY), hire(shop, other)
        small = create_role("理货", ["goods.read"], actor=manager)
        tries = [
            lambda: create_role("大", ["money.move"], actor=manager),
            lambda: edit_role(small.id, "理货", ["goods.read", "money.read"], actor=manager),
            lambda: edit_role(other.id, "出纳", ["orders.read"], actor=manager),
            lambda: archive_role(other.id, actor=manager),
            lambda: add_staff(create_guest().id, Role.OWNER, actor=manager),
            lambda: add_staff(create_guest().id, other, actor=manager),
            lambda: change_role(row_of(clerk).id, Role.FINANCE, actor=manager),
            lambda: change_role(row_of(manager).id, Role.OWNER, actor=manager),
            lambda: change_role(row_of(cashier).id, small, actor=manager),
            lambda: remove_staff(row_of(cashier).id, actor=manager),
            lambda: remove_staff(StaffMember.objects.get(role=Role.OWNER).id, actor=manager),
        ]
        refused = [_code(each) for each in tries]
        assert refused[:-1] == ["above_own_rights"] * 10 and refused[-1] in ("above_own_rights", "last_owner")
        # and what they do have, they may give
        edit_role(small.id, "理货", ["orders.read"], actor=manager)
        remove_staff(row_of(manager).id, actor=manager)


def _code(attempt: object) -> str:
    try:
        attempt()  # type: ignore[operator]  # the lambdas above
    except Refusal as refusal:
        return refusal.code
    return "done"


def test_all_permissions_do_not_make_an_owner() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        deputy = hire(shop, make_role(shop, *PERMISSIONS))
        second = hire(shop, Role.OWNER)
        for attempt in (
            lambda: add_staff(create_guest().id, Role.OWNER, actor=deputy),
            lambda: remove_staff(row_of(second).id, actor=deputy),
        ):
            with pytest.raises(AboveOwnRights):
                attempt()


def test_strangers_may_nothing_and_the_system_everything() -> None:
    shop, other = make_shop(), make_shop()
    with merchant_scope(shop.merchant_id):
        for stranger in (other.owner, Actor("person", uuid7()), Actor("staff", None)):
            with pytest.raises(NotAllowed):
                add_staff(create_guest().id, Role.READ_ONLY, actor=stranger)
        add_staff(create_guest().id, Role.OWNER, actor=SYSTEM)
