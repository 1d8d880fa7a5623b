"""Freight templates at the desk: typed, reshaped without a script, tried, assigned."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.faces.console.support import Desk, make_desk
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.terms.agreements.models import FreightAssignment, FreightTemplate
from tongdao.terms.agreements.operations import TemplateDraft
from tongdao.terms.agreements.queries import template_record, template_records

PRICE = {"first": "1", "first_fee": "10", "step": "0.5", "step_fee": "4.00"}
ELSEWHERE = {f"elsewhere-{name}": value for name, value in PRICE.items()}
HEAD = {"name": "快递", "volume_divisor": "6000", "parcel_most": ""}


@pytest.fixture
def desk(cluster: object) -> Desk:
    return make_desk((12_800, 2_000))


def rule(row: int, **changes: Any) -> dict[str, Any]:
    typed = PRICE | {"provinces": ["33"], "places": "苏州市"} | changes
    return {f"rule{row}-{name}": value for name, value in typed.items()}


def drafts(desk: Desk) -> list[TemplateDraft]:
    with merchant_scope(desk.shop.merchant_id):
        return [record.draft for record in template_records()]


def made(desk: Desk, browser: Client, **more: Any) -> FreightTemplate:
    typed = HEAD | ELSEWHERE | {"row": "0"} | rule(0) | more
    assert browser.post(desk.url("freight_new"), typed).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        return FreightTemplate.objects.latest("id")


def test_what_is_typed_is_what_holds(desk: Desk) -> None:
    browser = desk.client()
    assert "免运费" in browser.get(desk.url("freight")).content.decode()
    far = rule(7, provinces=["54", "65"], places="", first_fee="25", free_from="299")
    template = made(desk, browser, parcel_most="20.5", row=["0", "7"], **far)
    (draft,) = drafts(desk)
    assert (draft.name, draft.volume_divisor, draft.parcel_most_g) == ("快递", 6_000, 20_500)
    near, west, rest = draft.rules
    assert near.prefixes == ("3205", "33")
    assert (near.first_g, near.first_fee_fen, near.step_g, near.step_fee_fen) == (1_000, 1_000, 500, 400)
    assert (west.prefixes, west.first_fee_fen, west.free_from_fen) == (("54", "65"), 2_500, 29_900)
    assert (rest.prefixes, rest.not_served) == ((), False)
    page = browser.get(desk.url("freight_template", template_id=template.id)).content.decode()
    assert "江苏省苏州市" in page and 'value="20.5"' in page
    assert "西藏自治区、新疆维吾尔自治区" in page


def test_saving_what_is_shown_changes_nothing(desk: Desk) -> None:
    browser = desk.client()
    template = made(desk, browser)
    url = desk.url("freight_template", template_id=template.id)
    form = browser.get(url).context["form"]
    typed: dict[str, Any] = {name: form[name].value() for name in form.fields} | {"row": form.rows}
    for part in (*form.rules, form.elsewhere):
        typed |= {part.add_prefix(name): part[name].value() for name in part.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, False)}
    assert browser.post(url, typed).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        assert template_record(template.id).row.version == 1
    assert (
        browser.post(url, typed | {"elsewhere-not_served": "on", "elsewhere-first_fee": "x"}).status_code
        == 302
    )
    assert drafts(desk)[0].rules[-1].not_served
    stale = browser.post(url, typed)
    assert stale.status_code == 409
    assert "刚被别人改过" in stale.content.decode()


def test_rows_come_and_go_without_a_script_and_nothing_typed_is_lost(desk: Desk) -> None:
    browser = desk.client()
    typed = HEAD | ELSEWHERE | {"row": ["0", "4"]} | rule(0) | rule(4, places="", first_fee="77")
    added = browser.post(desk.url("freight_new"), typed | {"add": "1"})
    assert added.status_code == 200 and drafts(desk) == []
    assert added.context["form"].rows == [0, 4, 5]
    page = added.content.decode()
    assert 'value="77"' in page and "苏州市" in page and 'class="error"' not in page
    less = browser.post(desk.url("freight_new"), typed | {"remove": "0"})
    assert less.context["form"].rows == [4]
    assert "苏州市" not in less.content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": ""}, None),
        ({"rule0-first_fee": "-1"}, "128.00"),
        ({"rule0-first": "0"}, "大于 0"),
        ({"rule0-first": "1.2345"}, "公斤"),
        ({"rule0-places": "鼓楼区"}, "江苏省南京市鼓楼区"),
        ({"rule0-places": "亚特兰蒂斯"}, "亚特兰蒂斯"),
        ({"rule0-places": "", "rule0-provinces": []}, "至少"),
        ({"volume_divisor": "12"}, None),
        ({"parcel_most": "0"}, None),
        ({"row": ["0", "1"]} | rule(1), "上面的规则"),
    ],
)
def test_what_is_wrong_is_told_beside_it_and_nothing_is_saved(
    desk: Desk, typed: dict[str, Any], told: str | None
) -> None:
    answer = desk.client().post(desk.url("freight_new"), HEAD | ELSEWHERE | {"row": "0"} | rule(0) | typed)
    assert answer.status_code == 422
    assert drafts(desk) == []
    assert told is None or told in answer.content.decode()


def test_a_place_may_be_named_by_its_code(desk: Desk) -> None:
    made(desk, desk.client(), **rule(0, provinces=[], places="320106、浙江省杭州市西湖区,330100"))
    assert drafts(desk)[0].rules[0].prefixes == ("320106", "3301", "330106")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({}, "¥10.00 · 1 个包裹"),
        ({"to": "33", "kg": "1.2"}, "¥14.00 · 1 个包裹"),
        ({"to": "3205", "kg": "1"}, "¥10.00 · 1 个包裹"),
        ({"to": "11", "kg": "5"}, "¥42.00 · 1 个包裹"),
        ({"to": "11", "kg": "3", "goods": "98.99"}, "¥26.00 · 1 个包裹"),
        ({"to": "11", "kg": "3", "goods": "99"}, "免运费。"),
        ({"to": "65", "kg": "1"}, "那里不送达。"),
        ({"to": "xx", "kg": "1"}, ""),
    ],
)
def test_trying_it(desk: Desk, asked: dict[str, str], answer: str) -> None:
    browser = desk.client()
    nowhere = rule(1, provinces=["65"], places="", not_served="on")
    template = made(desk, browser, row=["0", "1"], **nowhere, **{"elsewhere-free_from": "99"})
    found = browser.get(desk.url("freight_template", template_id=template.id), asked).context["answer"]
    assert found == answer


def test_products_of_their_own_and_back(desk: Desk) -> None:
    browser = desk.client()
    made(desk, browser)
    own = made(desk, browser, name="大件")
    url = desk.url("freight_products", template_id=own.id)
    with merchant_scope(desk.shop.merchant_id):
        product = Product.objects.first()
        assert product is not None
    assert product.title in browser.get(url).content.decode()
    sent = {"product": [str(product.id), "not-an-id"], "to": "here"}
    assert browser.post(url, sent).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        assert FreightAssignment.objects.get().product_id == product.id
    assert browser.get(url, {"q": "没有这样的"}).status_code == 200
    assert browser.post(url, {"to": "here"}).status_code == 422
    browser.post(url, sent | {"to": "default"})
    with merchant_scope(desk.shop.merchant_id):
        assert not FreightAssignment.objects.exists()


def test_the_default_and_taking_out_of_use(desk: Desk) -> None:
    browser = desk.client()
    first, second = made(desk, browser), made(desk, browser, name="大件")
    refused = browser.post(desk.url("freight_archive", template_id=first.id))
    assert refused.status_code == 409
    assert "默认" in refused.content.decode()
    assert browser.post(desk.url("freight_default", template_id=second.id)).status_code == 302
    assert browser.post(desk.url("freight_archive", template_id=first.id)).status_code == 302
    assert [draft.name for draft in drafts(desk)] == ["大件"]


def test_the_size_of_a_sku(desk: Desk) -> None:
    browser = desk.client()
    with merchant_scope(desk.shop.merchant_id):
        sku = Sku.objects.get(pk=desk.shop.skus[0])
    parts = {"product_id": sku.product_id, "sku_id": sku.id}
    assert (
        browser.post(desk.url("size", **parts), {"weight": "0.35", "volume_cm3": "1200"}).status_code == 302
    )
    page = browser.get(desk.url("sku", **parts)).content.decode()
    assert "0.35 kg · 1,200 cm³" in page
    wrong = browser.post(desk.url("size", **parts), {"weight": "99999", "volume_cm3": "-1"})
    assert wrong.status_code == 422
    with merchant_scope(desk.shop.merchant_id):
        sku.refresh_from_db()
    assert (sku.weight_g, sku.volume_cm3) == (350, 1_200)
