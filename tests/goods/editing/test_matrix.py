"""The grid of SKUs: all or nothing, cell by cell refusals, and two people at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.goods.editing.support import a_matrix, a_shop
from tests.support.builders import Shop, a_request, place_one
from tests.support.promoting import make_flash
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.operations import classify_product, set_price
from tongdao.goods.editing.cells import SkuEdit
from tongdao.goods.editing.operations.matrix import save_skus
from tongdao.goods.editing.refusals import SkusChanged, SkusInvalid
from tongdao.goods.inventory.models import Stock, StockMovement


def cups(shop: Shop) -> tuple[UUID, list[UUID]]:
    product = a_matrix(shop)
    with merchant_scope(shop.merchant_id):
        rows = Sku.objects.filter(product=product).order_by("position")
        return product.id, list(rows.values_list("id", flat=True))


def save(shop: Shop, product: UUID, *edits: SkuEdit) -> int:
    with merchant_scope(shop.merchant_id):
        return save_skus(product, edits, actor=shop.owner)


def sku(shop: Shop, id: UUID) -> Sku:
    with merchant_scope(shop.merchant_id):
        return Sku.objects.get(pk=id)


def cells(refused: Any) -> set[tuple[str, str]]:
    return {(cell["field"], cell["code"]) for cell in refused.value.details["cells"]}


def test_many_cells_at_once() -> None:
    shop = a_shop()
    product, (one, two, three, _) = cups(shop)
    changed = save(
        shop,
        product,
        SkuEdit(one, {"price_fen": 9_900, "compare_at_fen": 12_000, "on_hand": 7, "weight_g": 250}),
        SkuEdit(two, {"code": "NEW", "barcode": "690", "saleable": False, "volume_cm3": 1_000}),
        SkuEdit(three, {"price_fen": 10_000, "code": "C3"}),  # as it is
    )
    assert changed == 2
    first, second = sku(shop, one), sku(shop, two)
    assert (first.price_fen, first.compare_at_fen, first.weight_g) == (9_900, 12_000, 250)
    assert (second.code, second.barcode, second.saleable, second.volume_cm3) == ("NEW", "690", False, 1_000)
    with merchant_scope(shop.merchant_id):
        assert Stock.objects.get(sku_id=one).on_hand == 7
        assert StockMovement.objects.get(stock__sku_id=one).reason == "count"
        event = Event.objects.get(name="sku.priced", subject_id=one)
        assert (event.reason, event.old["price_fen"], event.new["price_fen"]) == ("grid", 10_000, 9_900)


def test_codes_can_be_swapped() -> None:
    shop = a_shop()
    product, (one, two, *_) = cups(shop)
    save(shop, product, SkuEdit(one, {"code": "C2"}), SkuEdit(two, {"code": "C1"}))
    assert (sku(shop, one).code, sku(shop, two).code) == ("C2", "C1")


def test_one_wrong_cell_and_nothing_is_saved() -> None:
    shop = a_shop()
    product, (one, two, three, four) = cups(shop)
    with pytest.raises(SkusInvalid) as refused:
        save(
            shop,
            product,
            SkuEdit(one, {"price_fen": 1}),
            SkuEdit(two, {"price_fen": 0, "weight_g": -1}),
            SkuEdit(three, {"on_hand": 1_000_001, "code": "x" * 121}),
            SkuEdit(four, {"compare_at_fen": 0, "colour": "red"}),
        )
    assert cells(refused) == {
        ("price_fen", "price_range"), ("weight_g", "size_range"), ("on_hand", "count_range"),
        ("code", "too_long"), ("compare_at_fen", "price_range"), ("colour", "unknown_field"),
    }  # fmt: skip
    assert sku(shop, one).price_fen == 10_000


def test_codes_are_one_skus_only() -> None:
    shop = a_shop()
    product, (one, two, three, _) = cups(shop)
    with merchant_scope(shop.merchant_id):
        Sku.objects.filter(pk=shop.skus[0]).update(code="THEIRS")
    with pytest.raises(SkusInvalid) as refused:
        save(shop, product, SkuEdit(one, {"code": "THEIRS"}), SkuEdit(two, {"code": "C3"}))
    assert cells(refused) == {("code", "code_taken"), ("code", "code_twice")}
    with merchant_scope(shop.merchant_id):
        Sku.objects.filter(pk=three).update(archived=True, saleable=False)
    save(shop, product, SkuEdit(two, {"code": "C3"}))
    assert (sku(shop, two).code, sku(shop, three).code) == ("C3", "")


def test_promises_offers_and_licences_stand() -> None:
    shop = a_shop()
    make_flash(shop, 9_000)
    with merchant_scope(shop.merchant_id):
        tea = Sku.objects.get(pk=shop.skus[0]).product_id
    place_one(a_request(shop, 4), shop)
    with pytest.raises(SkusInvalid) as refused:
        save(shop, tea, SkuEdit(shop.skus[0], {"price_fen": 9_000, "on_hand": 3}))
    assert cells(refused) == {("price_fen", "price_below_offer"), ("on_hand", "below_promised")}
    with merchant_scope(shop.merchant_id):
        classify_product(tea, category="food", registration_no="", actor=shop.owner)
    with pytest.raises(SkusInvalid) as refused:
        save(shop, tea, SkuEdit(shop.skus[0], {"saleable": True}))
    assert cells(refused) == {("saleable", "no_licence")}


def test_two_people_in_different_cells_do_not_meet() -> None:
    shop = a_shop()
    product, (one, two, *_) = cups(shop)
    was = {"price_fen": 10_000, "code": "C1", "on_hand": 0}
    with merchant_scope(shop.merchant_id):
        set_price(one, Fen(8_000), actor=shop.owner)
    save(shop, product, SkuEdit(one, {**was, "code": "MINE"}, was), SkuEdit(two, {"price_fen": 7_000}))
    assert (sku(shop, one).price_fen, sku(shop, one).code) == (8_000, "MINE")


def test_two_people_in_one_cell_are_told() -> None:
    shop = a_shop()
    product, (one, two, *_) = cups(shop)
    was = {"price_fen": 10_000}
    with merchant_scope(shop.merchant_id):
        set_price(one, Fen(8_000), actor=shop.owner)
    with pytest.raises(SkusChanged) as refused:
        save(shop, product, SkuEdit(one, {"price_fen": 9_000}, was), SkuEdit(two, {"price_fen": 7_000}))
    (cell,) = refused.value.details["cells"]
    assert (cell["sku_id"], cell["field"], cell["now"]) == (str(one), "price_fen", 8_000)
    assert sku(shop, two).price_fen == 10_000
    save(shop, product, SkuEdit(one, {"price_fen": 8_000}, was))  # both wanted the same
    assert sku(shop, one).price_fen == 8_000


def test_only_skus_of_this_product() -> None:
    shop = a_shop()
    product, (one, *_) = cups(shop)
    for edit in (SkuEdit(shop.skus[0], {"code": "X"}), SkuEdit(uuid7(), {})):
        with pytest.raises(NotFound):
            save(shop, product, edit)
    with merchant_scope(shop.merchant_id):
        Sku.objects.filter(pk=one).update(archived=True, saleable=False)
        assert Product.objects.filter(pk=product).exists()
    with pytest.raises(NotFound):
        save(shop, product, SkuEdit(one, {"code": "X"}))
