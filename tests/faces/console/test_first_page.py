"""A role of the merchant's own begins where it may: without orders, on the first page that it does see."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.faces.console.support import PASSWORD, Desk, make_desk
from tests.support.people import an_email
from tests.support.signing import at_desk
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role, SuspensionReason
from tongdao.party.merchants.operations import add_staff, create_role, suspend_merchant
from tongdao.party.merchants.permissions import Permission
from tongdao.party.people.operations import register_person


def hired(desk: Desk, *permissions: Permission) -> Client:
    name = an_email()
    person = register_person(sign_in_name=name, password=PASSWORD, shown_name="小周")
    with merchant_scope(desk.shop.merchant_id):
        role = create_role("只管一件事", list(permissions), actor=desk.shop.owner)
        add_staff(person.id, role, actor=desk.shop.owner)
    browser = Client()
    assert browser.login(username=name, password=PASSWORD)
    return at_desk(browser)


@pytest.mark.parametrize(
    ("permission", "page"),
    [
        ("goods.read", "products"),
        ("staff.manage", "staff"),
        ("money.read", "money"),
        ("reviews.read", "reviews"),
    ],
)
def test_it_lands_where_it_may(permission: Permission, page: str) -> None:
    desk = make_desk()
    answer = hired(desk, permission).get(desk.url("home"), follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain == [(desk.url(page), 302)]


def test_other_pages_stay_shut() -> None:
    desk = make_desk()
    browser = hired(desk, "goods.read")
    assert browser.get(desk.url("orders")).status_code == 403
    assert browser.post(desk.url("home")).status_code in (403, 405)


def test_everybody_reads_that_the_platform_stopped_it() -> None:
    desk = make_desk()
    with merchant_scope(desk.shop.merchant_id):
        suspend_merchant(
            SuspensionReason.FRAUD, actor=Actor("operator", uuid7()), why="for a test of the first page"
        )
    for role in (Role.OWNER, Role.SERVICE, Role.READ_ONLY):
        page = desk.client(role).get(desk.url("home")).content.decode()
        assert "平台已暂停" in page and "欺诈或刷单" in page
    assert "平台已暂停" in desk.client().get(desk.url("changes")).content.decode()
