"""Nobody can buy a reputation, nor pay for a bad word to go."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.crm.reputing import praise, reputations, sold
from tests.faces.console.support import pay
from tests.faces.promoter.support import PRICE, Earner, make_earner, make_promoted_shop
from tests.party.people.test_merging import merged
from tests.support.builders import a_request, place_one
from tests.support.complaining import STAFF
from tests.trade.reviews.support import buyer_of_order, lines_of, write
from tongdao.crm.reputation.counting import Bought, LineState
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role, StaffMember
from tongdao.party.merchants.operations import add_staff
from tongdao.party.people.operations import register_person
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.operations import CaseWish, grant_case, open_case, refund_lines
from tongdao.trade.reviews.refusals import NothingKept


@pytest.fixture
def earner() -> Earner:
    return make_earner(make_promoted_shop())


def bought(earner: Earner, person_id: UUID, *, units: int = 1) -> UUID:
    order_id = place_one(a_request(earner.shop, units, person_id=person_id), earner.shop).order_ids[0]
    pay(earner.shop, order_id)
    earner.receive(order_id)
    return order_id


def counts(earner: Earner) -> tuple[int, ...]:
    """Of the shop; the product's are the same."""
    shop, product, _promoter = reputations(earner)
    assert shop.counts == product.counts
    return shop.counts


def refund(earner: Earner, order_id: UUID, units: int = 1) -> None:
    line = lines_of(earner.shop, order_id)[0]
    with merchant_scope(earner.shop.merchant_id):
        refund_lines(order_id, {line: units}, freight="none", reason="agreed", actor=SYSTEM)


def lower(earner: Earner, order_id: UUID, fen: int) -> AfterSale:
    """The shop gives some of the price back, and the buyer keeps the goods."""
    line, buyer = lines_of(earner.shop, order_id)[0], buyer_of_order(earner.shop, order_id)
    with merchant_scope(earner.shop.merchant_id):
        wish = CaseWish(order_id, "price_adjustment", {line: 1}, "agreed", asked_fen=fen)
        return grant_case(open_case(wish, actor=buyer).id, actor=STAFF)


def test_what_staff_buys_and_praises_counts_for_nobody(earner: Earner) -> None:
    clerk = register_person(sign_in_name="clerk@example.com", password="mountain-tea-2026", shown_name="小陈")
    order_id = bought(earner, clerk.id)
    with merchant_scope(earner.shop.merchant_id):
        add_staff(clerk.id, Role.SERVICE, actor=earner.shop.owner)
    praise(earner, order_id)
    with merchant_scope(earner.shop.merchant_id):
        StaffMember.objects.filter(person_id=clerk.id).delete()
    assert counts(earner) == (0, 0, 0, 0, 0), "it was staff when it wrote; leaving changes nothing"


def test_one_human_being_counts_once_under_all_its_names(earner: Earner) -> None:
    one, two = (
        register_person(sign_in_name=f"{name}@example.com", password="mountain-tea-2026", shown_name="小林")
        for name in ("one", "two")
    )
    first, second = bought(earner, one.id), bought(earner, two.id)
    write(earner.shop, lines_of(earner.shop, first)[0], Actor("person", one.id), stars=2)
    merged(two.id, one.id)
    write(earner.shop, lines_of(earner.shop, second)[0], Actor("person", two.id), stars=5)
    assert counts(earner) == (0, 1, 0, 0, 0)


def test_praise_for_goods_whose_money_went_back_counts_no_more(earner: Earner) -> None:
    order_id = sold(earner, review=5)
    assert counts(earner) == (0, 0, 0, 0, 1)
    refund(earner, order_id)
    assert counts(earner) == (0, 0, 0, 0, 0)


def test_a_bad_word_stays_when_the_money_goes_back(earner: Earner) -> None:
    order_id = sold(earner, review=1)
    refund(earner, order_id)
    assert counts(earner) == (1, 0, 0, 0, 0)


def test_who_kept_nothing_cannot_review(earner: Earner) -> None:
    order_id = sold(earner)
    refund(earner, order_id)
    with pytest.raises(NothingKept):
        praise(earner, order_id)


def test_one_unit_of_several_that_went_back_leaves_the_review(earner: Earner) -> None:
    order_id = sold(earner, units=3, review=5)
    refund(earner, order_id, 2)
    assert counts(earner) == (0, 0, 0, 0, 1)
    refund(earner, order_id)
    assert counts(earner) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(("fen", "kept"), [(PRICE // 2 - 1, 1), (PRICE // 2, 0)])
def test_praise_for_half_the_price_back_counts_no_more_before_or_after(
    earner: Earner, fen: int, kept: int
) -> None:
    before, after = sold(earner), sold(earner, review=5)
    for order_id in (before, after):
        with merchant_scope(earner.shop.merchant_id):
            from tongdao.trade.shipping.models import Parcel

            Parcel.objects.filter(order_id=order_id).update(state="delivered")
        lower(earner, order_id, fen)
    praise(earner, before)
    assert counts(earner) == (0, 0, 0, 0, 2 * kept)


@pytest.mark.pure
@pytest.mark.parametrize("stars", range(1, 6))
def test_what_was_not_paid_for_has_no_stars(stars: int) -> None:
    assert LineState(sent=1, stars=stars).figures(Bought(1, 0)) == {}
