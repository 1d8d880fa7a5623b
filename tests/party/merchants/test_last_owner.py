"""The last owner stays, also when two owners leave in the same moment."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.party.merchants.support import hire, overlapping
from tests.support.builders import Shop, make_shop
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role, StaffMember
from tongdao.party.merchants.operations import change_role, remove_staff
from tongdao.party.merchants.refusals import LastOwner


def two_owners() -> tuple[Shop, list[UUID]]:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        hire(shop, Role.OWNER)
        return shop, list(StaffMember.objects.order_by("id").values_list("id", flat=True))


def owners_left(shop: Shop) -> int:
    with merchant_scope(shop.merchant_id):
        return StaffMember.objects.filter(role=Role.OWNER, left_at__isnull=True).count()


def remove_unlocked(staff_id: UUID) -> None:
    """As one would write it without the lock: count, then write."""
    others = StaffMember.objects.filter(role=Role.OWNER, left_at__isnull=True).exclude(pk=staff_id)
    if not others.exists():
        raise LastOwner()
    StaffMember.objects.filter(pk=staff_id).update(left_at=clock.now())


@pytest.mark.parametrize("way", ["both leave", "one leaves, one becomes a clerk"])
def test_of_two_owners_who_go_at_once_one_stays(way: str) -> None:
    shop, (one, other) = two_owners()
    go_on = remove_staff if way == "both leave" else change_role
    arguments = (other,) if way == "both leave" else (other, Role.SERVICE)
    told = overlapping(
        shop.merchant_id,
        lambda: remove_staff(one, actor=shop.owner),
        lambda: go_on(*arguments, actor=shop.owner),
    )
    assert told[0] == "done" and told[1] in ("last_owner", "not_allowed") and owners_left(shop) == 1


def test_without_the_lock_nobody_would_be_left() -> None:
    """The control: the same race and no lock."""
    shop, (one, other) = two_owners()
    told = overlapping(shop.merchant_id, lambda: remove_unlocked(one), lambda: remove_unlocked(other))
    assert told == ["done", "done"] and owners_left(shop) == 0
