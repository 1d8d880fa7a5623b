"""Orders of goods that cannot be given back: what freezes, what does not, and until when shares are held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from tests.support.builders import AFTER_RETURNS, Shop, a_request, an_address, make_shop, place_one
from tests.support.paying import PaySandbox
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.clock import beijing_day, day_begins
from tongdao.foundation.events import Event
from tongdao.foundation.idempotency import DuplicateRequest
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.operations import set_return_exclusion
from tongdao.goods.catalog.refusals import ExclusionInvalid
from tongdao.rewards.commissions.operations import sweep_release
from tongdao.rulebook.calendar import is_rest_day, last_day
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.orders.operations import complete_order, place, prepare, set_confirm_deadline
from tongdao.trade.orders.promises import PROMISES, promise_of, told_of
from tongdao.trade.orders.queries.terms import read_terms
from tongdao.trade.orders.quoting import quote
from tongdao.trade.orders.refusals import PromiseChanged, TotalChanged
from tongdao.trade.orders.wishing import Wanted, Wish
from tongdao.trade.story.queries import order_story


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaySandbox]:
    running = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    yield running
    running.close()


def exclude(shop: Shop, *codes: str) -> None:
    """The kinds of the shop's goods, in the order of their making."""
    with merchant_scope(shop.merchant_id):
        for sku_id, code in zip(shop.skus, codes, strict=True):
            product_id = Sku.objects.get(pk=sku_id).product_id
            set_return_exclusion(product_id, code, actor=shop.owner)


def mark(code: str) -> str:
    told = told_of(code, clock.now(), "zh-hans")
    assert told is not None
    return told.mark


def agreeing(request: Wish, *agreed: str) -> Wish:
    """The same with what was ticked at each line."""
    wanted = [replace(item, agreed=each) for item, each in zip(request.asked.wanted, agreed, strict=True)]
    return replace(request, asked=replace(request.asked, wanted=wanted))


def frozen(shop: Shop, order_id: UUID) -> list[Mapping[str, Any]]:
    with merchant_scope(shop.merchant_id):
        lines = OrderLine.objects.filter(order_id=order_id).order_by("position")
        return list(lines.values_list("policies", flat=True))


def version_of(shop: Shop, request: Wish) -> str:
    with merchant_scope(shop.merchant_id):
        return quote(request.asked, read_terms([request.asked])[0]).version


def test_a_mixed_cart_freezes_each_lines_own_promise() -> None:
    shop = make_shop((1_000, 2_000, 3_000, 4_000))
    exclude(shop, "", "perishable", "value_drops", "near_expiry")
    request = agreeing(a_request(shop), "", "", mark("value_drops"), "")
    plain, law, yes, no = map(promise_of, frozen(shop, place_one(request, shop).order_ids[0]))
    assert [each.return_days for each in (plain, law, yes, no)] == [7, 0, 0, 7]
    assert [each.consented for each in (plain, law, yes, no)] == [False, False, True, False]
    assert (yes.consented_at, yes.language) == (request.placed_at, "zh-hans")
    assert no.exclusion is not None and no.exclusion.code == "near_expiry"


def test_what_the_seller_changes_later_touches_no_order() -> None:
    shop = make_shop((1_000, 2_000))
    before = place_one(a_request(shop), shop).order_ids[0]
    exclude(shop, "made_to_order", "value_drops")
    after = place_one(a_request(shop), shop).order_ids[0]
    assert frozen(shop, before) == [PROMISES, PROMISES]
    assert [each["return_days"] for each in frozen(shop, after)] == [0, 7]
    exclude(shop, "", "")
    assert [each["return_days"] for each in frozen(shop, after)] == [0, 7]
    with merchant_scope(shop.merchant_id):
        lines = order_story(before).lines
    assert {line.promise.return_days for line in lines} == {7}


def test_the_frozen_promise_cannot_be_written_again() -> None:
    shop = make_shop()
    order_id = place_one(a_request(shop), shop).order_ids[0]
    with pytest.raises(DatabaseError), merchant_scope(shop.merchant_id), transaction.atomic():
        OrderLine.objects.filter(order_id=order_id).update(policies={"return_days": 0})
    assert frozen(shop, order_id) == [PROMISES]


def test_a_request_cannot_claim_an_exclusion_that_the_goods_do_not_have() -> None:
    shop = make_shop((1_000, 2_000))
    exclude(shop, "", "near_expiry")
    for sent in ("2026-11:made_to_order:zh-hans", "made_to_order", mark("value_drops")):
        order_id = place_one(agreeing(a_request(shop), sent, sent), shop).order_ids[0]
        assert [each["return_days"] for each in frozen(shop, order_id)] == [7, 7], sent
    control = place_one(agreeing(a_request(shop), "", mark("near_expiry")), shop).order_ids[0]
    assert [each["return_days"] for each in frozen(shop, control)] == [7, 0]


def test_consent_is_of_one_order_only() -> None:
    shop = make_shop()
    exclude(shop, "opened_hygiene")
    first = agreeing(a_request(shop), mark("opened_hygiene"))
    second = a_request(shop, person_id=first.person_id)
    orders = [place_one(each, shop).order_ids[0] for each in (first, second)]
    assert [frozen(shop, each)[0]["consented"] for each in orders] == [True, False]
    assert [frozen(shop, each)[0]["return_days"] for each in orders] == [0, 7]


def test_consent_is_of_one_request_of_a_batch_and_of_one_line() -> None:
    shop = make_shop((1_000, 2_000))
    exclude(shop, "value_drops", "value_drops")
    yes, no = agreeing(a_request(shop), mark("value_drops"), ""), a_request(shop)
    placed = place(shop.merchant_id, [yes, no])
    days = [[line["return_days"] for line in frozen(shop, each.order_ids[0])] for each in placed]  # type: ignore[union-attr]
    assert days == [[0, 7], [7, 7]]


def test_the_same_key_with_another_tick_is_another_request() -> None:
    shop = make_shop()
    exclude(shop, "value_drops")
    key, person_id = "k" * 12, a_request(shop).person_id

    def wish(agreed: str) -> Wish:
        return prepare(
            [Wanted(shop.skus[0], 1, None, agreed)],
            key=key,
            person_id=person_id,
            visitor=None,
            storefront_id=shop.storefront_id,
            address=an_address(),
        )

    place_one(wish(mark("value_drops")), shop)
    with pytest.raises(DuplicateRequest):
        place_one(wish(""), shop)


def test_what_changed_between_the_page_and_the_order_is_told_first() -> None:
    shop = make_shop()
    request = a_request(shop)
    seen = version_of(shop, request)
    exclude(shop, "perishable")
    with pytest.raises(PromiseChanged) as refused:
        place_one(replace(request, quote_version=seen), shop)
    now = refused.value.details["quote_version"]
    with pytest.raises(TotalChanged):
        place_one(replace(request, quote_version="0" * 16), shop)
    order_id = place_one(replace(request, quote_version=now), shop).order_ids[0]
    assert frozen(shop, order_id)[0]["return_days"] == 0
    exclude(shop, "made_to_order")
    with pytest.raises(PromiseChanged):
        place_one(a_request(shop, quote_version=now), shop)


def test_ticking_changes_nothing_that_is_confirmed() -> None:
    shop = make_shop()
    exclude(shop, "value_drops")
    request = a_request(shop)
    ticked = agreeing(request, mark("value_drops"))
    assert version_of(shop, request) == version_of(shop, ticked)


def test_placing_costs_no_more_statements_for_excluded_goods() -> None:
    plain, shop = make_shop((1_000,)), make_shop((1_000,))
    exclude(shop, "value_drops")
    counts = []
    for each, request in (
        (plain, a_request(plain)),
        (shop, agreeing(a_request(shop), mark("value_drops"))),
    ):
        seen: list[str] = []

        def note(execute: Any, sql: str, *rest: Any, seen: list[str] = seen) -> Any:
            seen.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            place_one(request, each)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def received(shop: Shop, request: Wish, sandbox: PaySandbox) -> Order:
    placed = place_one(request, shop)
    sandbox.pay(sandbox.open(shop, placed, request.person_id))
    with merchant_scope(shop.merchant_id):
        set_confirm_deadline(placed.order_ids[0], clock.now())
        return complete_order(placed.order_ids[0], actor=SYSTEM)


def test_shares_wait_for_the_longest_window_past_days_of_rest(sandbox: PaySandbox) -> None:
    shop = make_shop((1_000, 2_000))
    exclude(shop, "perishable", "value_drops")
    sandbox.connect(shop)
    saturday = datetime(2026, 11, 28, 4, tzinfo=UTC)
    while saturday < clock.now():
        saturday += timedelta(days=7)
    while not is_rest_day(beijing_day(saturday) + timedelta(days=7)):
        saturday += timedelta(days=7)  # a Saturday that is worked
    with clock.shifted(saturday - clock.now()):
        order = received(shop, a_request(shop), sandbox)
        none = received(shop, agreeing(a_request(shop), "", mark("value_drops")), sandbox)
    day = beijing_day(saturday)
    last = last_day(day, 7)
    assert last > day + timedelta(days=7)
    assert order.release_at == day_begins(last + timedelta(days=1))
    assert none.release_at == day_begins(day + timedelta(days=1)), "nothing of it can be given back"
    assert order.release_at is not None
    sweep_release(order.release_at - timedelta(seconds=1), limit=100_000)
    with merchant_scope(shop.merchant_id):
        assert Order.objects.get(pk=order.id).released_at is None
    sweep_release(order.release_at, limit=100_000)
    with merchant_scope(shop.merchant_id):
        assert Order.objects.get(pk=order.id).released_at is not None
        line = order_story(order.id).lines[1]
    assert line.return_by == last
    assert timedelta(days=8) + (last - day - timedelta(days=7)) < AFTER_RETURNS


def test_staff_set_the_kind_once_and_only_one_that_there_is() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        product = Product.objects.get()
        for _ in range(2):
            changed = set_return_exclusion(product.id, "perishable", actor=shop.owner)
        assert changed.version == product.version + 1
        with pytest.raises(ExclusionInvalid):
            set_return_exclusion(product.id, "all_sales_final", actor=shop.owner)
        event = Event.objects.get(name="product.returns_set", subject_id=product.id)
        assert Product.objects.get().return_exclusion == "perishable"
    assert (event.old["return_exclusion"], event.new["return_exclusion"]) == ("none", "perishable")
