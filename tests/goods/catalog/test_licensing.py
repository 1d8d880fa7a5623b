"""Goods that need a permit: they do not go on sale without one, and stop and start with it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.support.builders import Shop, a_request, make_shop, place_one
from tongdao.foundation import clock
from tongdao.foundation.clock import today
from tongdao.foundation.events import Event
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.operations import classify_product, set_published, set_saleable, sweep_licences
from tongdao.goods.catalog.refusals import CategoryInvalid, LicenceMissing, NumberMissing
from tongdao.party.merchants.models import Licence
from tongdao.party.merchants.operations import add_licence, withdraw_licence
from tongdao.party.merchants.operations.licences import LicenceDraft
from tongdao.party.merchants.queries import licence_alarms
from tongdao.party.merchants.refusals import LicenceInvalid, LicenceKnown
from tongdao.rulebook.licences import CATEGORIES, KINDS
from tongdao.trade.orders.refusals import NotSaleable

TODAY = today()
DAY = timedelta(days=1)


def license_shop(
    shop: Shop, *, begins: date = TODAY - DAY, ends: date | None = None, kind: str = "food_business"
) -> Licence:
    with merchant_scope(shop.merchant_id):
        return add_licence(LicenceDraft(kind, f"JY{token(12)}", "山间茶舍", begins, ends), actor=shop.owner)


def classify(shop: Shop, category: str = "food", number: str = "") -> Product:
    with merchant_scope(shop.merchant_id):
        product = Product.objects.get()
        return classify_product(product.id, category=category, registration_no=number, actor=shop.owner)


def sku(shop: Shop) -> Sku:
    with merchant_scope(shop.merchant_id):
        return Sku.objects.get()


def told(shop: Shop) -> list[str]:
    with merchant_scope(shop.merchant_id):
        rows = Event.objects.filter(name__startswith="sku.").exclude(name="sku.priced").order_by("seq")
        return list(rows.values_list("name", flat=True))


def test_what_needs_a_licence_is_held_back_at_once_and_buyers_are_told() -> None:
    shop = make_shop()
    wish = a_request(shop)
    classify(shop)
    assert (sku(shop).saleable, sku(shop).held_for) == (False, "no_licence")
    with pytest.raises(NotSaleable):
        place_one(wish, shop)
    assert told(shop) == ["sku.held"]


def test_it_does_not_go_live_without_one() -> None:
    shop = make_shop()
    product = classify(shop)
    with merchant_scope(shop.merchant_id):
        set_published(product.id, False, actor=shop.owner)
        for attempt in (
            lambda: set_published(product.id, True, actor=shop.owner),
            lambda: set_saleable(shop.skus[0], True, actor=shop.owner),
        ):
            with pytest.raises(LicenceMissing):
                attempt()
    license_shop(shop)
    with merchant_scope(shop.merchant_id):
        set_published(product.id, True, actor=shop.owner)
        set_saleable(shop.skus[0], True, actor=shop.owner)
    assert (sku(shop).saleable, sku(shop).held_for) == (True, "")
    place_one(a_request(shop), shop)


def test_not_even_a_row_written_past_the_operations_goes_live() -> None:
    """As an import does it: the database holds it back."""
    shop = make_shop()
    product = classify(shop)
    with merchant_scope(shop.merchant_id):
        Sku.objects.filter(pk=shop.skus[0]).update(saleable=True)
        new = Sku.objects.create(product=product, position=2, option_key="2", currency="CNY", price_fen=1)
        rows = list(Sku.objects.values_list("saleable", "held_for"))
        assert rows == [(False, "no_licence")] * 2 and new.saleable
    license_shop(shop)
    with merchant_scope(shop.merchant_id):
        Sku.objects.filter(pk=new.id).update(saleable=True)
        assert Sku.objects.get(pk=new.id).saleable


@pytest.mark.parametrize(
    ("begins", "ends", "sold"),
    [(-9, None, True), (0, 0, True), (0, 30, True), (-9, -1, False), (1, 30, False)],
)
def test_a_licence_counts_from_its_first_to_its_last_day(begins: int, ends: int | None, sold: bool) -> None:
    shop = make_shop()
    until = None if ends is None else TODAY + ends * DAY
    license_shop(shop, begins=TODAY + begins * DAY, ends=until)
    classify(shop)
    assert sku(shop).saleable is sold


def test_another_kind_of_licence_does_not_help() -> None:
    shop = make_shop()
    license_shop(shop, kind="publication_business")
    classify(shop)
    assert sku(shop).held_for == "no_licence"


def test_when_it_ends_goods_stop_and_go_on_with_the_next_one() -> None:
    shop = make_shop()
    licence = license_shop(shop, ends=TODAY + 10 * DAY)
    classify(shop)
    sweep_licences(clock.now())
    assert sku(shop).saleable and told(shop) == []
    sweep_licences(clock.now() + 10 * DAY)  # its last day
    assert sku(shop).saleable
    sweep_licences(clock.now() + 11 * DAY)
    assert (sku(shop).saleable, sku(shop).held_for) == (False, "no_licence")
    with merchant_scope(shop.merchant_id):
        assert Licence.objects.get(pk=licence.id).due_on is None
    license_shop(shop)
    sweep_licences(clock.now())
    assert sku(shop).saleable and told(shop) == ["sku.held", "sku.resumed"]


def test_a_new_one_entered_in_time_keeps_them_on_sale() -> None:
    shop = make_shop()
    license_shop(shop, ends=TODAY + 10 * DAY)
    license_shop(shop, begins=TODAY + 5 * DAY)
    classify(shop)
    for days in (0, 5, 11, 400):
        sweep_licences(clock.now() + days * DAY)
    assert sku(shop).saleable and told(shop) == []


def test_what_is_taken_back_stops_its_goods_with_the_next_sweep() -> None:
    shop = make_shop()
    licence = license_shop(shop)
    classify(shop)
    sweep_licences(clock.now())
    with merchant_scope(shop.merchant_id):
        withdraw_licence(licence.id, actor=shop.owner)
        with pytest.raises(NotFound):
            withdraw_licence(licence.id, actor=shop.owner)
    sweep_licences(clock.now())
    assert sku(shop).held_for == "no_licence"


def test_what_staff_had_taken_off_sale_stays_off() -> None:
    shop = make_shop((100, 200))
    with merchant_scope(shop.merchant_id):
        off, held = shop.skus
        for product in Product.objects.all():
            classify_product(product.id, category="food", registration_no="", actor=shop.owner)
        set_saleable(off, False, actor=shop.owner)  # while it is held back
    license_shop(shop)
    sweep_licences(clock.now())
    with merchant_scope(shop.merchant_id):
        assert dict(Sku.objects.values_list("id", "saleable")) == {off: False, held: True}


def test_a_neighbours_licence_is_no_licence() -> None:
    shop, other = make_shop(), make_shop()
    license_shop(other)
    classify(shop)
    sweep_licences(clock.now())
    assert sku(shop).held_for == "no_licence"


def test_some_goods_carry_a_number_of_their_own() -> None:
    shop = make_shop()
    product = classify(shop, "cosmetics")
    assert sku(shop).held_for == "no_number"
    with merchant_scope(shop.merchant_id), pytest.raises(NumberMissing):
        set_saleable(shop.skus[0], True, actor=shop.owner)
    classify(shop, "cosmetics", "国妆特字 20250001")
    assert sku(shop).saleable
    with merchant_scope(shop.merchant_id):
        assert Product.objects.get(pk=product.id).registration_no == "国妆特字20250001"


def test_of_another_kind_again_it_is_sold_again() -> None:
    shop = make_shop()
    classify(shop)
    classify(shop, "")
    assert sku(shop).saleable and told(shop) == ["sku.held", "sku.resumed"]
    with merchant_scope(shop.merchant_id):
        events = Event.objects.filter(name="product.classified").order_by("seq")
        assert [(event.old, event.new) for event in events] == [
            ({"category": "none"}, {"category": "food"}),
            ({"category": "food"}, {"category": "none"}),
        ]


def test_nonsense_is_refused() -> None:
    shop = make_shop()
    for category, number in (("weapons", ""), ("food", "x" * 65)):
        with pytest.raises(CategoryInvalid):
            classify(shop, category, number)
    with merchant_scope(shop.merchant_id), pytest.raises(NotFound):
        classify_product(uuid7(), category="food", registration_no="", actor=shop.owner)


def test_every_need_is_of_a_known_kind() -> None:
    for needs in CATEGORIES.on(TODAY).values():
        assert needs.licence in ("", *KINDS) and (needs.licence or needs.number)


@pytest.mark.parametrize(
    "draft",
    [
        LicenceDraft("driving", "1", "x", TODAY, None),
        LicenceDraft("food_business", " ", "x", TODAY, None),
        LicenceDraft("food_business", "1", "", TODAY, None),
        LicenceDraft("food_business", "1" * 65, "x", TODAY, None),
        LicenceDraft("food_business", "1", "x", TODAY, TODAY - DAY),
    ],
)
def test_what_is_no_licence_is_refused(draft: LicenceDraft) -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id), pytest.raises(LicenceInvalid):
        add_licence(draft, actor=shop.owner)


def test_a_licence_is_entered_once() -> None:
    shop = make_shop()
    draft = LicenceDraft("food_business", "JY 1350 1", "x", TODAY, None)
    with merchant_scope(shop.merchant_id):
        first = add_licence(draft, actor=shop.owner)
        with pytest.raises(LicenceKnown):
            add_licence(draft, actor=shop.owner)
        withdraw_licence(first.id, actor=shop.owner)
        add_licence(draft, actor=shop.owner)


@pytest.mark.parametrize(
    ("left", "within"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, 0), (-400, 0)],
)
def test_alarms_go_off_60_30_and_7_days_before(left: int, within: int | None) -> None:
    shop = make_shop()
    license_shop(shop, begins=TODAY - 900 * DAY, ends=TODAY + left * DAY)
    with merchant_scope(shop.merchant_id):
        found = [(alarm.days, alarm.within) for alarm in licence_alarms(TODAY)]
    assert found == ([] if within is None else [(left, within)])


def test_what_has_a_successor_rings_no_alarm() -> None:
    shop = make_shop()
    license_shop(shop, ends=TODAY + 5 * DAY)
    license_shop(shop, begins=TODAY + 4 * DAY, ends=TODAY + 900 * DAY)
    license_shop(shop, kind="drug_business", ends=TODAY + 5 * DAY)
    with merchant_scope(shop.merchant_id):
        assert [alarm.kind for alarm in licence_alarms(TODAY)] == ["drug_business"]
