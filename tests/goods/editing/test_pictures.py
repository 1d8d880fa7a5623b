"""Pictures by hand: what is kept, in which order, what SKUs show, and what comes back."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from PIL import Image

from tests.goods.editing.support import a_matrix, a_shop
from tests.goods.intake.support import bring_in, row, sheet
from tests.support.builders import Shop
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, ProductImage, Sku
from tongdao.goods.catalog.queries import sku_facts
from tongdao.goods.catalog.reading import product_page
from tongdao.goods.editing.operations.pictures import (
    MOST_PICTURES,
    Uploaded,
    add_pictures,
    arrange_pictures,
    describe_pictures,
    picture_skus,
    remove_pictures,
    restore_pictures,
)
from tongdao.goods.editing.refusals import TooManyProductPictures


def drawn(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


def add(shop: Shop, product: Product, *contents: bytes) -> list[Uploaded]:
    files = [(f"{n}.png", io.BytesIO(content)) for n, content in enumerate(contents)]
    return add_pictures(shop.merchant_id, product.id, files, actor=shop.owner)


def ids(answers: list[Uploaded]) -> list[UUID]:
    return [each.image_id for each in answers if each.image_id]


def shown(shop: Shop) -> list[str]:
    """What is said of the pictures on the page of the cup, in their order."""
    with merchant_scope(shop.merchant_id):
        return [image.alt for image in product_page("cup").images]


def test_pictures_are_kept_what_is_none_is_named() -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    answers = add(shop, cup, drawn("red"), b"no picture", drawn("red"), drawn("blue"))
    assert [each.problem for each in answers] == ["", "unreadable", "known", ""]
    with merchant_scope(shop.merchant_id):
        rows = list(ProductImage.objects.order_by("position"))
        assert [(row.state, row.width, row.height) for row in rows] == [("ready", 60, 40)] * 2
        assert Product.objects.get(pk=cup.id).version == cup.version + 1
        event = Event.objects.filter(name="product.updated", subject_id=cup.id).get()
        assert (event.payload["source"], event.actor) == ("picture", shop.owner_id)


def test_there_is_an_end_to_pictures() -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    with merchant_scope(shop.merchant_id):
        ProductImage.objects.bulk_create(
            ProductImage(product=cup, position=n, source_url=f"upload:{n}", file="x.webp", state="ready")
            for n in range(MOST_PICTURES - 1)
        )
    with pytest.raises(TooManyProductPictures):
        add(shop, cup, drawn("red"), drawn("blue"))
    assert len(ids(add(shop, cup, drawn("red"), b"no picture"))) == 1


def test_order_cover_and_words() -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    one, two, three = ids(add(shop, cup, drawn("red"), drawn("blue"), drawn("green")))
    with merchant_scope(shop.merchant_id):
        assert describe_pictures(cup.id, {one: "一", two: " 二  号 ", three: "三"}, actor=shop.owner) == 3
        assert describe_pictures(cup.id, {one: "一"}, actor=shop.owner) == 0
        arrange_pictures(cup.id, [three, one], actor=shop.owner)
    assert shown(shop) == ["三", "一", "二 号"]


def test_what_is_removed_comes_back_to_its_place_and_a_file_does_not_bring_it_back() -> None:
    shop = a_shop()
    bring_in(shop, sheet(row("cup", image="https://a.example/1.jpg")))
    with merchant_scope(shop.merchant_id):
        cup = Product.objects.get(handle="cup")
        ProductImage.objects.update(file="a.webp", state="ready")
        first = ProductImage.objects.get().id
    (second,) = ids(add(shop, cup, drawn("red")))
    with merchant_scope(shop.merchant_id):
        describe_pictures(cup.id, {first: "一", second: "二"}, actor=shop.owner)
        assert remove_pictures(cup.id, [first, second], actor=shop.owner) == 2
        assert remove_pictures(cup.id, [first], actor=shop.owner) == 0
    assert shown(shop) == []
    bring_in(shop, sheet(row("cup", image="https://a.example/1.jpg")))
    with merchant_scope(shop.merchant_id):
        assert set(ProductImage.objects.values_list("state", flat=True)) == {"removed"}
        assert restore_pictures(cup.id, [first], actor=shop.owner) == 1
    (again,) = ids(add(shop, cup, drawn("red")))
    assert again == second and len(shown(shop)) == 2


def test_a_sku_shows_its_own_picture_while_it_is_there() -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    cover, own = ids(add(shop, cup, drawn("red"), drawn("blue")))
    with merchant_scope(shop.merchant_id):
        sku = Sku.objects.get(code="C1")
        files = dict(ProductImage.objects.values_list("id", "file"))
        assert picture_skus(cup.id, {sku.id: own}, actor=shop.owner) == 1
        assert sku_facts([sku.id])[sku.id].picture == files[own]
        remove_pictures(cup.id, [own], actor=shop.owner)
        assert sku_facts([sku.id])[sku.id].picture == files[cover]
        restore_pictures(cup.id, [own], actor=shop.owner)
        assert sku_facts([sku.id])[sku.id].picture == files[own]
        assert picture_skus(cup.id, {sku.id: None}, actor=shop.owner) == 1
        assert sku_facts([sku.id])[sku.id].picture == files[cover]


def test_pictures_of_another_product_are_not_there() -> None:
    shop = a_shop()
    cup = a_matrix(shop)
    (mine,) = ids(add(shop, cup, drawn("red")))
    with merchant_scope(shop.merchant_id):
        other = Product.objects.exclude(pk=cup.id).get()
        sku = Sku.objects.get(pk=shop.skus[0])
        for attempt in (
            lambda: arrange_pictures(other.id, [mine], actor=shop.owner),
            lambda: describe_pictures(other.id, {mine: "x"}, actor=shop.owner),
            lambda: remove_pictures(other.id, [mine], actor=shop.owner),
            lambda: restore_pictures(uuid7(), [mine], actor=shop.owner),
            lambda: picture_skus(other.id, {sku.id: mine}, actor=shop.owner),
            lambda: picture_skus(cup.id, {sku.id: mine}, actor=shop.owner),
        ):
            with pytest.raises(NotFound):
                attempt()
