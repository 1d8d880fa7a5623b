"""The life of freight templates, and what is read of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, connections

from tests.support.builders import WEST_LAKE, Shop, make_shop
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.terms.agreements.freight import FreightItem, freight
from tongdao.terms.agreements.models import FreightAssignment, FreightRule, FreightTemplate
from tongdao.terms.agreements.operations import (
    RuleDraft,
    TemplateDraft,
    archive_template,
    assign_products,
    change_template,
    create_template,
    set_default,
)
from tongdao.terms.agreements.operations.templates import MOST_TEMPLATES
from tongdao.terms.agreements.queries import read_freight
from tongdao.terms.agreements.refusals import (
    DefaultTemplateNeeded,
    NothingServed,
    RegionTwice,
    RegionUnknown,
    TemplateChanged,
    TemplateNameMissing,
    TemplateNumbersWrong,
    TooManyTemplates,
)

ELSEWHERE = RuleDraft((), first_fee_fen=1_000, step_fee_fen=400)
NEAR = RuleDraft(("330000", "3201"), first_fee_fen=600, step_fee_fen=200, free_from_fen=9_900)
DRAFT = TemplateDraft("Parcels", (NEAR, ELSEWHERE))


def product_ids() -> list[UUID]:
    return list(Product.objects.order_by("handle").values_list("id", flat=True))


def fee(product: UUID, code: str = WEST_LAKE) -> int | None:
    terms = read_freight([product])
    return freight([FreightItem(product, product, 1, 500, 0, 100)], code, terms).total_fen


def events(shop: Shop, name: str) -> list[Event]:
    return list(Event.objects.filter(name=f"freight_template.{name}").order_by("seq"))


def test_the_first_template_is_the_default_and_holds_for_all_products() -> None:
    shop = make_shop((1_000, 2_000))
    with merchant_scope(shop.merchant_id):
        assert read_freight(product_ids()).default is None
        template = create_template(DRAFT, actor=shop.owner)
        assert template.is_default
        assert [fee(product) for product in product_ids()] == [600, 600]
        assert fee(product_ids()[0], "110105") == 1_000
        (event,) = events(shop, "created")
        assert event.new and event.new["rules"][0] == [1_000, 600, 1_000, 200, 9_900, False, [3201, 33]]


def test_a_merchant_without_templates_costs_one_query_and_others_two() -> None:
    shop = make_shop()
    sent: list[str] = []

    def note(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(statement)
        return execute(statement, params, many, context)

    with merchant_scope(shop.merchant_id):
        ids = product_ids()
        with connection.execute_wrapper(note):
            read_freight(ids)
        assert len(sent) == 1
        create_template(DRAFT, actor=shop.owner)
        assign_products(create_template(DRAFT, actor=shop.owner).id, ids, actor=shop.owner)
        with connection.execute_wrapper(note):
            read_freight(ids)
    assert len(sent) == 3


def test_a_change_is_another_version_and_the_same_again_is_none() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        template = create_template(DRAFT, actor=shop.owner)
        again = change_template(template.id, DRAFT, seen_version=1, actor=shop.owner)
        assert again.version == 1
        dearer = replace(DRAFT, rules=(replace(ELSEWHERE, first_fee_fen=1_500),), parcel_most_g=20_000)
        changed = change_template(template.id, dearer, seen_version=1, actor=shop.owner)
        assert (changed.version, FreightRule.objects.count()) == (2, 1)
        assert fee(product_ids()[0]) == 1_500
        (event,) = events(shop, "changed")
        assert event.old and event.old["rules"][0][1] == 600
        assert event.new and event.new["parcel_most_g"] == 20_000
        with pytest.raises(TemplateChanged):
            change_template(template.id, DRAFT, seen_version=1, actor=shop.owner)


def test_products_are_sent_under_their_own_template_until_it_is_archived() -> None:
    shop = make_shop((1_000, 2_000))
    with merchant_scope(shop.merchant_id):
        create_template(DRAFT, actor=shop.owner)
        bulky = create_template(
            replace(DRAFT, rules=(replace(ELSEWHERE, first_fee_fen=9_000),)), actor=shop.owner
        )
        first, second = product_ids()
        assert assign_products(bulky.id, [second], actor=shop.owner) == 1
        assert assign_products(bulky.id, [second], actor=shop.owner) == 0
        assert (fee(first), fee(second)) == (600, 9_000)
        assert assign_products(None, [second], actor=shop.owner) == 1
        assert fee(second) == 600
        assign_products(bulky.id, [second], actor=shop.owner)
        archive_template(bulky.id, actor=shop.owner)
        assert fee(second) == 600
        assert len(events(shop, "assigned")) == 3
        for act in (archive_template, set_default):
            with pytest.raises(NotFound):
                act(bulky.id, actor=shop.owner)
        with pytest.raises(NotFound):
            assign_products(bulky.id, [second], actor=shop.owner)


def test_another_default_takes_over_and_the_last_one_may_go() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        old = create_template(DRAFT, actor=shop.owner)
        new = create_template(replace(DRAFT, rules=(ELSEWHERE,)), actor=shop.owner)
        with pytest.raises(DefaultTemplateNeeded):
            archive_template(old.id, actor=shop.owner)
        set_default(new.id, actor=shop.owner)
        set_default(new.id, actor=shop.owner)
        assert fee(product_ids()[0]) == 1_000
        assert len(events(shop, "made_default")) == 1
        archive_template(old.id, actor=shop.owner)
        archive_template(new.id, actor=shop.owner)
        assert fee(product_ids()[0]) == 0


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (replace(DRAFT, name="  "), TemplateNameMissing),
        (replace(DRAFT, name="x" * 81), TemplateNameMissing),
        (replace(DRAFT, rules=()), NothingServed),
        (replace(DRAFT, rules=(replace(ELSEWHERE, not_served=True),)), NothingServed),
        (replace(DRAFT, rules=(ELSEWHERE, ELSEWHERE)), RegionTwice),
        (replace(DRAFT, rules=(NEAR, RuleDraft(("33",)))), RegionTwice),
        (replace(DRAFT, rules=(RuleDraft(("330000", "33")),)), RegionTwice),
        *(
            (replace(DRAFT, rules=(RuleDraft((code,)),)), RegionUnknown)
            for code in ("", "3", "33010", "99", "3301061", "330199", "ab", "00", "3３")
        ),
        (replace(DRAFT, volume_divisor=999), TemplateNumbersWrong),
        (replace(DRAFT, volume_divisor=-1), TemplateNumbersWrong),
        (replace(DRAFT, parcel_most_g=0), TemplateNumbersWrong),
        *(
            (replace(DRAFT, rules=(wrong,)), TemplateNumbersWrong)
            for wrong in (
                replace(ELSEWHERE, first_g=0),
                replace(ELSEWHERE, step_g=0),
                replace(ELSEWHERE, first_fee_fen=-1),
                replace(ELSEWHERE, step_fee_fen=10_000_001),
                replace(ELSEWHERE, free_from_fen=0),
            )
        ),
    ],
)
def test_what_cannot_be_is_refused(draft: TemplateDraft, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        draft.checked()


def test_a_shop_has_at_most_fifty_templates() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        for _ in range(MOST_TEMPLATES):
            create_template(DRAFT, actor=shop.owner)
        with pytest.raises(TooManyTemplates):
            create_template(DRAFT, actor=shop.owner)


def test_of_two_first_templates_at_once_one_is_the_default() -> None:
    shop = make_shop()

    def create(number: int) -> bool:
        try:
            with merchant_scope(shop.merchant_id):
                return create_template(replace(DRAFT, name=str(number)), actor=shop.owner).is_default
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        defaults = list(pool.map(create, range(4)))
    assert sorted(defaults) == [False, False, False, True]


def test_no_template_and_no_product_of_a_neighbour() -> None:
    mine, theirs = make_shop(), make_shop()
    with merchant_scope(theirs.merchant_id):
        other = create_template(DRAFT, actor=theirs.owner)
        their_products = product_ids()
    with merchant_scope(mine.merchant_id):
        assert read_freight(their_products).default is None
        own = create_template(DRAFT, actor=mine.owner)
        for act in (set_default, archive_template):
            with pytest.raises(NotFound):
                act(other.id, actor=mine.owner)
        with pytest.raises(NotFound):
            assign_products(own.id, their_products, actor=mine.owner)
        with pytest.raises(NotFound):
            change_template(other.id, DRAFT, actor=mine.owner)


@pytest.mark.parametrize(
    "wrong",
    [
        "update freight_template set is_default = true",
        "update freight_template set archived_at = now()",
        "update freight_template set volume_divisor = 999",
        "update freight_template set parcel_most_g = 0",
        "update freight_template set version = 0",
        "update freight_rule set prefixes = '[]'",
        """update freight_rule set prefixes = '["3"]'""",
        "update freight_rule set prefixes = '{}'",
        "update freight_rule set first_g = 0",
        "update freight_rule set step_fee_fen = -1",
        "update freight_rule set free_from_fen = 0",
        "update freight_rule set position = 1",
        "update sku set weight_g = -1",
        "update sku set volume_cm3 = -1",
    ],
)
def test_the_database_itself_refuses_what_cannot_be(wrong: str) -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        create_template(DRAFT, actor=shop.owner)
        create_template(DRAFT, actor=shop.owner)
    with pytest.raises(IntegrityError), merchant_scope(shop.merchant_id), connection.cursor() as cursor:
        cursor.execute(wrong)


def test_a_product_has_one_template_at_most() -> None:
    shop = make_shop()
    with pytest.raises(IntegrityError), merchant_scope(shop.merchant_id):
        template = create_template(DRAFT, actor=shop.owner)
        for _ in range(2):
            FreightAssignment.objects.create(product_id=product_ids()[0], template=template)


def test_an_assignment_cannot_point_to_nothing() -> None:
    shop = make_shop()
    with pytest.raises(IntegrityError), merchant_scope(shop.merchant_id):
        template = FreightTemplate(id=uuid7(), name="x")
        FreightAssignment.objects.create(product_id=product_ids()[0], template=template)
