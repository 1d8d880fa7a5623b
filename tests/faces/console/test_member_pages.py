"""A member's page: one human being with all accounts, what may be sent, and who else it may be."""

from __future__ import annotations

import html

import pytest

from tests.faces.console.support import Desk, make_desk, paid_order
from tests.support.people import with_number
from tongdao.faces.console.member_words import PURPOSES
from tongdao.foundation.actors import Actor
from tongdao.foundation.events.loop import run_pending
from tongdao.foundation.ids import uuid7
from tongdao.foundation.pii import mask_phone
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.members.consents import consents_of, say
from tongdao.party.members.merging import merge_persons, part_persons
from tongdao.party.members.models import Member
from tongdao.party.merchants.models import Role
from tongdao.party.people.consents import asked_now
from tongdao.party.people.merging import merges_of, propose
from tongdao.party.people.models import Person, PersonMerge


@pytest.fixture
def desk() -> Desk:
    return make_desk(stock=50)


def bought(desk: Desk, person: Person, units: int) -> None:
    paid_order(desk.shop, units, person_id=person.pk)
    while run_pending():
        continue


def page_of(desk: Desk, person: Person, name: str = "member", **query: str) -> str:
    answer = desk.client().get(url_of(desk, person, name), query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def url_of(desk: Desk, person: Person, name: str = "member") -> str:
    with merchant_scope(desk.shop.merchant_id):
        return desk.url(name, member_id=Member.objects.get(person_id=person.pk).id)


def merged(root: Person, absorbed: Person) -> PersonMerge:
    merge = propose(root.pk, absorbed.pk, reason="own_accounts", proved=True, by=root.pk)
    return merge_persons(merge.pk, actor=Actor("person", root.pk))


def test_the_page_sums_all_accounts_of_one_person(desk: Desk) -> None:
    (one, _), (two, _) = with_number(), with_number()
    bought(desk, one, 1)
    bought(desk, two, 2)
    before = page_of(desk, one)
    assert "¥128.00" in before and "¥384.00" not in before
    merge = merged(one, two)
    after = page_of(desk, one)
    assert "¥384.00" in after and url_of(desk, two) in after and "确认为同一人" in after
    part_persons(merge.pk, one.pk, actor=Actor("person", one.pk))
    parted = page_of(desk, one)
    assert "¥384.00" not in parted and "确认为同一人" not in parted


def test_what_was_agreed_to_is_shown_as_it_stands(desk: Desk) -> None:
    person, _ = with_number()
    bought(desk, person, 1)
    assert "不可以：尚未征求" in page_of(desk, person)
    actor = Actor("person", person.pk)
    with merchant_scope(desk.shop.merchant_id):
        [asked] = [state for state in consents_of(person.pk) if state.purpose == "marketing_sms"]
        say(asked.purpose, True, version=asked.version, language="zh-hans", face="shop", actor=actor)
    assert "已同意" in page_of(desk, person)
    with merchant_scope(desk.shop.merchant_id):
        say(asked.purpose, False, version="", language="zh-hans", face="shop", actor=actor)
    assert "已同意" not in page_of(desk, person) and "不同意" in page_of(desk, person)


def test_staff_proposes_and_the_person_decides(desk: Desk) -> None:
    (one, _), (two, phone) = with_number(), with_number()
    bought(desk, one, 1)
    bought(desk, two, 1)
    found = page_of(desk, one, "member_merge", q=phone)
    with merchant_scope(desk.shop.merchant_id):
        other = Member.objects.get(person_id=two.pk).id
    assert f'value="{other}"' in found and mask_phone(phone) in found
    assert f">{phone}" not in found
    here = url_of(desk, one, "member_merge")
    assert desk.client().post(here, {"other": str(other)}).status_code == 302
    [waiting] = merges_of(one.pk)
    assert (waiting.absorbed_id, waiting.done_at, waiting.merchant_id) == (
        two.pk,
        None,
        desk.shop.merchant_id,
    )
    assert "没有找到" in page_of(desk, one, "member_merge", q="13900000000")


def test_nobody_is_proposed_who_is_no_other_member(desk: Desk) -> None:
    one, phone = with_number()
    bought(desk, one, 1)
    here, browser = url_of(desk, one, "member_merge"), desk.client()
    stranger, _ = with_number()
    for wrong in ("", "x", str(uuid7()), str(stranger.pk)):
        assert browser.post(here, {"other": wrong}).status_code == 404
    itself = here.split("/")[-2]
    assert browser.post(here, {"other": itself}).status_code == 422
    assert "没有找到" in page_of(desk, one, "member_merge", q=phone)
    assert merges_of(one.pk) == []


def test_who_may_not_serve_does_not_come_here(desk: Desk) -> None:
    one, _ = with_number()
    bought(desk, one, 1)
    here = url_of(desk, one, "member_merge")
    assert here in page_of(desk, one)
    assert desk.client(Role.READ_ONLY).get(here).status_code == 403


def test_every_purpose_that_a_merchant_asks_has_words_for_staff() -> None:
    assert set(PURPOSES) == set(asked_now("merchant"))
