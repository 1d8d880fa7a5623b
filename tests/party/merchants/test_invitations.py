"""Invitations: a link that works once, for a while, and while its sender could still give the role."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.party.merchants.support import hire, make_role, overlapping
from tests.support.builders import Shop, make_shop
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Event
from tongdao.foundation.models import DirectoryEntry
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role, StaffInvitation, StaffMember
from tongdao.party.merchants.operations import (
    accept_invitation,
    archive_role,
    find_invitation,
    invite_staff,
    open_invitation,
    remove_staff,
    revoke_invitation,
)
from tongdao.party.merchants.operations.invitations import LASTS, ForWhomMissing, Invited
from tongdao.party.merchants.permissions import rights_of, role_of
from tongdao.party.merchants.refusals import AboveOwnRights, AlreadyStaff, InvitationGone, RoleInUse
from tongdao.party.people.operations import create_guest


def a_person() -> Actor:
    return Actor("person", create_guest().id)


def invite(shop: Shop, role: Role = Role.SERVICE) -> Invited:
    with merchant_scope(shop.merchant_id):
        return invite_staff(role, "小周", actor=shop.owner)


def test_who_accepts_works_there_in_that_role() -> None:
    shop, person = make_shop(), a_person()
    invited = invite(shop)
    assert find_invitation(invited.token) == (shop.merchant_id, invited.invitation.id)
    with merchant_scope(shop.merchant_id):
        accept_invitation(invited.invitation.id, actor=person)
        assert person.id and role_of(person.id) == Role.SERVICE
        row = StaffInvitation.objects.get()
        assert (row.state, row.accepted_by) == ("accepted", person.id)
        names = list(Event.objects.order_by("seq").values_list("name", flat=True))
    assert names[-3:] == ["staff.invited", "staff.added", "invitation.accepted"]


def test_the_token_is_kept_nowhere() -> None:
    shop = make_shop()
    invited = invite(shop)
    assert len(invited.token) >= 32
    kept = DirectoryEntry.objects.filter(kind="invitation", target_id=invited.invitation.id).get().token
    assert invited.token not in kept
    with merchant_scope(shop.merchant_id):
        columns = StaffInvitation.objects.values().get()
        assert invited.token not in str(columns) and columns["for_whom"] != ""


def test_a_link_works_once() -> None:
    shop = make_shop()
    id = invite(shop).invitation.id
    with merchant_scope(shop.merchant_id):
        accept_invitation(id, actor=a_person())
        for attempt in (lambda: accept_invitation(id, actor=a_person()), lambda: open_invitation(id)):
            with pytest.raises(InvitationGone):
                attempt()
        with pytest.raises(InvitationGone):
            revoke_invitation(id, actor=shop.owner)


def test_of_two_who_accept_at_once_one_joins() -> None:
    shop, one, other = make_shop(), a_person(), a_person()
    id = invite(shop).invitation.id
    told = overlapping(
        shop.merchant_id,
        lambda: accept_invitation(id, actor=one),
        lambda: accept_invitation(id, actor=other),
    )
    assert told == ["done", "invitation_gone"]
    with merchant_scope(shop.merchant_id):
        assert StaffMember.objects.filter(role=Role.SERVICE).get().person_id == one.id


def test_it_ends_by_itself() -> None:
    shop = make_shop()
    id = invite(shop).invitation.id
    with clock.shifted(LASTS - timedelta(minutes=1)), merchant_scope(shop.merchant_id):
        open_invitation(id)
    with clock.shifted(LASTS), merchant_scope(shop.merchant_id), pytest.raises(InvitationGone):
        accept_invitation(id, actor=a_person())


def test_what_was_taken_back_is_gone() -> None:
    shop = make_shop()
    id = invite(shop).invitation.id
    with merchant_scope(shop.merchant_id):
        revoke_invitation(id, actor=shop.owner)
        with pytest.raises(InvitationGone):
            accept_invitation(id, actor=a_person())


@pytest.mark.parametrize("end", ["left", "less"])
def test_it_is_worth_no_more_than_its_sender(end: str) -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        second = hire(shop, Role.OWNER)
        id = invite_staff(Role.FINANCE, "小周", actor=second).invitation.id
        row = StaffMember.objects.get(person_id=second.id)
        if end == "left":
            remove_staff(row.id, actor=shop.owner)
        else:
            StaffMember.objects.filter(pk=row.id).update(role="", custom=make_role(shop, "staff.manage"))
        with pytest.raises(InvitationGone):
            accept_invitation(id, actor=a_person())


def test_nobody_invites_above_their_own_rights() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        role = make_role(shop, "staff.manage", "orders.read")
        manager = hire(shop, role)
        for wanted in (Role.OWNER, Role.FINANCE, Role.READ_ONLY):
            with pytest.raises(AboveOwnRights):
                invite_staff(wanted, "小周", actor=manager)
        mine = invite_staff(role, "小周", actor=manager).invitation
        with pytest.raises(AboveOwnRights):
            revoke_invitation(
                invite_staff(Role.FINANCE, "阿财", actor=shop.owner).invitation.id, actor=manager
            )
        person = a_person()
        accept_invitation(mine.id, actor=person)
        found = rights_of(person.id) if person.id else None
        assert found and found.custom_id == role.id


def test_a_role_that_somebody_is_invited_to_is_not_archived() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        role = make_role(shop, "orders.read")
        id = invite_staff(role, "小周", actor=shop.owner).invitation.id
        with pytest.raises(RoleInUse):
            archive_role(role.id, actor=shop.owner)
        revoke_invitation(id, actor=shop.owner)
        archive_role(role.id, actor=shop.owner)


def test_who_works_there_already_leaves_the_link_to_another() -> None:
    shop = make_shop()
    id = invite(shop).invitation.id
    with pytest.raises(AlreadyStaff), merchant_scope(shop.merchant_id):
        accept_invitation(id, actor=shop.owner)
    with merchant_scope(shop.merchant_id):
        accept_invitation(id, actor=a_person())


@pytest.mark.parametrize("secret", ["", "x" * 32, "x" * 100_000, "\0", "\ud800"])
def test_what_is_no_token_leads_nowhere(secret: str) -> None:
    with pytest.raises(InvitationGone):
        find_invitation(secret)


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_an_invitation_is_for_somebody(name: str) -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id), pytest.raises(ForWhomMissing):
        invite_staff(Role.SERVICE, name, actor=shop.owner)
