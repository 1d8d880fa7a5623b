"""Buying in a group: opening, joining, its page in each state, and what the order tells meanwhile."""

from __future__ import annotations

from datetime import timedelta

from tests.faces.shop.browsing import PHONE, Browser, Page
from tests.faces.shop.offering import add_group_buy, with_region
from tests.support.builders import Shop, make_shop
from tests.support.paying import PaySandbox
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.models import Group, PromotionUse
from tongdao.terms.promotions.operations import dissolve_group, seats_paid
from tongdao.trade.orders.models import Order

HOUR = timedelta(hours=1)


def open_group(browser: Browser, shop: Shop) -> Page:
    page = browser.get(f"/s/{shop.slug}/p/tea-1")
    page = browser.send(page.form("/take"), ("group", "new"))
    return browser.send(with_region(browser, page).form("/checkout"))


def the_group(shop: Shop) -> Group:
    with merchant_scope(shop.merchant_id):
        return Group.objects.get()


def pay_seats(shop: Shop) -> None:
    """What the capture does with seats, without a channel."""
    with merchant_scope(shop.merchant_id):
        orders = list(PromotionUse.objects.filter(state="held").values_list("order_id", flat=True))
        seats_paid(orders, at=clock.now(), actor=SYSTEM)


def test_both_prices_are_told_and_a_group_opened(shop: Shop) -> None:
    add_group_buy(shop, 8_800, size=2)
    browser = Browser()
    page = browser.get(f"/s/{shop.slug}/p/tea-1")
    assert "Group of 2" in page.html and "¥88.00" in page.html and "Alone" in page.html
    page = browser.send(page.form("/take"), ("group", "new"))
    assert "You open a group." in page.html
    assert "Group price −¥40.00" in page.html
    browser.send(with_region(browser, page).form("/checkout"))
    group = the_group(shop)
    assert (group.size, group.taken, group.state) == (2, 1, "open")


def test_whoever_changes_his_mind_buys_alone(shop: Shop) -> None:
    add_group_buy(shop, 8_800)
    browser = Browser()
    page = browser.get(f"/s/{shop.slug}/p/tea-1")
    page = with_region(browser, browser.send(page.form("/take"), ("group", "new")))
    page = browser.send(page.form("/checkout"), ("step", "alone"))
    browser.send(page.form("/checkout"))
    with merchant_scope(shop.merchant_id):
        assert Order.objects.get().total_fen == 12_800
        assert not Group.objects.exists()


def test_another_buyer_joins_and_sees_nobody(shop: Shop) -> None:
    add_group_buy(shop, 8_800, size=3)
    opener, joiner = Browser(), Browser()
    open_group(opener, shop)
    path = f"/s/{shop.slug}/groups/{the_group(shop).id}"
    assert path in joiner.get(f"/s/{shop.slug}/p/tea-1").html
    page = joiner.get(path)
    assert page.html.count("Free seat") == 2
    assert "Buyer 1" in page.html
    for private in ("林小满", "林", "13812345678", "138*", str(order_ids(shop)[0])):
        assert private not in page.html
    page = joiner.send(page.form("/take"), ("group", str(the_group(shop).id)))
    assert "You join a group." in page.html
    joiner.send(with_region(joiner, page).form("/checkout"))
    assert the_group(shop).taken == 2
    own = joiner.get(path)
    assert "You are in this group" in own.html
    assert f"/orders/{order_ids(shop)[1]}" in own.html
    assert "/take" not in [form.action[-5:] for form in own.forms]


def order_ids(shop: Shop) -> list[object]:
    with merchant_scope(shop.merchant_id):
        return list(Order.objects.order_by("placed_at").values_list("id", flat=True))


def test_a_full_group_cannot_be_joined_and_the_buyer_is_told_before_he_pays_more(shop: Shop) -> None:
    add_group_buy(shop, 8_800, size=2)
    late = Browser()
    open_group(Browser(), shop)
    path = f"/s/{shop.slug}/groups/{the_group(shop).id}"
    page = late.get(path)
    form = with_region(late, late.send(page.form("/take"), ("group", str(the_group(shop).id)))).form(
        "/checkout"
    )
    other = Browser()
    page = other.send(other.get(path).form("/take"), ("group", str(the_group(shop).id)))
    other.send(with_region(other, page).form("/checkout"))
    page = late.send(form)
    assert page.status == 409
    assert len(order_ids(shop)) == 2
    assert "128<small>.00</small>" in page.html
    assert "group" not in page.form("/checkout").values
    assert "All seats are taken" in Browser().get(path).html


def test_the_page_in_each_state(shop: Shop) -> None:
    add_group_buy(shop, 8_800, size=2)
    browser = Browser()
    open_group(browser, shop)
    group = the_group(shop)
    path = f"/s/{shop.slug}/groups/{group.id}"
    other = Browser()
    page = other.send(other.get(path).form("/take"), ("group", str(group.id)))
    other.send(with_region(other, page).form("/checkout"))
    pay_seats(shop)
    page = Browser().get(path)
    assert "The group is complete" in page.html
    assert page.html.count(">Paid<") == 2


def test_a_group_that_does_not_come_together_says_where_the_money_goes(shop: Shop) -> None:
    add_group_buy(shop, 8_800, size=2)
    open_group(Browser(), shop)
    group = the_group(shop)
    with merchant_scope(shop.merchant_id):
        Group.objects.filter(pk=group.id).update(deadline=clock.now() - HOUR)
        assert dissolve_group(group.id, actor=SYSTEM)
    page = Browser().get(f"/s/{shop.slug}/groups/{group.id}")
    assert "The group did not come together" in page.html
    assert "Whoever has paid gets all of it back by itself." in page.html
    assert "Join this group" not in page.html


def test_the_order_tells_that_it_waits_and_leads_to_the_group(paid_shop: Shop, sandbox: PaySandbox) -> None:
    add_group_buy(paid_shop, 8_800, size=2)
    browser = Browser(agent=PHONE)
    open_group(browser, paid_shop)
    [order] = order_ids(paid_shop)
    page = browser.get(f"/s/{paid_shop.slug}/orders/{order}")
    assert "everything you paid goes back by itself" in page.html
    assert f"/groups/{the_group(paid_shop).id}" in page.html
    assert "Group price" in page.html


def test_a_group_of_another_store_is_not_there(shop: Shop) -> None:
    add_group_buy(shop, 8_800)
    open_group(Browser(), shop)
    other = make_shop()
    path = f"/s/{other.slug}/groups/{the_group(shop).id}"
    assert Browser().get(path).status == 404
