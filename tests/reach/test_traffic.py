"""Links, touches, and who is the promoter of record."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.support.builders import Shop, a_request, make_shop, place_one
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.models import Promoter
from tongdao.party.network.operations import join_promoter, leave_promoter
from tongdao.party.people.operations import create_guest
from tongdao.reach.traffic.models import ShareLink, Touch
from tongdao.reach.traffic.operations import ChannelUnknown, create_link, follow_link
from tongdao.terms.plans.operations import set_plan
from tongdao.terms.plans.refusals import RateOutOfRange
from tongdao.trade.orders.models import OrderLine, TouchCandidate, WaterfallShare


@pytest.fixture
def shop() -> Shop:
    made = make_shop((10_000,))
    with merchant_scope(made.merchant_id):
        set_plan(1_000, actor=made.owner)
    return made


def a_promoter(shop: Shop, person: UUID | None = None) -> tuple[Promoter, ShareLink]:
    with merchant_scope(shop.merchant_id):
        promoter = join_promoter(person or create_guest().id, shown_name="小禾", actor=shop.owner)
        return promoter, create_link(channel="moments", promoter_id=promoter.id, actor=shop.owner)


def winner(shop: Shop, visitor: UUID, person: UUID | None = None) -> UUID | None:
    """Places an order; its promoter of record, as frozen on the line and in the touch candidates."""
    placed = place_one(a_request(shop, person_id=person, visitor=visitor), shop)
    with merchant_scope(shop.merchant_id):
        line = OrderLine.objects.get(order_id=placed.order_ids[0])
        won = TouchCandidate.objects.filter(order_id=placed.order_ids[0], won=True)
        assert won.count() == (1 if line.promoter_id else 0)
        shares = WaterfallShare.objects.filter(line=line, kind="promoter")
        assert [share.beneficiary for share in shares] == ([line.promoter_id] if line.promoter_id else [])
        return line.promoter_id


def test_the_latest_touch_wins_and_the_losing_ones_are_kept(shop: Shop) -> None:
    visitor = uuid7()
    (first, first_link), (second, second_link) = a_promoter(shop), a_promoter(shop)
    for link in (second_link, first_link, second_link):
        follow_link(link.token, visitor=visitor)
    assert winner(shop, visitor) == second.id
    with merchant_scope(shop.merchant_id):
        ranks = TouchCandidate.objects.order_by("rank").values_list("touch__promoter_id", "won")
        assert list(ranks) == [(second.id, True), (first.id, False), (second.id, False)]


def test_nobody_earns_on_what_it_buys_itself(shop: Shop) -> None:
    visitor, person = uuid7(), create_guest().id
    other, other_link = a_promoter(shop)
    _, own_link = a_promoter(shop, person)
    follow_link(other_link.token, visitor=visitor)
    follow_link(own_link.token, visitor=visitor)
    assert winner(shop, visitor, person) == other.id
    assert winner(shop, uuid7(), person) is None


def test_a_touch_counts_for_thirty_days_and_a_promoter_while_it_stays(shop: Shop) -> None:
    visitor = uuid7()
    promoter, link = a_promoter(shop)
    with clock.shifted(timedelta(days=-31)):
        follow_link(link.token, visitor=visitor)
    assert winner(shop, visitor) is None
    follow_link(link.token, visitor=visitor)
    assert winner(shop, visitor) == promoter.id
    with merchant_scope(shop.merchant_id):
        leave_promoter(promoter.id, actor=shop.owner)
    assert winner(shop, visitor) is None


def test_a_touch_follows_the_person_to_another_browser(shop: Shop) -> None:
    person = create_guest().id
    promoter, link = a_promoter(shop)
    follow_link(link.token, visitor=uuid7(), person_id=person)
    assert winner(shop, uuid7(), person) == promoter.id


def test_a_link_of_one_merchant_counts_at_no_other(shop: Shop) -> None:
    visitor, other = uuid7(), make_shop((10_000,))
    _, link = a_promoter(shop)
    follow_link(link.token, visitor=visitor)
    assert winner(other, visitor) is None


def test_what_is_no_link_is_refused(shop: Shop) -> None:
    with pytest.raises(NotFound):
        follow_link("nowhere", visitor=uuid7())
    with merchant_scope(shop.merchant_id):
        with pytest.raises(ChannelUnknown):
            create_link(channel="telepathy", actor=shop.owner)
        for wrong in ({"promoter_id": uuid7()}, {"product_id": uuid7()}):
            with pytest.raises(NotFound):
                create_link(channel="moments", actor=shop.owner, **wrong)
        assert Touch.objects.count() == 0


def test_a_new_plan_counts_from_now_on_and_orders_keep_theirs(shop: Shop) -> None:
    visitor = uuid7()
    _, link = a_promoter(shop)
    follow_link(link.token, visitor=visitor)
    winner(shop, visitor)
    with merchant_scope(shop.merchant_id):
        set_plan(2_000, actor=shop.owner)
        with pytest.raises(RateOutOfRange):
            set_plan(5_001, actor=shop.owner)
    winner(shop, visitor)
    with merchant_scope(shop.merchant_id):
        rows = WaterfallShare.objects.filter(kind="promoter").order_by("id")
        assert list(rows.values_list("amount_fen", "rule_version")) == [
            (1_000, "plan:1.1"),
            (2_000, "plan:2.1"),
        ]
