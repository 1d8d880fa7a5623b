"""Other options: what appears, what is laid aside, what comes back, and a product made by hand."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.goods.editing.support import a_matrix, a_shop
from tests.support.builders import Shop
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, Sku
from tongdao.goods.catalog.operations import set_price
from tongdao.goods.catalog.refusals import PriceInvalid
from tongdao.goods.editing.operations.options import OptionsDone, change_options, read_plan
from tongdao.goods.editing.operations.products import ProductDraft, change_product, create_product
from tongdao.goods.editing.options import OptionsPlan, OptionWish, ValueWish
from tongdao.goods.editing.refusals import OptionsInvalid, ProductChanged, ProductInvalid, TooManySkus

COLOUR = OptionWish("颜色", (ValueWish("红", "红"), ValueWish("白", "白")), "颜色")
SIZE = OptionWish("大小", (ValueWish("小", "小"), ValueWish("大", "大")), "大小")


def wish(name: str, *values: str) -> OptionWish:
    """An option that is new, or whose values are all as before where they were there."""
    return OptionWish(name, tuple(ValueWish(text) for text in values))


def plan(shop: Shop, product: Product, *options: OptionWish) -> OptionsPlan:
    with merchant_scope(shop.merchant_id):
        return read_plan(product.id, options)


def change(shop: Shop, product: Product, *options: OptionWish, **more: object) -> OptionsDone:
    with merchant_scope(shop.merchant_id):
        version = Product.objects.get(pk=product.id).version
        return change_options(product.id, options, version=version, actor=shop.owner, **more)  # type: ignore[arg-type]  # the operation's own


def skus(shop: Shop, product_id: UUID) -> list[tuple[str, ...]]:
    with merchant_scope(shop.merchant_id):
        rows = Sku.objects.filter(product_id=product_id, archived=False).order_by("position")
        return [tuple(values) for values in rows.values_list("option_values", flat=True)]


def test_a_new_value_makes_skus_like_their_neighbours() -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    with merchant_scope(shop.merchant_id):
        big = Sku.objects.get(product=cup, option_values=["白", "大"])
        set_price(big.id, Fen(15_000), actor=shop.owner)
    blue = OptionWish("颜色", (*COLOUR.values, ValueWish("蓝")), "颜色")
    seen = plan(shop, cup, blue, SIZE)
    assert (seen.fresh, seen.gaps, seen.leaves) == ((("蓝", "小"), ("蓝", "大")), (), ())
    assert change(shop, cup, blue, SIZE, wanted=[("蓝", "大")]) == OptionsDone(1, 0, 0)
    with merchant_scope(shop.merchant_id):
        made = Sku.objects.get(product=cup, option_values=["蓝", "大"])
        assert (made.saleable, made.code) == (True, "")
        assert PriceChange.objects.get(sku=made).price_fen == made.price_fen
    assert plan(shop, cup, blue, SIZE).gaps == ()  # the value is new to the plan again
    again = OptionWish("颜色", tuple(ValueWish(text, text) for text in ("红", "白", "蓝")), "颜色")
    assert plan(shop, cup, again, SIZE).gaps == (("蓝", "小"),)


def test_a_value_that_goes_takes_its_skus_and_brings_them_back() -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    with merchant_scope(shop.merchant_id):
        white = Sku.objects.get(product=cup, option_values=["白", "大"])
        set_price(white.id, Fen(15_000), actor=shop.owner)
    red = OptionWish("颜色", (ValueWish("红", "红"),), "颜色")
    assert [sku.option_values for sku in plan(shop, cup, red, SIZE).leaves] == [["白", "小"], ["白", "大"]]
    assert change(shop, cup, red, SIZE) == OptionsDone(0, 0, 2)
    assert skus(shop, cup.id) == [("红", "小"), ("红", "大")]
    with merchant_scope(shop.merchant_id):
        white.refresh_from_db()
        assert (white.archived, white.saleable, white.price_fen) == (True, False, 15_000)
    both = OptionWish("颜色", (ValueWish("红", "红"), ValueWish("白")), "颜色")
    assert change(shop, cup, both, SIZE) == OptionsDone(0, 2, 0)
    with merchant_scope(shop.merchant_id):
        white.refresh_from_db()
        assert (white.archived, white.saleable, white.code, white.price_fen) == (False, True, "C4", 15_000)


def test_another_name_is_no_other_value() -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    renamed = OptionWish("色", (ValueWish("白", "红"), ValueWish("红", "白")), "颜色")  # and swapped
    assert change(shop, cup, SIZE, renamed) == OptionsDone(0, 0, 0)
    with merchant_scope(shop.merchant_id):
        assert Sku.objects.get(code="C1").option_values == ["小", "白"]
        assert Product.objects.get(pk=cup.id).option_names == ["大小", "色"]
    assert skus(shop, cup.id) == [("小", "白"), ("小", "红"), ("大", "白"), ("大", "红")]


def test_a_new_option_and_one_that_goes() -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    assert change(shop, cup, COLOUR, SIZE, wish("材质", "瓷", "玻璃")) == OptionsDone(4, 0, 0)
    assert len(skus(shop, cup.id)) == 8
    with merchant_scope(shop.merchant_id):
        assert Sku.objects.get(code="C1").option_values == ["红", "小", "瓷"]
    assert change(shop, cup, COLOUR) == OptionsDone(0, 0, 6)
    with merchant_scope(shop.merchant_id):
        assert Sku.objects.get(code="C1").option_values == ["红"]
    assert change(shop, cup) == OptionsDone(0, 0, 1)
    assert skus(shop, cup.id) == [()]


@pytest.mark.parametrize(
    "options",
    [
        [wish("a", "1", "1")],
        [wish("a", "1"), wish("a", "2")],
        [wish("a")],
        [wish("", "1")],
        [wish("a", " 1")],
        [wish("a", "x" * 81)],
        [wish("a", "x\x1fy")],
        [wish(name, "1") for name in "abcd"],
    ],
)
def test_options_that_cannot_be(options: list[OptionWish]) -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    with pytest.raises(OptionsInvalid):
        plan(shop, cup, *options)


def test_not_too_many_not_none_and_not_over_somebody_elses_change() -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    many = wish("c", *map(str, range(100)))
    with pytest.raises(TooManySkus):
        plan(shop, cup, many, wish("d", *map(str, range(6))))
    with pytest.raises(OptionsInvalid):
        change(shop, cup, OptionWish("颜色", (ValueWish("蓝"),), "颜色"), wanted=[])
    with pytest.raises(ProductChanged), merchant_scope(shop.merchant_id):
        change_options(cup.id, [COLOUR], version=cup.version + 5, actor=shop.owner)


def test_a_product_by_hand() -> None:
    shop = a_shop()
    draft = ProductDraft(
        "高山 白茶", "<p onclick=x>好</p><script>1</script>", "同道", "茶", ("新", "新", " ")
    )
    with merchant_scope(shop.merchant_id):
        options = [wish("年份", "2020", "2022")]
        product = create_product(draft, options, price=Fen(9_900), actor=shop.owner)
        again = create_product(draft, price=Fen(9_900), actor=shop.owner)
        assert (product.handle, product.body_html, product.tags) == ("高山-白茶", "<p>好</p>", ["新"])
        assert again.handle.startswith("高山-白茶-") and not product.published
        rows = Sku.objects.filter(product=product).order_by("position")
        assert [(sku.option_values, sku.price_fen, sku.currency) for sku in rows] == [
            (["2020"], 9_900, "CNY"),
            (["2022"], 9_900, "CNY"),
        ]
        assert Sku.objects.get(product=again).option_values == []
        with pytest.raises(PriceInvalid):
            create_product(draft, price=Fen(0), actor=shop.owner)
        with pytest.raises(ProductInvalid) as refused:
            create_product(
                ProductDraft(" ", "x" * 70_000, "v" * 121, tags=("t" * 61,)), price=Fen(1), actor=shop.owner
            )
        assert refused.value.details["fields"] == ["title", "vendor", "tags", "body_html"]


def test_its_texts_change_unless_somebody_was_faster() -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    with merchant_scope(shop.merchant_id):
        changed = change_product(cup.id, ProductDraft("新杯"), version=cup.version, actor=shop.owner)
        assert (changed.title, changed.version) == ("新杯", cup.version + 1)
        with pytest.raises(ProductChanged):
            change_product(cup.id, ProductDraft("又新"), version=cup.version, actor=shop.owner)
        same = change_product(cup.id, ProductDraft("新杯"), version=cup.version, actor=shop.owner)
        assert same.version == changed.version
