"""The company's own pages: inviting staff, own roles, company, licences, agreements, and who changed what."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from tests.faces.console.support import Desk, make_desk
from tongdao.faces.console.company_words import AGREEMENTS, CHANGES, GOODS, LICENCES, PERMISSION_WORDS
from tongdao.foundation import clock
from tongdao.foundation.events import vocabulary
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.goods.catalog.operations import sweep_licences
from tongdao.party.merchants.models import (
    AgreementKind,
    Licence,
    Role,
    StaffInvitation,
    StaffMember,
    StaffRole,
)
from tongdao.party.merchants.permissions import PERMISSIONS
from tongdao.rulebook.licences import CATEGORIES, KINDS

COMPANY = {
    "legal_name": "山间茶舍有限公司",
    "credit_code": "91350100M000100Y43",
    "legal_address": "福建省福州市鼓楼区一号",
    "service_phone": "0591-12345678",
}
NEW = {"shown_name": "小周", "password": "my-own-tea-2026"}


def invite(desk: Desk, role: str = "service") -> str:
    """The path of the link that the page shows."""
    answer = desk.client().post(desk.url("staff_invite"), {"for_whom": "小周", "role": role})
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    found = re.search(r'value="[^"]*(/console/join/[\w-]+)"', answer.content.decode())
    assert found
    return found.group(1)


def body(answer: object) -> str:
    return unescape(answer.content.decode())  # type: ignore[attr-defined]  # a response


def test_words_for_everything_there_is() -> None:
    assert set(PERMISSION_WORDS) == set(PERMISSIONS) and set(LICENCES) == set(KINDS)
    assert set(GOODS) == {"", *CATEGORIES.on(clock.today())} and set(AGREEMENTS) == set(AgreementKind)
    assert set(CHANGES) <= set(vocabulary())


def test_somebody_new_opens_the_link_makes_an_account_accepts_and_works_here() -> None:
    desk = make_desk()
    path = invite(desk)
    newcomer = Client()
    asked = newcomer.get(path)
    assert asked.status_code == 200 and asked["Referrer-Policy"] == "same-origin"
    assert newcomer.post(path, {}).status_code == 422
    name = f"new-{token(10)}@example.com"
    made = newcomer.post(path, NEW | {"sign_in_name": name})
    assert (made.status_code, made["Location"]) == (302, path)
    with merchant_scope(desk.shop.merchant_id):
        assert StaffMember.objects.filter(role=Role.SERVICE).count() == 0, "nobody accepted yet"
    assert "Make an account" not in body(newcomer.get(path))
    assert newcomer.post(path)["Location"] == desk.url("home")
    assert newcomer.get(desk.url("home")).status_code == 200
    with merchant_scope(desk.shop.merchant_id):
        assert StaffMember.objects.filter(role=Role.SERVICE).count() == 1
    again = newcomer.get(path)
    assert again.status_code == 410
    assert Client().get(path).status_code == 410


def test_looking_at_the_link_changes_nothing_and_forms_want_their_secret() -> None:
    desk, other = make_desk(), make_desk()
    path = invite(desk)
    guest = other.client(Role.READ_ONLY, csrf=True)
    assert guest.get(path).status_code == 200
    assert guest.post(path).status_code == 403
    with merchant_scope(desk.shop.merchant_id):
        assert StaffInvitation.objects.get().state == "open"


def test_the_link_is_on_one_answer_only_and_can_be_taken_back() -> None:
    desk = make_desk()
    path = invite(desk)
    browser = desk.client()
    shown = body(browser.get(desk.url("staff")))
    assert "小周" in shown and path not in shown
    with merchant_scope(desk.shop.merchant_id):
        id = StaffInvitation.objects.get().id
    assert browser.post(desk.url("invitation_revoke", invitation_id=id)).status_code == 302
    assert "小周" not in body(browser.get(desk.url("staff")))
    assert Client().get(path).status_code == 410
    assert browser.post(desk.url("invitation_revoke", invitation_id=id)).status_code == 410


def test_a_role_of_ones_own_opens_its_pages_and_is_offered_for_invitations() -> None:
    desk = make_desk()
    browser = desk.client()
    typed = {"label": "客服组长", "permissions": ["orders.read", "staff.manage"]}
    assert browser.post(desk.url("role_new"), typed).status_code == 302
    with merchant_scope(desk.shop.merchant_id):
        role = StaffRole.objects.get()
    path = invite(desk, str(role.id))
    clerk = desk_of_another(path)
    assert clerk.get(desk.url("orders")).status_code == 200
    assert clerk.get(desk.url("products")).status_code == 403
    offered = body(clerk.get(desk.url("staff_invite")))
    assert "客服组长" in offered and 'value="owner"' not in offered and 'value="finance"' not in offered
    for wanted in ("owner", "finance"):
        answer = clerk.post(desk.url("staff_invite"), {"for_whom": "x", "role": wanted})
        assert answer.status_code == 422
    shown = body(clerk.get(desk.url("role_new")))
    assert 'value="orders.read"' in shown and 'value="money.read"' not in shown
    above = clerk.post(desk.url("role_new"), {"label": "大", "permissions": ["money.read"]})
    assert above.status_code == 403
    changed = browser.post(
        desk.url("role", role_id=role.id), {"label": "组长", "permissions": ["goods.read"]}
    )
    assert changed.status_code == 302
    assert clerk.get(desk.url("orders")).status_code == 403
    assert clerk.get(desk.url("products")).status_code == 200


def desk_of_another(path: str) -> Client:
    """The browser of a newcomer who has accepted the link."""
    browser = Client()
    browser.post(path, NEW | {"sign_in_name": f"new-{token(10)}@example.com"})
    assert browser.post(path).status_code == 302
    return browser


def test_a_company_is_written_and_every_change_told_with_both_texts() -> None:
    desk = make_desk()
    browser = desk.client()
    wrong = browser.post(desk.url("company"), COMPANY | {"credit_code": "91350100M000100Y44"})
    assert wrong.status_code == 422 and COMPANY["legal_name"] in body(wrong)
    assert browser.post(desk.url("company"), COMPANY).status_code == 302
    assert browser.post(desk.url("company"), COMPANY | {"legal_name": "<b>云雾</b>"}).status_code == 302
    page = browser.get(desk.url("changes"), {"what": "company.changed"}).content.decode()
    assert "山间茶舍有限公司 → &lt;b&gt;云雾&lt;/b&gt;" in page and "<b>云雾" not in page
    assert "Changes" not in body(desk.client(Role.OPERATIONS).get(desk.url("home")))


def test_changes_are_read_a_page_at_a_time_and_by_kind() -> None:
    desk = make_desk()
    browser = desk.client()
    for number in range(52):
        assert browser.post(desk.url("brands"), {"name": f"品牌{number:02}"}).status_code == 302
    browser.get(desk.url("brands"))  # what was said of each is shown here
    first = body(browser.get(desk.url("changes"), {"what": "brand.added"}))
    assert first.count("<tr>") == 51 and "品牌51" in first and "品牌01" not in first
    older = re.search(r'href="([^"]*before=[^"]*)"', first)
    assert older
    second = body(browser.get(older.group(1)))
    assert second.count("<tr>") == 3 and "品牌01" in second
    for nonsense in ("?what=nonsense", "?before=x", "?what=company.changed"):
        assert browser.get(desk.url("changes") + nonsense).status_code == 200


def test_goods_wait_for_their_licence_and_the_first_page_says_so() -> None:
    desk = make_desk()
    browser = desk.client()
    with merchant_scope(desk.shop.merchant_id):
        product_id = Sku.objects.get().product_id
    kind = desk.url("goods_kind", product_id=product_id)
    assert browser.post(kind, {"category": "food"}).status_code == 302
    assert "data-held" in body(browser.get(kind)) or "notice-waiting" in body(browser.get(kind))
    home = body(browser.get(desk.url("home"), headers={"accept-language": "en"}))
    assert "Goods held back" in home and "Company data missing" in home
    ends = clock.today() + timedelta(days=29)
    typed = {"kind": "food_business", "number": "JY1", "holder": "茶", "valid_from": "2020-01-01"}
    assert browser.post(desk.url("licence_new"), typed | {"valid_until": "2019-01-01"}).status_code == 422
    assert browser.post(desk.url("licence_new"), typed | {"valid_until": ends.isoformat()}).status_code == 302
    sweep_licences(clock.now())
    home = body(browser.get(desk.url("home"), headers={"accept-language": "en"}))
    assert "Goods held back" not in home and "Licence ends soon" in home
    with merchant_scope(desk.shop.merchant_id):
        id = Licence.objects.get().id
    assert browser.post(desk.url("licence_withdraw", licence_id=id)).status_code == 302
    sweep_licences(clock.now())
    with merchant_scope(desk.shop.merchant_id):
        assert not Sku.objects.get().saleable


@pytest.mark.parametrize(("days", "status"), [(6, 422), (9, 302)])
def test_an_agreement_is_published_ahead(days: int, status: int) -> None:
    desk = make_desk()
    begins = (clock.now() + timedelta(days=days)).date().isoformat()
    typed = {"kind": "terms", "title": "服务协议", "body_html": "<p>甲</p>", "effective_from": begins}
    answer = desk.client().post(desk.url("agreement_new"), typed)
    assert answer.status_code == status


def test_buyers_read_who_runs_the_shop_and_its_pages() -> None:
    desk = make_desk()
    browser, visitor = desk.client(), Client()
    about = f"/s/{desk.shop.slug}/about"
    assert visitor.get(about).status_code == 200
    browser.post(desk.url("company"), COMPANY)
    page = {
        "title": "发货",
        "slug": "shipping",
        "body_html": "<p>次日</p><script>x</script>",
        "published": "on",
    }
    assert browser.post(desk.url("page_new"), page).status_code == 302
    shown = body(visitor.get(about))
    assert all(text in shown for text in COMPANY.values()) and "发货" in shown
    text = visitor.get(f"/s/{desk.shop.slug}/pages/shipping").content.decode()
    assert "<p>次日</p>" in text and "<script>x" not in text
    assert visitor.get(f"/s/{desk.shop.slug}/pages/nothing").status_code == 404
    assert visitor.get(f"/s/{make_desk().shop.slug}/pages/shipping").status_code == 404


def test_a_shop_wears_its_colour() -> None:
    desk = make_desk()
    typed = {"name": "茶", "notice": "", "accent": "#2f6f5e", "domain": f"{desk.shop.slug}.example.com"}
    pale = desk.client().post(desk.url("settings"), typed | {"accent": "#ffd700"})
    assert pale.status_code == 422
    assert desk.client().post(desk.url("settings"), typed).status_code == 302
    visitor = Client()
    assert '/theme/2f6f5e.css"' in visitor.get(f"/s/{desk.shop.slug}/about").content.decode()
    sheet = visitor.get("/theme/2f6f5e.css")
    assert sheet["Content-Type"].startswith("text/css") and "--accent-fill: #2f6f5e" in sheet.content.decode()
    for colour in ("ffd700", "x", "2f6f5e00"):
        assert visitor.get(f"/theme/{colour}.css").status_code == 404
