"""Freight is a pure function: what holds for every template and every cart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdao.foundation.money import Fen
from tongdao.terms.agreements.freight import FreightItem, FreightQuote, FreightTerms, Rule, Template, freight

pytestmark = pytest.mark.pure
unhurried = settings(deadline=None)  # time is not what is tested
HANGZHOU, WEST_LAKE, BEIJING, URUMQI = "3301", "330106", "110105", "650102"
CODES = (WEST_LAKE, BEIJING, URUMQI, "810000", "441900")
PREFIXES = ("33", HANGZHOU, WEST_LAKE, "11", "65", "4419")

fens = st.integers(0, 5_000).map(Fen)
rules = st.builds(
    Rule,
    first_g=st.integers(1, 3_000),
    first_fee_fen=fens,
    step_g=st.integers(1, 2_000),
    step_fee_fen=fens,
    free_from_fen=st.none() | st.integers(1, 50_000).map(Fen),
    not_served=st.booleans(),
)
templates = st.builds(
    Template,
    template_id=st.uuids(),
    name=st.just("t"),
    version=st.integers(1, 9),
    volume_divisor=st.sampled_from((0, 1_000, 5_000, 6_000)),
    parcel_most_g=st.none() | st.integers(1, 20_000),
    regions=st.dictionaries(st.sampled_from(PREFIXES), rules, max_size=4),
    elsewhere=st.none() | rules,
)
items = st.builds(
    FreightItem,
    sku_id=st.integers(1, 6).map(lambda number: UUID(int=number)),
    product_id=st.integers(1, 3).map(lambda number: UUID(int=number)),
    quantity=st.integers(1, 40),
    weight_g=st.integers(0, 4_000),
    volume_cm3=st.integers(0, 30_000),
    goods_fen=st.integers(0, 20_000),
    requires_shipping=st.booleans(),
)
carts = st.lists(items, max_size=6, unique_by=lambda item: item.sku_id)


def _numbered(default: Template | None, assigned: dict[UUID, Template]) -> FreightTerms:
    """Each template with an id of its own."""
    own = {
        product: replace(template, template_id=UUID(int=number))
        for number, (product, template) in enumerate(assigned.items(), 1)
    }
    return FreightTerms(default and replace(default, template_id=UUID(int=0)), own)


numbers = st.integers(1, 3).map(lambda number: UUID(int=number))
terms = st.builds(_numbered, st.none() | templates, st.dictionaries(numbers, templates, max_size=2))


def served(given: FreightTerms, code: str) -> FreightTerms:
    """The same terms without a way to be free or not served."""

    def plain(rule: Rule) -> Rule:
        return replace(rule, not_served=False, free_from_fen=None)

    def whole(template: Template) -> Template:
        regions = {prefix: plain(rule) for prefix, rule in template.regions.items()}
        elsewhere = plain(template.elsewhere or Rule(1_000, Fen(1), 1_000, Fen(1)))
        return replace(template, regions=regions, elsewhere=elsewhere)

    default = whole(given.default) if given.default else None
    return FreightTerms(default, {key: whole(value) for key, value in given.assigned.items()})


@unhurried
@given(carts, terms, st.sampled_from(CODES))
def test_the_parcels_and_the_shares_sum_to_the_total_and_nothing_is_negative(
    cart: list[FreightItem], given: FreightTerms, code: str
) -> None:
    quote = freight(cart, code, given)
    assert quote.total_fen == sum(parcel.fee_fen * parcel.count for parcel in quote.parcels)
    assert quote.total_fen == sum(quote.by_sku.values())
    assert all(parcel.fee_fen >= 0 and parcel.count > 0 for parcel in quote.parcels)
    assert all(share >= 0 for share in quote.by_sku.values())
    assert not set(quote.unserved) & set(quote.by_sku)
    assert len(quote.version) <= 40


@unhurried
@given(st.data(), terms, st.sampled_from((*CODES, None)))
def test_the_order_of_the_items_changes_nothing(
    data: st.DataObject, given: FreightTerms, code: str | None
) -> None:
    cart = data.draw(carts)
    shuffled = data.draw(st.permutations(cart))
    assert freight(shuffled, code, given) == freight(cart, code, given)


@unhurried
@given(st.data(), terms, st.sampled_from(CODES))
def test_every_gram_and_every_unit_is_in_a_parcel(
    data: st.DataObject, given: FreightTerms, code: str
) -> None:
    cart = data.draw(carts)
    given = FreightTerms(
        given.default and replace(given.default, volume_divisor=0),
        {key: replace(template, volume_divisor=0) for key, template in given.assigned.items()},
    )
    quote = freight(cart, code, given)
    sent = [
        item
        for item in cart
        if item.requires_shipping and given.of(item.product_id) and item.sku_id not in quote.unserved
    ]
    weight = sum(item.quantity * item.weight_g for item in sent)
    assert sum(parcel.weight_g * parcel.count for parcel in quote.parcels) == weight


@unhurried
@given(carts, templates, st.sampled_from(CODES))
def test_a_parcel_is_too_heavy_only_when_a_single_unit_is(
    cart: list[FreightItem], template: Template, code: str
) -> None:
    quote = freight(cart, code, FreightTerms(template))
    heaviest = max((template.chargeable_g(item.weight_g, item.volume_cm3) for item in cart), default=0)
    for parcel in quote.parcels:
        assert template.parcel_most_g is None or parcel.weight_g <= max(template.parcel_most_g, heaviest)


@unhurried
@given(items, terms, st.sampled_from(CODES), st.integers(1, 40))
def test_more_of_the_same_never_costs_less(
    item: FreightItem, given: FreightTerms, code: str, more: int
) -> None:
    """Of one item, also in several parcels: full ones and a rest."""
    given = served(given, code)
    fewer = freight([item], code, given)
    many = freight([replace(item, quantity=item.quantity + more)], code, given)
    assert (fewer.total_fen or 0) <= (many.total_fen or 0)


@unhurried
@given(carts, terms, st.sampled_from(CODES), st.data())
def test_more_of_one_of_several_items_never_costs_less_in_one_parcel(
    cart: list[FreightItem], given: FreightTerms, code: str, data: st.DataObject
) -> None:
    given = served(given, code)
    given = FreightTerms(
        given.default and replace(given.default, parcel_most_g=None),
        {key: replace(template, parcel_most_g=None) for key, template in given.assigned.items()},
    )
    index = data.draw(st.integers(0, max(0, len(cart) - 1)))
    more = [replace(item, quantity=item.quantity + (at == index)) for at, item in enumerate(cart)]
    assert (freight(cart, code, given).total_fen or 0) <= (freight(more, code, given).total_fen or 0)


@unhurried
@given(carts, terms, st.sampled_from(CODES))
def test_what_is_told_without_an_address_is_what_every_region_served_pays(
    cart: list[FreightItem], given: FreightTerms, code: str
) -> None:
    estimate, real = freight(cart, None, given), freight(cart, code, given)
    assert estimate.version == real.version
    if estimate.total_fen is not None and not real.unserved:
        assert (estimate.total_fen, estimate.by_sku) == (real.total_fen, real.by_sku)


@unhurried
@given(carts, terms, st.sampled_from(CODES))
def test_unserved_is_exactly_what_no_rule_takes_there(
    cart: list[FreightItem], given: FreightTerms, code: str
) -> None:
    quote = freight(cart, code, given)
    sent = [(item, given.of(item.product_id)) for item in cart if item.requires_shipping]
    expected = {item.sku_id for item, used in sent if used is not None and used.rule_for(code) is None}
    assert set(quote.unserved) == expected


def one_by_one(units: list[tuple[int, int]], template: Template) -> list[int]:
    """First fit as it is explained: unit by unit, without any shortcut. Chargeable weights, sorted."""
    parcels: list[tuple[int, int]] = []
    for weight, volume in units:
        for index, (held_g, held_cm3) in enumerate(parcels):
            most = template.parcel_most_g
            together = template.chargeable_g(held_g + weight, held_cm3 + volume)
            if most is None or together <= most or (weight, volume) == (0, 0):
                parcels[index] = (held_g + weight, held_cm3 + volume)
                break
        else:
            parcels.append((weight, volume))
    return sorted(template.chargeable_g(*parcel) for parcel in parcels)


@unhurried
@given(carts, templates)
def test_packing_in_bulk_equals_first_fit_unit_by_unit(cart: list[FreightItem], template: Template) -> None:
    template = replace(template, regions={}, elsewhere=Rule(1, Fen(1), 1, Fen(1)))
    cart = [replace(item, weight_g=item.weight_g + 1, volume_cm3=item.volume_cm3 + 1) for item in cart]
    quote = freight(cart, BEIJING, FreightTerms(template))
    heaviest_first = sorted(
        (item for item in cart if item.requires_shipping),
        key=lambda item: (-template.chargeable_g(item.weight_g, item.volume_cm3), item.sku_id),
    )
    units = [(item.weight_g, item.volume_cm3) for item in heaviest_first for _ in range(item.quantity)]
    mine = sorted(parcel.weight_g for parcel in quote.parcels for _ in range(parcel.count))
    assert mine == one_by_one(units, template)


# examples that a merchant would check by hand


def item(
    number: int = 1, quantity: int = 1, weight: int = 500, volume: int = 0, goods: int = 0
) -> FreightItem:
    return FreightItem(UUID(int=number), UUID(int=number), quantity, weight, volume, goods)


def template(number: int = 1, **changes: Any) -> Template:
    near = Rule(1_000, Fen(600), 1_000, Fen(200), free_from_fen=Fen(9_900))
    far = Rule(1_000, Fen(2_000), 500, Fen(900))
    nowhere = Rule(1, Fen(0), 1, Fen(0), not_served=True)
    elsewhere = Rule(1_000, Fen(1_000), 1_000, Fen(400))
    regions = {"33": near, "65": far, "650102": nowhere}
    made = Template(UUID(int=number), "t", 1, 6_000, None, regions, elsewhere)
    return replace(made, **changes)


def quote(*cart: FreightItem, code: str | None = BEIJING, **changes: Any) -> FreightQuote:
    return freight(cart, code, FreightTerms(template(**changes)))


@pytest.mark.parametrize(
    ("grams", "fee"), [(0, 1_000), (1, 1_000), (1_000, 1_000), (1_001, 1_400), (2_000, 1_400), (2_001, 1_800)]
)
def test_the_first_weight_and_then_each_step_begun(grams: int, fee: int) -> None:
    assert quote(item(weight=grams)).total_fen == fee


def test_the_larger_of_weight_and_volume_counts() -> None:
    assert quote(item(weight=500, volume=12_000)).parcels[0].weight_g == 2_000
    assert quote(item(weight=500, volume=12_001)).parcels[0].weight_g == 2_001
    assert quote(item(weight=2_500, volume=12_000)).parcels[0].weight_g == 2_500
    assert quote(item(weight=500, volume=12_000), volume_divisor=0).parcels[0].weight_g == 500


def test_the_longest_prefix_wins() -> None:
    assert quote(item(), code="650203").total_fen == 2_000
    assert quote(item(), code=URUMQI).unserved == (UUID(int=1),)
    assert quote(item(), code=WEST_LAKE).total_fen == 600
    assert quote(item(), code="810000").total_fen == 1_000
    assert quote(item(), code="810000", elsewhere=None).unserved == (UUID(int=1),)


@pytest.mark.parametrize(("goods", "fee"), [(9_899, 600), (9_900, 0), (10_000, 0)])
def test_enough_goods_go_free(goods: int, fee: int) -> None:
    both = [item(1, goods=goods - 100), item(2, goods=100)]
    found = freight(both, WEST_LAKE, FreightTerms(template()))
    assert found.total_fen == fee
    assert found.parcel_count == 1


def test_only_goods_of_the_same_template_count_towards_going_free() -> None:
    other = template(2)
    both = [item(1, goods=9_000), item(2, goods=9_000)]
    found = freight(both, WEST_LAKE, FreightTerms(template(), {UUID(int=2): other}))
    assert found.total_fen == 1_200
    assert found.by_sku == {UUID(int=1): 600, UUID(int=2): 600}


def test_a_heavy_consignment_goes_in_several_parcels() -> None:
    found = quote(item(1, quantity=5, weight=1_200), item(2, quantity=3, weight=500), parcel_most_g=3_000)
    assert [(parcel.weight_g, parcel.count) for parcel in found.parcels] == [(2_900, 2), (1_700, 1)]
    assert found.total_fen == 2 * 1_800 + 1_400
    assert found.parcel_count == 3


def test_a_unit_too_heavy_for_a_parcel_goes_alone() -> None:
    found = quote(item(1, quantity=2, weight=5_000), item(2, weight=400), parcel_most_g=3_000)
    assert sorted((parcel.weight_g, parcel.count) for parcel in found.parcels) == [(400, 1), (5_000, 2)]


def test_what_needs_no_shipping_and_what_has_no_template_goes_free() -> None:
    voucher = replace(item(), requires_shipping=False)
    assert quote(voucher).total_fen == 0
    found = freight([item()], BEIJING, FreightTerms())
    assert (found.total_fen, found.parcels, found.version) == (0, (), "freight:none")


def test_without_an_address_only_what_is_the_same_everywhere_is_told() -> None:
    assert quote(item(), code=None).total_fen is None
    assert quote(item(), code=None, regions={}).total_fen == 1_000
    assert freight([item()], None, FreightTerms()).total_fen == 0


def test_another_version_of_the_template_is_another_version_of_the_quote() -> None:
    assert quote(item()).version != quote(item(), version=2).version
    assert quote(item()).version == quote(item(quantity=3)).version


def test_an_absurd_template_and_ten_thousand_parcels_still_fit_the_database() -> None:
    dear = Rule(1, Fen(10_000_000), 1, Fen(10_000_000))
    cart = [item(number, quantity=999, weight=10_000_000) for number in range(1, 101)]
    found = quote(*cart, regions={}, elsewhere=dear, parcel_most_g=1)
    assert found.parcel_count == 99_900
    assert found.total_fen == 99_900 * 100_000_000
