"""Staff, promoters, links, commission, accounts, settings, opening a shop, passwords."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.faces.console.support import PASSWORD, Desk, key_pair, make_desk
from tongdao.foundation import directory
from tongdao.foundation.events import Event
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import MerchantAccount, Role, StaffMember, Storefront
from tongdao.party.network.models import Promoter
from tongdao.party.people.operations import check_sign_in, find_person
from tongdao.party.people.refusals import SignInFailed
from tongdao.reach.traffic.models import ShareLink
from tongdao.terms.plans.models import CommissionRule
from tongdao.trade.shipping.models import CarrierAccount

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def desk(cluster: object) -> Desk:
    return make_desk()


def new_name() -> str:
    return f"new-{token(10)}@example.com"


def shown_password(html: str) -> str:
    found = re.search(r'value="([a-z0-9]{4}(?:-[a-z0-9]{4}){3})"', html)
    assert found
    return found.group(1)


def test_a_newcomer_gets_a_password_that_is_shown_once_and_works(desk: Desk) -> None:
    name, browser = new_name(), desk.client()
    answer = browser.post(desk.url("promoter_add"), {"sign_in_name": name, "shown_name": "小周"})
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    password = shown_password(answer.content.decode())
    person = check_sign_in(name, password)
    assert password not in browser.get(desk.url("promoters")).content.decode()

    newcomer = Client()
    newcomer.post("/console/sign-in", {"sign_in_name": name, "password": password})
    other = Client()
    other.post("/console/sign-in", {"sign_in_name": name, "password": password})
    changed = newcomer.post("/console/password", {"old": password, "new": "my-own-tea-2026"})
    assert changed.status_code == 302
    assert newcomer.get("/console/").status_code == 200
    assert other.get("/console/").status_code == 302
    assert check_sign_in(name, "my-own-tea-2026").id == person.id
    with pytest.raises(SignInFailed):
        check_sign_in(name, password)


@pytest.mark.parametrize(
    ("old", "new"), [("not it", "my-own-tea-2026"), (PASSWORD, "short"), (PASSWORD, "password123")]
)
def test_a_password_is_changed_only_by_its_owner_to_a_good_one(desk: Desk, old: str, new: str) -> None:
    browser = desk.client(Role.FINANCE)
    answer = browser.post("/console/password", {"old": old, "new": new})
    assert answer.status_code == 422 and new not in answer.content.decode()
    assert check_sign_in(desk.names[Role.FINANCE], PASSWORD).id == desk.people[Role.FINANCE]


def test_roles_change_and_the_last_owner_stays() -> None:
    desk = make_desk()
    browser = desk.client(Role.OWNER)
    desk.client(Role.SERVICE)
    with merchant_scope(desk.shop.merchant_id):
        rows = {row.person_id: row.id for row in StaffMember.objects.all()}
    service = rows[desk.people[Role.SERVICE]]
    path = desk.url("staff_member", staff_id=service)
    assert browser.post(path, {"role": "finance"}).status_code == 302
    first = desk.url("staff_remove", staff_id=rows[desk.shop.owner_id])
    assert browser.post(first).status_code == 302
    last = desk.url("staff_remove", staff_id=rows[desk.people[Role.OWNER]])
    assert browser.post(last).status_code == 409
    assert browser.post(desk.url("staff_remove", staff_id=service)).status_code == 302
    assert browser.get(desk.url("staff_remove", staff_id=service)).status_code == 404


def test_a_promoter_joins_gets_a_link_with_its_code_and_leaves(desk: Desk) -> None:
    browser, name = desk.client(Role.OPERATIONS), new_name()
    answer = browser.post(desk.url("promoter_add"), {"shown_name": "阿青", "sign_in_name": name})
    assert shown_password(answer.content.decode())
    person = find_person(name)
    assert person is not None
    with merchant_scope(desk.shop.merchant_id):
        promoter = Promoter.objects.get(person_id=person.id)
    made = browser.post(
        desk.url("new_link"), {"channel": "moments", "promoter": str(promoter.id), "product": ""}
    )
    page = browser.get(made["Location"]).content.decode()
    with merchant_scope(desk.shop.merchant_id):
        link = ShareLink.objects.get(promoter=promoter)
    assert f"/l/{link.token}" in page and '<div class="qr"' in page
    assert browser.post(desk.url("promoter_leave", promoter_id=promoter.id)).status_code == 302
    wrong = browser.post(desk.url("new_link"), {"channel": "moments", "promoter": str(promoter.id)})
    assert wrong.status_code == 422


def test_a_commission_is_set_in_percent_and_bounded(desk: Desk) -> None:
    browser = desk.client()
    assert browser.post(desk.url("plan"), {"rate": "12.5%"}).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        assert CommissionRule.objects.get(plan__effective_to__isnull=True).rate_bps == 1_250
    for wrong in ("", "50.01", "-1", "1.234", "x", "100"):
        assert browser.post(desk.url("plan"), {"rate": wrong}).status_code == 422, wrong


def test_settings_are_kept_told_and_bounded(desk: Desk) -> None:
    browser = desk.client(Role.OPERATIONS)
    typed = {"name": "山止茶事", "notice": "春节放假三天"}
    assert browser.post(desk.url("settings"), typed).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        assert Storefront.objects.get().notice == "春节放假三天"
        assert Event.objects.filter(name="storefront.edited").count() == 1
    assert browser.post(desk.url("settings"), typed).status_code == 302  # the same again is no event
    assert browser.post(desk.url("settings"), {"name": "", "notice": ""}).status_code == 422
    assert browser.post(desk.url("settings"), {"name": "x", "notice": "y" * 301}).status_code == 422
    with merchant_scope(desk.shop.merchant_id):
        assert Event.objects.filter(name="storefront.edited").count() == 1


def test_accounts_are_connected_and_their_keys_never_come_back(desk: Desk) -> None:
    browser = desk.client()
    private, public = key_pair()
    typed = {
        "mchid": "1900009191",
        "appid": "wx8888",
        "certificate_serial": "5157F09EFDC096DE15EBE81A47057A72",
        "private_key": private,
        "api_v3_key": "abcdefghijklmnopqrstuvwxyz012345",
        "platform_key_id": "PUB_KEY_ID_01",
        "platform_public_key": public,
        "fee": "0.6",
    }
    assert browser.post(desk.url("payment_account"), typed | {"api_v3_key": "short"}).status_code == 422
    refused = browser.post(
        desk.url("payment_account"), typed | {"private_key": "-----BEGIN PRIVATE KEY-----"}
    )
    assert refused.status_code == 422
    assert browser.post(desk.url("payment_account"), typed).status_code == 302
    carrier = {name: f"{name}-value" for name in ("key", "secret", "customer", "partner_id")}
    sender = {"sender_name": "林", "sender_phone": "057188880000", "sender_address": "杭州市西湖区"}
    assert browser.post(desk.url("carrier_account"), carrier | sender).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        assert MerchantAccount.objects.get(effective_to__isnull=True).fee_bps == 60
        assert CarrierAccount.objects.get(effective_to__isnull=True).secret == "secret-value"
    for name in ("channels", "payment_account", "carrier_account"):
        page = browser.get(desk.url(name)).content.decode()
        assert "secret-value" not in page and typed["api_v3_key"] not in page and "MII" not in page


def test_a_shop_opens_with_its_owner() -> None:
    browser, slug, name = Client(), f"open-{token(8)}", new_name()
    typed = {
        "name": "新店",
        "slug": slug,
        "shown_name": "林",
        "sign_in_name": name,
        "password": "mountain-tea-2026",
    }
    answer = browser.post("/console/open", typed)
    assert answer.status_code == 302
    page = browser.get(answer["Location"])
    assert page.status_code == 200 and "新店" in page.content.decode()
    found = directory.lookup("storefront", slug)
    assert found is not None and str(found.merchant_id) in answer["Location"]


def test_a_taken_path_keeps_the_new_person_signed_in_to_try_another(desk: Desk) -> None:
    browser, name = Client(), new_name()
    typed = {"name": "新店", "shown_name": "林", "sign_in_name": name, "password": "mountain-tea-2026"}
    answer = browser.post("/console/open", typed | {"slug": desk.shop.slug})
    assert answer.status_code == 409 and "password" not in answer.content.decode().split("<main")[1]
    answer = browser.post("/console/open", {"name": "新店", "slug": f"open-{token(8)}"})
    assert answer.status_code == 302
    for wrong in ("A B", "1abc", "x", "a--b"):
        assert browser.post("/console/open", {"name": "新店", "slug": wrong}).status_code == 422


def test_who_works_for_several_chooses_and_who_works_for_none_is_told() -> None:
    first, second = make_desk(), make_desk()
    browser = first.client(Role.SERVICE)
    assert browser.get("/console/")["Location"] == first.url("home")
    person = first.people[Role.SERVICE]
    with merchant_scope(second.shop.merchant_id):
        StaffMember.objects.create(person_id=person, role=Role.FINANCE)
    page = browser.get("/console/").content.decode()
    assert first.url("home") in page and second.url("home") in page
    for shop in (first, second):
        with merchant_scope(shop.shop.merchant_id):
            StaffMember.objects.filter(person_id=person).delete()
    assert "/console/open" in browser.get("/console/").content.decode()


def test_script_in_every_text_field_is_text() -> None:
    """What was typed comes back on pages and in refused forms, and never as markup."""
    desk = make_desk()
    browser = desk.client()
    promoter = {"shown_name": SCRIPT, "sign_in_name": new_name()}
    staff = {"for_whom": SCRIPT[:40], "role": "service"}
    page = {"title": SCRIPT, "slug": "x", "body_html": SCRIPT}
    licence = {"kind": "food_business", "number": SCRIPT, "holder": SCRIPT, "valid_from": "2026-01-01"}
    company = {"legal_name": SCRIPT, "credit_code": SCRIPT, "legal_address": SCRIPT, "service_phone": SCRIPT}
    seen = [
        browser.post(desk.url("settings"), {"name": SCRIPT, "notice": SCRIPT}),
        browser.post(desk.url("promoter_add"), promoter),
        browser.post(desk.url("staff_invite"), staff),
        browser.post(desk.url("role_new"), {"label": SCRIPT, "permissions": ["orders.read"]}, follow=True),
        browser.post(desk.url("brands"), {"name": SCRIPT}, follow=True),
        browser.post(desk.url("page_new"), page, follow=True),
        browser.post(desk.url("licence_new"), licence, follow=True),
        browser.post(desk.url("company"), company),
        browser.get(desk.url("changes")),
        browser.post(desk.url("plan"), {"rate": SCRIPT}),
        browser.post(desk.url("payment_account"), {"mchid": SCRIPT, "private_key": SCRIPT}),
        browser.post(desk.url("carrier_account"), {"sender_name": SCRIPT, "sender_address": SCRIPT}),
        browser.post("/console/open", {"name": SCRIPT, "slug": SCRIPT}),
        Client().post("/console/sign-in", {"sign_in_name": SCRIPT, "password": SCRIPT, "next": SCRIPT}),
        browser.get(desk.url("orders"), {"q": SCRIPT, "state": SCRIPT}),
        browser.get(desk.url("products"), {"q": SCRIPT, "show": SCRIPT}),
        browser.get(desk.url("pack"), {"order": SCRIPT, "carrier": SCRIPT}),
        *(
            browser.get(desk.url(name))
            for name in ("settings", "promoters", "staff", "links", "new_link", "home")
        ),
    ]
    bodies = [answer.content.decode() for answer in seen]
    assert all(SCRIPT not in body for body in bodies)
    assert sum("&lt;script&gt;" in body for body in bodies) >= 12
