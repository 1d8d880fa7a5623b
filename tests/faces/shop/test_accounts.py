"""Bringing one's accounts together on the pages, and what the shop tells and asks."""

from __future__ import annotations

import re
from uuid import UUID

from django.test import Client

from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.people import PASSWORD, with_number, with_password
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.party.members.consents import consent_given
from tongdao.party.members.notices import may_notify
from tongdao.party.people.merging import propose
from tongdao.party.people.models import Authenticator, Person
from tongdao.party.people.operations import create_guest
from tongdao.trade.orders.models import Order


def signed_in(shop: Shop, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    told = {"sign_in_name": name, "password": PASSWORD}
    assert client.post(f"/s/{shop.slug}/sign-in", told).status_code == 302
    return client


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def seen(person: Person) -> int:
    with person_scope(person.pk):
        return Order.objects.count()


def test_accounts_are_brought_together_and_parted_again() -> None:
    shop = make_shop()
    (one, name), (two, other) = with_password(), with_password()
    place_one(a_request(shop, person_id=two.pk), shop)
    client = signed_in(shop, name)
    there = f"/s/{shop.slug}/me/accounts"
    assert "None." in text_of(client, there)
    proved = client.post(f"{there}/add", {"sign_in_name": other, "password": PASSWORD})
    assert proved.status_code == 302 and UUID(proved.url.rsplit("/", 1)[1])
    page = text_of(client, proved.url)
    assert "What comes along" in page and re.search(r"Orders</dt>\s*<dd class=\"num\">1<", page)
    assert seen(one) == 0, "looking changes nothing"
    assert client.post(proved.url).status_code == 302
    assert seen(one) == 1
    assert "An account that you added" in text_of(client, there)
    place_one(a_request(shop, person_id=one.pk), shop)
    undo = f"{proved.url}/undo"
    assert "1 order that was placed since" in text_of(client, undo)
    assert client.post(undo).status_code == 302
    assert (seen(one), seen(two)) == (1, 1)


def test_of_an_account_that_is_not_proven_nothing_is_told() -> None:
    """Staff may think that two are one person; the person has to show it."""
    shop = make_shop()
    (one, name), (two, _) = with_password(), with_password()
    place_one(a_request(shop, person_id=two.pk), shop)
    merge = propose(one.pk, two.pk, reason="told_by_buyer", proved=False, merchant_id=shop.merchant_id)
    client = signed_in(shop, name)
    assert "A shop says" in text_of(client, f"/s/{shop.slug}/me/accounts")
    there = f"/s/{shop.slug}/me/accounts/{merge.pk}"
    page = text_of(client, there)
    assert "First show that it is yours" in page and "Orders</dt>" not in page and "Make them one" not in page
    assert client.post(there).status_code == 401


def test_what_is_in_the_way_is_said_and_no_button_is_shown() -> None:
    shop = make_shop()
    (one, name), (two, _) = with_password(), with_number()
    client = signed_in(shop, name)
    Authenticator.objects.create(person=two, secret="x", confirmed_at=clock.now())
    merge = propose(one.pk, two.pk, reason="own_accounts", proved=True)
    page = text_of(client, f"/s/{shop.slug}/me/accounts/{merge.pk}")
    assert "asks for a second step" in page and "Make them one" not in page
    assert client.post(f"/s/{shop.slug}/me/accounts/{merge.pk}").status_code == 409


def test_nobody_decides_for_others_and_old_sign_ins_do_not_decide() -> None:
    shop = make_shop()
    (one, name), (two, _other), (_three, stranger) = with_password(), with_password(), with_password()
    merge = propose(one.pk, two.pk, reason="own_accounts", proved=True)
    there = f"/s/{shop.slug}/me/accounts/{merge.pk}"
    assert signed_in(shop, stranger).post(there).status_code == 404
    assert Client().post(there).status_code == 302, "signs in first"
    client = signed_in(shop, name)
    session = client.session
    session["signed_at"] = 0
    session.save()
    assert "/sign-in" in client.post(there)["Location"]
    two.refresh_from_db()
    assert two.merged_into_id is None


def test_a_guest_who_signs_in_finds_its_orders_there() -> None:
    shop = make_shop()
    person, name = with_password()
    client = Client(headers={"accept-language": "en"})
    guest = create_guest()
    client.force_login(guest)
    place_one(a_request(shop, person_id=guest.pk), shop)
    client.post(f"/s/{shop.slug}/sign-in", {"sign_in_name": name, "password": PASSWORD})
    assert seen(person) == 1
    page = text_of(client, f"/s/{shop.slug}/me/accounts")
    assert "is in your account now" in page and "before signing in" in page


def test_a_consent_is_given_and_taken_back_with_one_tap() -> None:
    shop = make_shop()
    person, name = with_password()
    client, there = signed_in(shop, name), f"/s/{shop.slug}/me/consents"
    page = text_of(client, there)
    assert page.count("Yes, I agree") == 5 and "No longer" not in page
    assert "To let you sign in we keep" in page and "checked" not in page
    for given in (True, False):
        answer = client.post(there, {"purpose": "personal", "version": "2026-11", "given": str(int(given))})
        assert answer.status_code == 302
        with merchant_scope(shop.merchant_id):
            assert consent_given(person.pk, "personal") == given
    assert client.post(there, {"purpose": "personal", "version": "1", "given": "1"}).status_code == 409
    assert client.post(there, {"purpose": "none", "version": "1", "given": "1"}).status_code == 404


def test_anybody_may_read_what_is_done_with_data() -> None:
    shop = make_shop()
    page = text_of(Client(headers={"accept-language": "en"}), f"/s/{shop.slug}/me/consents")
    assert "Records of trade are kept for three years" in page and "Yes, I agree" not in page
    assert Client().get(f"/s/{shop.slug}/me/notifications").status_code == 302


def test_news_is_switched_way_by_way() -> None:
    shop = make_shop()
    person, name = with_password()
    client, there = signed_in(shop, name), f"/s/{shop.slug}/me/notifications"

    def switch(purpose: str, channel: str, wanted: str) -> int:
        told = {"purpose": purpose, "channel": channel, "wanted": wanted, "version": "2026-11"}
        return client.post(there, told).status_code

    assert text_of(client, there).count("Stays on") == 3
    assert switch("order", "sms", "0") == 302
    assert switch("order", "wechat", "0") == 409
    assert text_of(client, there).count("Stays on") == 4
    assert not may_notify(person.pk, shop.merchant_id, "order", "sms")
    assert switch("marketing", "wechat", "1") == 302
    assert may_notify(person.pk, shop.merchant_id, "marketing", "wechat")
    assert switch("income", "sms", "1") == 404
