"""Filters: each finds what it says and nothing else; what cannot be read is never ignored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Value

from tests.faces.console.support import Desk, make_desk, paid_order, place_order
from tongdao.crm.metrics.models import MemberFacts
from tongdao.faces.lists.filters import Filter
from tongdao.faces.lists.models import ListChoice, SavedFilter
from tongdao.faces.lists.operations import choose_columns, open_with, remove_filter, save_filter
from tongdao.faces.lists.paging import Place, slice_of
from tongdao.faces.lists.reading import choice_of, items_of, kept_filters
from tongdao.faces.lists.refusals import FilterNameInvalid, FilterUnreadable
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.wanted import narrowed, page_of, readable, typed
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events.loop import run_pending
from tongdao.foundation.reading import read
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.trade.orders.models import DeliveryAddress, Order

ORDERS = LISTS["orders"]


@pytest.fixture(scope="module")
def desk(cluster: object) -> Desk:
    """Four orders: one, two, three and four units; the first two are paid, the first of all 40 days ago."""
    made = make_desk(stock=50)
    with clock.shifted(-timedelta(days=40)):
        paid_order(made.shop, 1)
    paid_order(made.shop, 2)
    place_order(made.shop, 3)
    place_order(made.shop, 4)
    while run_pending():
        continue
    return made


def units(desk: Desk, wanted: Mapping[str, str]) -> set[int]:
    """Of the orders that are found."""
    with merchant_scope(desk.shop.merchant_id):
        return {sum(line.quantity for line in order.lines.all()) for order in narrowed(ORDERS, wanted)}


def some(desk: Desk) -> Order:
    with merchant_scope(desk.shop.merchant_id):
        found = Order.objects.filter(total_fen=2 * 12_800).first()
    assert found is not None
    return found


@pytest.mark.pure
def test_a_kind_of_filter_that_cannot_narrow_is_no_filter() -> None:
    """Found when a list is declared, not when somebody filters it."""
    half = type("Half", (Filter,), {"fields": lambda self: []})
    with pytest.raises(TypeError, match="apply"):
        half("state", "State")


def test_orders_are_found_by_each_filter(desk: Desk) -> None:
    today, order = clock.today(), some(desk)
    with merchant_scope(desk.shop.merchant_id):
        phone = DeliveryAddress.objects.get(purchase_id=order.purchase_id).phone
    for wanted, found in (
        ({}, {1, 2, 3, 4}),
        ({"state": "paid"}, {1, 2}),
        ({"state": "to_ship"}, {1, 2}),
        ({"placed_from": str(today - timedelta(days=3))}, {2, 3, 4}),
        ({"placed_to": str(today - timedelta(days=3))}, {1}),
        ({"total_min": "256", "total_max": "384.00"}, {2, 3}),
        ({"total_min": "256", "state": "paid"}, {2}),
        ({"goods": "没有这个"}, set()),
        ({"shipping": "late"}, {1}),
        ({"shipping": "shipped"}, set()),
        ({"entrance": "weibo"}, set()),
        ({"q": order.number}, {2}),
        ({"q": order.number[-6:]}, {2}),
        ({"q": phone[-4:]}, {1, 2, 3, 4}),
    ):
        assert units(desk, wanted) == found, wanted


@pytest.mark.parametrize(
    ("noun", "wanted", "param"),
    [
        ("orders", {"placed_from": "yesterday"}, "placed_from"),
        ("orders", {"total_min": "1.234"}, "total_min"),
        ("orders", {"state": "nonsense"}, "state"),
        ("members", {"orders_min": "-1"}, "orders_min"),
        ("postings", {"booked_to": "2026-13-01"}, "booked_to"),
    ],
)
def test_what_cannot_be_read_is_told_and_lists_nothing(
    desk: Desk, noun: str, wanted: dict[str, str], param: str
) -> None:
    spec = LISTS[noun]
    with merchant_scope(desk.shop.merchant_id):
        assert set(readable(spec, wanted)[1]) == {param}
        with pytest.raises(FilterUnreadable):
            page_of(spec, wanted, Place())
    page = desk.client().get(desk.url(noun), wanted).content.decode()
    assert "<tbody" not in page.split("<main")[1]
    assert ('aria-invalid="true"' in page) is (param != LISTS[noun].tabs)


def test_members_by_what_they_bought(desk: Desk) -> None:
    members = LISTS["members"]
    with merchant_scope(desk.shop.merchant_id):
        found = {
            name: narrowed(members, wanted).count()
            for name, wanted in {
                "all": {},
                "bought": {"show": "bought"},
                "never": {"show": "never"},
                "much": {"paid_min": "200"},
                "lately": {"sort": "last"},
            }.items()
        }
        best = page_of(members, {"sort": "spent"}, Place()).rows
        spent = [row.paid_fen for row in best]
        named = items_of(members, best, members.columns)
        assert all(item.value(members.columns[0]) for item in named)
        assert MemberFacts.objects.count() == found["all"]
    assert spent == sorted(spent, reverse=True)
    assert found["bought"] + found["never"] == found["all"] and found["lately"] == found["bought"]
    assert 0 < found["much"] <= found["bought"]


@pytest.mark.parametrize("sort", ["", "old"])
@pytest.mark.parametrize("noun", [noun for noun, spec in LISTS.items() if len(spec.sorts) == 2])
def test_every_list_pages_in_both_directions(desk: Desk, noun: str, sort: str) -> None:
    spec, wanted = LISTS[noun], {"sort": sort} if sort in [s.key for s in LISTS[noun].sorts] else {}
    with merchant_scope(desk.shop.merchant_id):
        whole = [row.pk for row in page_of(spec, wanted, Place(), 1_000).rows]
        seen: list[UUID] = []
        while True:
            page = page_of(spec, wanted, Place(before=seen[-1]) if seen else Place(), 1)
            seen += [row.pk for row in page.rows]
            if not page.older or len(seen) > len(whole):
                break
        assert seen == whole
        for place, id in enumerate(whole[1:], 1):
            page = page_of(spec, wanted, Place(after=id), 1)
            assert [row.pk for row in page.rows] == [whole[place - 1]]


def test_filters_are_kept_shared_opened_with_and_removed(desk: Desk) -> None:
    desk.client(Role.SERVICE)
    mine, other = desk.shop.owner, Actor("staff", desk.people[Role.SERVICE])
    assert mine.id and other.id
    with merchant_scope(desk.shop.merchant_id):
        own = save_filter(ORDERS, "  大单 ", {"total_min": "300", "odd": "x"}, shared=False, actor=mine)
        team = save_filter(ORDERS, "待发", {"state": "to_ship"}, shared=True, actor=mine)
        assert (own.name, own.wanted) == ("大单", {"total_min": "300"})
        again = save_filter(ORDERS, "大单", {"total_min": "500"}, shared=False, actor=mine)
        assert again.id == own.id and SavedFilter.objects.count() == 2
        assert [row.id for row in read(kept_filters(ORDERS, other.id))] == [team.id]
        with pytest.raises(NotFound):
            open_with(ORDERS, own.id, actor=other)
        with pytest.raises(NotFound):
            remove_filter(team.id, actor=other)
        open_with(ORDERS, team.id, actor=other)
        assert read(choice_of(ORDERS, other.id)).opens_with_id == team.id
        for name in ("", "x" * 41):
            with pytest.raises(FilterNameInvalid):
                save_filter(ORDERS, name, {}, shared=False, actor=mine)
        with pytest.raises(FilterUnreadable):
            save_filter(ORDERS, "x", {"total_min": "x"}, shared=False, actor=mine)
    opened = desk.client(Role.SERVICE).get(desk.url("orders"))
    assert opened.status_code == 302 and opened["Location"].endswith("?state=to_ship")
    assert desk.client(Role.SERVICE).get(opened["Location"]).status_code == 200
    with merchant_scope(desk.shop.merchant_id):
        remove_filter(team.id, actor=mine)
        assert read(choice_of(ORDERS, other.id)).opens_with_id is None


def test_columns_are_each_persons_own(desk: Desk) -> None:
    with merchant_scope(desk.shop.merchant_id):
        choose_columns(ORDERS, ["freight", "number", "nonsense"], actor=desk.shop.owner)
        row = ListChoice.objects.get(person_id=desk.shop.owner_id)
        assert row.columns == ["number", "freight"]
        assert [c.key for c in ORDERS.chosen(row.columns)] == ["number", "freight"]
        choose_columns(ORDERS, [], actor=desk.shop.owner)
        usual = ORDERS.chosen(read(choice_of(ORDERS, desk.shop.owner_id)).columns)
        assert usual == [column for column in ORDERS.columns if column.shown]


@pytest.mark.pure
def test_what_is_typed_is_cut_and_cleaned() -> None:
    assert typed(ORDERS, {"q": " a\x00b ", "odd": "x", "state": ""}) == {"q": "ab"}
    assert len(typed(ORDERS, {"q": "x" * 500})["q"]) == 80


def test_changes_are_read_from_their_own_index(desk: Desk) -> None:
    """However many orders are told of in the same log: as the planner sees it when rows are many."""
    with merchant_scope(desk.shop.merchant_id), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        sql, params = narrowed(LISTS["changes"], {}).order_by("-seq").query.sql_with_params()
        cursor.execute(f"explain {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "name_seq_idx" in plan or "event_changed" in plan, plan


def test_plain_rows_are_the_orms_and_others_keep_what_was_asked_with_them(desk: Desk) -> None:
    order_id = paid_order(desk.shop)
    with merchant_scope(desk.shop.merchant_id):
        (plain,) = slice_of(Order.objects.filter(pk=order_id), Place()).rows
        right = Order.objects.get(pk=order_id)
        names = [field.attname for field in Order._meta.concrete_fields]
        assert plain == right and not plain._state.adding
        assert [getattr(plain, name) for name in names] == [getattr(right, name) for name in names]
        plain.close_reason = "looked at"
        plain.save(update_fields=["close_reason"])
        assert Order.objects.get(pk=order_id).close_reason == "looked at"
        joined = Order.objects.filter(pk=order_id).select_related("purchase").annotate(one=Value(1))
        (row,) = slice_of(joined, Place()).rows
        assert row.one == 1 and "purchase" in row._state.fields_cache
