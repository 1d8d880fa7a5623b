"""Two accounts of one human being: what is read of both, what nobody gets around by it, and undoing it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.people import with_number, with_password
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import Subject, timeline
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.party.members.merging import (
    count_rows,
    merge_persons,
    part_persons,
    preview,
    sweep_merges,
    take_guest_along,
)
from tongdao.party.members.models import Member, MemberMerge
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations.staff import add_staff
from tongdao.party.merchants.permissions import role_of
from tongdao.party.merchants.refusals import AlreadyStaff, BothAreStaff
from tongdao.party.network.operations import join_promoter
from tongdao.party.network.refusals import AlreadyPromoter, BothArePromoters
from tongdao.party.people.merging import join, propose
from tongdao.party.people.models import PersonMerge
from tongdao.party.people.operations import create_guest
from tongdao.party.people.refusals import MergeOutdated, MergeUnproven, SamePerson
from tongdao.reach.traffic.operations import create_link, follow_link
from tongdao.reach.traffic.queries import attribute
from tongdao.terms.promotions.operations import create_coupon
from tongdao.terms.promotions.pricing import Choice
from tongdao.terms.promotions.refusals import LimitReached
from tongdao.trade.orders.models import CartLine
from tongdao.trade.orders.operations import set_cart_line
from tongdao.trade.story.queries import order_story, orders_of

DAY = timedelta(days=1)


def proposed(root: UUID, absorbed: UUID) -> PersonMerge:
    return propose(root, absorbed, reason="own_accounts", proved=True, by=root)


def merged(root: UUID, absorbed: UUID) -> PersonMerge:
    return merge_persons(proposed(root, absorbed).pk, actor=Actor("person", root))


def bought(shop: Shop, person: UUID, choice: Choice | None = None) -> UUID:
    return place_one(a_request(shop, person_id=person, choice=choice), shop).order_ids[0]


def seen(shop: Shop, person: UUID) -> set[UUID]:
    """What the person sees of its orders, at the shop and over all shops."""
    with merchant_scope(shop.merchant_id):
        here = {card.order_id for card in orders_of(person)}
    with person_scope(person):
        assert {card.order_id for card in orders_of(person)} >= here
    return here


def test_orders_of_both_are_read_as_the_ones_and_parted_again() -> None:
    shop, (one, _), (two, _) = make_shop(), with_number(), with_number()
    first, second = bought(shop, one.pk), bought(shop, two.pk)
    assert seen(shop, one.pk) == {first}
    merge = merged(one.pk, two.pk)
    assert seen(shop, one.pk) == {first, second}
    with merchant_scope(shop.merchant_id):
        assert order_story(second, person_id=one.pk)
    third = bought(shop, one.pk)
    part_persons(merge.pk, one.pk, actor=Actor("person", one.pk))
    assert seen(shop, one.pk) == {first, third}, "what was ordered since stays with who ordered it"
    assert seen(shop, two.pk) == {second}


def test_the_preview_says_in_numbers_what_comes_along() -> None:
    shop, (one, _), (two, _) = make_shop(), with_number(), with_number()
    bought(shop, two.pk)
    bought(shop, two.pk)
    told = preview(proposed(one.pk, two.pk))
    assert (told.brings["order"], told.brings["member"], told.merchants) == (2, 1, 1)
    assert told.both_numbers and not told.refusals
    assert "order" not in count_rows(one.pk), "a preview changes nothing"


def test_each_merchant_is_told_once_with_who_and_why() -> None:
    shops, (one, _), (two, _) = [make_shop(), make_shop()], with_number(), with_number()
    for shop in shops:
        bought(shop, two.pk)
    merge = merged(one.pk, two.pk)
    for shop in shops:
        with merchant_scope(shop.merchant_id):
            news = MemberMerge.objects.get(merge_id=merge.pk)
            assert news.member_id == Member.objects.get(person_id=one.pk).id
            events = timeline(Subject("member_merge", news.pk))
            assert [(event.name, event.reason) for event in events] == [("member.merged", "own_accounts")]
    part_persons(merge.pk, one.pk, actor=Actor("person", one.pk))
    with merchant_scope(shops[0].merchant_id):
        assert MemberMerge.objects.get(merge_id=merge.pk).parted_at
    assert PersonMerge.objects.get(pk=merge.pk).untold_at


def test_a_telling_that_was_cut_off_is_finished_by_the_sweep() -> None:
    shop, (one, _), (two, _) = make_shop(), with_number(), with_number()
    bought(shop, two.pk)
    merge = join(proposed(one.pk, two.pk).pk)  # the process dies before it tells anybody
    sweep_merges(clock.now())
    assert PersonMerge.objects.get(pk=merge.pk).told_at is None, "who is at it now is left alone"
    for _ in range(2):
        sweep_merges(clock.now() + timedelta(minutes=2))
    with merchant_scope(shop.merchant_id):
        news = MemberMerge.objects.get(merge_id=merge.pk)
        assert len(timeline(Subject("member_merge", news.pk))) == 1
    assert PersonMerge.objects.get(pk=merge.pk).told_at


def test_a_limit_per_member_holds_over_both_accounts() -> None:
    shop, (one, _), (two, _) = make_shop(), with_number(), with_number()
    with merchant_scope(shop.merchant_id):
        coupon = create_coupon(
            title="一人一张",
            starts_at=clock.now() - DAY,
            ends_at=clock.now() + DAY,
            off_fen=Fen(500),
            per_member=1,
            actor=shop.owner,
        )
    choice = Choice(coupons=(coupon.id,))
    bought(shop, two.pk, choice)
    merge = merged(one.pk, two.pk)
    with pytest.raises(LimitReached):
        bought(shop, one.pk, choice)
    part_persons(merge.pk, one.pk, actor=Actor("person", one.pk))
    bought(shop, one.pk, choice)  # two accounts again: each has its own


def test_nobody_earns_on_what_the_other_account_buys() -> None:
    shop, (buyer, _), (earner, _) = make_shop(), with_number(), with_number()
    with merchant_scope(shop.merchant_id):
        promoter = join_promoter(earner.pk, shown_name="林", actor=Actor("person", earner.pk))
        link = create_link(channel="poster", promoter_id=promoter.id, actor=SYSTEM)
    follow_link(link.token, visitor=buyer.pk, person_id=buyer.pk)
    asked = {"visitor": None, "person_id": buyer.pk, "window": DAY}
    with merchant_scope(shop.merchant_id):
        assert attribute(**asked, at=clock.now()).promoter_id == promoter.id
    merged(buyer.pk, earner.pk)
    with merchant_scope(shop.merchant_id):
        assert attribute(**asked, at=clock.now()).promoter_id is None
        with pytest.raises(AlreadyPromoter):
            join_promoter(buyer.pk, shown_name="林", actor=Actor("person", buyer.pk))


def test_what_led_the_other_account_here_counts_for_the_one() -> None:
    shop, (buyer, _), (other, _), (earner, _) = make_shop(), with_number(), with_number(), with_number()
    with merchant_scope(shop.merchant_id):
        promoter = join_promoter(earner.pk, shown_name="林", actor=Actor("person", earner.pk))
        link = create_link(channel="poster", promoter_id=promoter.id, actor=SYSTEM)
    follow_link(link.token, visitor=other.pk, person_id=other.pk)
    merged(buyer.pk, other.pk)
    with merchant_scope(shop.merchant_id):
        found = attribute(visitor=None, person_id=buyer.pk, at=clock.now(), window=DAY)
    assert found.promoter_id == promoter.id


def test_a_desk_opens_with_the_one_account_and_two_at_one_shop_are_refused() -> None:
    shop, (one, _), (two, _) = make_shop(), with_number(), with_number()
    with merchant_scope(shop.merchant_id):
        add_staff(two.pk, Role.SERVICE, actor=shop.owner)
        assert role_of(one.pk) is None
    merge = merged(one.pk, two.pk)
    with merchant_scope(shop.merchant_id):
        assert role_of(one.pk) == Role.SERVICE
        with pytest.raises(AlreadyStaff):
            add_staff(one.pk, Role.FINANCE, actor=shop.owner)
    part_persons(merge.pk, one.pk, actor=SYSTEM)
    with merchant_scope(shop.merchant_id):
        add_staff(one.pk, Role.FINANCE, actor=shop.owner)
    again = proposed(one.pk, two.pk)
    assert [type(refusal) for refusal in preview(again).refusals] == [BothAreStaff]
    with pytest.raises(BothAreStaff):
        merge_persons(again.pk, actor=SYSTEM)


def test_two_incomes_at_one_shop_are_refused() -> None:
    shop, (one, _), (two, _) = make_shop(), with_number(), with_number()
    with merchant_scope(shop.merchant_id):
        for person in (one, two):
            join_promoter(person.pk, shown_name="林", actor=Actor("person", person.pk))
    with pytest.raises(BothArePromoters):
        merged(one.pk, two.pk)


def test_the_cart_comes_along_and_stays() -> None:
    shop, (one, _), (two, _) = make_shop((100, 200)), with_number(), with_number()
    with merchant_scope(shop.merchant_id):
        set_cart_line(one.pk, shop.skus[0], 1)
        for sku in shop.skus:
            set_cart_line(two.pk, sku, 2)
    bought(make_shop(), two.pk)
    with merchant_scope(shop.merchant_id):
        Member.objects.create(person_id=two.pk)
    merged(one.pk, two.pk)

    def cart(person: UUID) -> dict[UUID, int]:
        with merchant_scope(shop.merchant_id):
            return dict(CartLine.objects.filter(person_id=person).values_list("sku_id", "quantity"))

    assert cart(one.pk) == {shop.skus[0]: 3, shop.skus[1]: 2}
    assert cart(two.pk) == {shop.skus[0]: 2, shop.skus[1]: 2}


def test_a_guests_orders_come_along_when_it_signs_in() -> None:
    shop, guest, (account, _) = make_shop(), create_guest(), with_password()
    order = bought(shop, guest.pk)
    assert take_guest_along(create_guest().pk, account.pk) is None, "nothing was ordered"
    merge = take_guest_along(guest.pk, account.pk)
    assert merge and merge.reason == "guest_signed_in"
    assert seen(shop, account.pk) == {order}
    part_persons(merge.pk, account.pk, actor=Actor("person", account.pk))
    assert seen(shop, account.pk) == set()


def test_what_cannot_be_merged() -> None:
    (one, _), (two, _), (three, _) = with_number(), with_number(), with_number()
    with pytest.raises(SamePerson):
        proposed(one.pk, one.pk)
    unproven = propose(one.pk, two.pk, reason="same_contact", proved=False)
    with pytest.raises(MergeUnproven):
        merge_persons(unproven.pk, actor=SYSTEM)
    with clock.shifted(-timedelta(minutes=11)):
        late = proposed(one.pk, two.pk)
    with pytest.raises(MergeUnproven):
        merge_persons(late.pk, actor=SYSTEM)
    waiting = proposed(two.pk, three.pk)
    merge = merged(one.pk, two.pk)
    for stale in (waiting, merge):
        with pytest.raises(MergeOutdated):
            merge_persons(stale.pk, actor=SYSTEM)
    with pytest.raises(MergeOutdated):
        proposed(two.pk, three.pk)
    with pytest.raises(MergeOutdated):  # only who acts for both may undo it
        part_persons(merge.pk, three.pk, actor=SYSTEM)


def test_reading_for_both_accounts_still_goes_by_the_index() -> None:
    """Under the policy only what is leak-proof does."""
    person = create_guest().pk
    with person_scope(person), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            'explain select id from "order" where person_id = any(tongdao_persons(%s)) order by placed_at',
            [person],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "order_person" in plan and "Index Cond" in plan, plan
