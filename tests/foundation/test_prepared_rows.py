"""Rows by prepared statements are those that the ORM would have made."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.db.models.signals import post_init, pre_init
from django.test import Client

from tests.support.builders import a_request, make_shop, place_one
from tests.support.people import with_number
from tongdao.faces.lists.models import SavedFilter
from tongdao.foundation import clock
from tongdao.foundation.prepared import find_prepared
from tongdao.foundation.tenancy import OutsideScope, merchant_scope
from tongdao.party.merchants.models import StaffMember
from tongdao.party.merchants.permissions import rights_of
from tongdao.party.people.models import BrowserSession, Identity
from tongdao.trade.orders.models import DeliveryAddress, Order, OrderLine


def values_of(row: models.Model) -> dict[str, object]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: bytes(one) if isinstance(one, memoryview) else one for name, one in values.items()}


def test_every_kind_of_column_comes_back_as_from_the_orm() -> None:
    shop, (person, _) = make_shop(), with_number()
    place_one(a_request(shop, person_id=person.pk), shop)
    client = Client()
    client.force_login(person, backend="tongdao.party.people.sign_in.IdentityBackend")
    with merchant_scope(shop.merchant_id):
        SavedFilter.objects.create(
            noun="orders", name="今天", owner_id=person.pk, wanted={"state": "to_ship"}, saved_at=clock.now()
        )
        for kind in (Order, OrderLine, DeliveryAddress, StaffMember, SavedFilter):
            row = kind.objects.first()
            assert row is not None
            [found] = find_prepared(kind, "merchant_id = %s and id = %s", [shop.merchant_id, row.pk])
            assert values_of(found) == values_of(row) and found == row and not found._state.adding
    for other in (Identity, BrowserSession):
        mine = other.objects.filter(person_id=person.pk).first()
        assert mine is not None
        [same] = find_prepared(other, f"{other._meta.pk.column} = %s", [mine.pk])
        assert values_of(same) == values_of(mine)


def test_no_model_has_a_constructor_or_listeners_that_its_rows_would_miss() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("tongdao.")]
    assert ours and not pre_init.receivers and not post_init.receivers
    for model in ours:
        ways = (model.__init__, model.from_db.__func__)  # type: ignore[misc]  # one way each
        assert ways == (models.Model.__init__, models.Model.from_db.__func__), model  # type: ignore[attr-defined]  # its function


def test_the_policy_holds_whatever_the_condition_says() -> None:
    mine, other = make_shop(), make_shop()
    with merchant_scope(mine.merchant_id):
        assert find_prepared(StaffMember, "merchant_id = %s", [other.merchant_id]) == []
        assert {row.merchant_id for row in find_prepared(StaffMember, "true", [])} == {mine.merchant_id}
    with pytest.raises(OutsideScope):
        rights_of(mine.owner.id)


def test_a_session_that_is_over_or_unknown_is_nobodys() -> None:
    person, _ = with_number()
    client = Client()
    client.force_login(person, backend="tongdao.party.people.sign_in.IdentityBackend")
    kind = type(client.session)
    key = client.session.session_key
    BrowserSession.objects.filter(pk=key).update(expire_date=clock.now())
    for wanted in (key, "x" * 32, "x" * 16 + "\x00" * 16):
        session = kind(wanted)
        assert session.get("_auth_user_id") is None and session.session_key is None
