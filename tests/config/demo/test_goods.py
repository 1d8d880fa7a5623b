"""The demo shop's data: complete, lawful in its words, with pictures that are safe to serve."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tongdao.config.demo.goods import PICTURES, DemoProduct
from tongdao.config.demo.store import STORE
from tongdao.rulebook.returns import CODES

pytestmark = pytest.mark.pure
FILES = sorted(PICTURES.glob("*.svg"))
# Advertising Law Art. 9 and 17: no superlatives, no words of healing.
BARRED = re.compile(
    r"国家级|最[高佳好大强优低]|第一|唯一|顶级|极致|冠军|100%有效|治疗|疗效|养生|降[脂压糖]|减肥|抗癌|排毒|助眠|保健"
)


@pytest.mark.parametrize("product", STORE.products, ids=lambda product: product.handle)
def test_a_product_is_whole(product: DemoProduct) -> None:
    assert 1 <= len(product.variants) <= 6
    assert len({variant.values for variant in product.variants}) == len(product.variants)
    for variant in product.variants:
        assert len(variant.values) == len(product.options)
        assert variant.price_fen > 0
        assert variant.grams > 0
        assert variant.stock >= 0
    assert 2 <= len(product.pictures) <= 3
    assert all((PICTURES / file).is_file() and alt for file, alt in product.pictures)


@pytest.mark.parametrize("product", STORE.products, ids=lambda product: product.handle)
def test_a_crossed_out_price_is_higher_and_states_its_base(product: DemoProduct) -> None:
    crossed = [v for v in product.variants if v.compare_at_fen is not None]
    assert bool(crossed) == bool(product.compare_at_base)
    assert all((v.compare_at_fen or 0) > v.price_fen for v in crossed)


def test_food_asks_before_it_is_excluded_from_returns() -> None:
    food = [product for product in STORE.products if "食品" in product.tags]
    assert food and {product.return_exclusion for product in food} == {"opened_hygiene"}
    assert {product.return_exclusion for product in STORE.products} <= CODES | {""}


def test_words_hold_to_the_advertising_law() -> None:
    words = [STORE.tagline, STORE.about, *(p.title + p.body_html + "".join(p.tags) for p in STORE.products)]
    assert [word for word in words if BARRED.search(word)] == []
    assert BARRED.search("全国第一的养生茶")


def test_the_shop_is_small_and_its_codes_are_its_own() -> None:
    assert 8 <= len(STORE.products) <= 10
    codes = [v.sku_code for p in STORE.products for v in p.variants]
    assert len(codes) == len(set(codes))
    assert len({p.handle for p in STORE.products}) == len(STORE.products)
    assert sum(any(v.compare_at_fen for v in p.variants) for p in STORE.products) <= 1


def test_every_picture_has_its_place() -> None:
    used = {file for product in STORE.products for file, _ in product.pictures} | {STORE.hero, STORE.avatar}
    assert used == {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_pictures_are_small_and_draw_only(path: Path) -> None:
    text = path.read_text()
    assert len(text.encode()) <= 20 * 1024
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(text).iter()}  # noqa: S314  # our own files
    assert not tags & {"script", "style", "image", "use", "a", "foreignObject", "text"}
    assert not re.search(r"\s(?:on\w+|style|href)=|https?://(?!www\.w3\.org/2000/svg)", text)
