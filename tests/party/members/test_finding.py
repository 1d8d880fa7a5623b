"""Members by what is shown of them: the end of their number, their number, their masked name."""

from __future__ import annotations

from importlib import import_module
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connections

from tests.support.builders import Shop, make_shop
from tests.support.people import PASSWORD, a_phone, a_proof, an_email, with_number
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.members.finding import mask_typed, members_among, persons_by_name, persons_by_sign_in
from tongdao.party.members.operations import ensure_member
from tongdao.party.people.accounts import bind_number
from tongdao.party.people.models import CodePurpose, Identity, Person
from tongdao.party.people.operations import register_person


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def join(shop: Shop, person: Person) -> UUID:
    with merchant_scope(shop.merchant_id):
        return ensure_member(person.pk).id


def named(name: str, sign_in_name: str = "") -> Person:
    return register_person(sign_in_name=sign_in_name or an_email(), password=PASSWORD, shown_name=name)


def by_sign_in(shop: Shop, typed: str) -> list[UUID]:
    with merchant_scope(shop.merchant_id):
        return [row.id for row in members_among(persons_by_sign_in(typed), limit=10)]


def by_name(shop: Shop, typed: str) -> list[UUID]:
    with merchant_scope(shop.merchant_id):
        return [row.id for row in members_among(persons_by_name(typed), limit=10)]


def test_the_end_of_a_number_however_it_came(shop: Shop) -> None:
    proven, phone = with_number()
    stated, bound = named("秦思远", f"{a_phone()[:-4]}{phone[-4:]}"), named("周")
    bind_number(bound.pk, a_proof(f"{a_phone()[:-4]}{phone[-4:]}", CodePurpose.NUMBER))
    found = [join(shop, person) for person in (proven, stated, bound)]
    assert by_sign_in(shop, phone[-4:]) == found[::-1]
    assert by_sign_in(shop, f" {phone[:3]} {phone[3:7]}-{phone[7:]}") == found[:1]
    for typed in (phone[-3:], phone[-5:], "", "四位数字"):
        assert by_sign_in(shop, typed) == []


def test_a_number_that_ended_finds_nobody(shop: Shop) -> None:
    person, old = with_number()
    join(shop, person)
    new = f"{a_phone()[:-4]}{(int(old[-4:]) + 1) % 10_000:04}"
    bind_number(person.pk, a_proof(new, CodePurpose.NUMBER))
    assert by_sign_in(shop, old[-4:]) == [] and len(by_sign_in(shop, new[-4:])) == 1


def test_a_name_finds_all_that_are_shown_like_it(shop: Shop) -> None:
    one, other, short, ann = (join(shop, named(name)) for name in ("秦思远", "秦大海", "秦思", "Ann"))
    for typed in ("秦思远", "秦大海", " 秦某某 ", "秦**", "秦＊＊"):
        assert by_name(shop, typed) == [other, one]
    assert by_name(shop, "秦*") == [short]
    assert by_name(shop, "a**") == [ann]
    for typed in ("秦", "Ann", "ann@example.cn", "*", "**", "思", ""):
        assert by_name(shop, typed) == [] and mask_typed(typed) == ""


def test_members_of_others_are_not_among_them(shop: Shop) -> None:
    person, phone = with_number()
    join(make_shop(), named("欧阳小满", f"{a_phone()[:-4]}{phone[-4:]}"))
    join(make_shop(), person)
    assert by_sign_in(shop, phone[-4:]) == by_sign_in(shop, phone) == by_name(shop, "欧阳小满") == []


def test_rows_of_before_are_filled(shop: Shop) -> None:
    person = named("司空见惯", a_phone())
    member = join(shop, person)
    Identity.objects.filter(person=person).update(tail=None)
    Person.objects.filter(pk=person.pk).update(name_mask=None)
    phone = Identity.objects.get(person=person).value or ""
    assert by_sign_in(shop, phone[-4:]) == by_name(shop, "司空见惯") == []
    fill = import_module("tongdao.party.people.migrations.0008_tails").fill
    with connections["owner"].schema_editor() as schema:
        fill(apps, schema)
    assert by_sign_in(shop, phone[-4:]) == by_name(shop, "司空见惯") == [member]
