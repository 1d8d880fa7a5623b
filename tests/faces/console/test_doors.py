"""Who may enter where: each role at each page and action, strangers, guests, forged and outdated requests."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from tests.faces.console.examples import Examples, make_examples
from tests.faces.console.support import PASSWORD, Desk, make_desk
from tongdao.faces.console.guard import Page
from tongdao.faces.console.table import PAGES, PERMISSIONS
from tongdao.faces.console.urls import BY_NAME
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations import remove_staff
from tongdao.party.merchants.operations.staff import StaffMember
from tongdao.party.merchants.permissions import MATRIX
from tongdao.party.people.operations import create_guest

ENDING = (
    *("staff_remove", "promoter_leave", "cancel", "freight_archive"),
    *("invitation_revoke", "role_archive", "page_remove", "licence_withdraw"),
    *("import_undo", "batch_undo", "batch_cancel"),
)
SHOWN = [page for page in PAGES if page.show]
ACTED = [page for page in PAGES if page.act]


@pytest.fixture(scope="module")
def examples(cluster: object) -> Examples:
    return make_examples()


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_exactly_the_pages_it_may(examples: Examples, role: Role) -> None:
    browser = examples.desk.client(role)
    seen = {page.name: browser.get(examples.url(page)).status_code for page in SHOWN}
    assert seen == {page.name: 200 if page.need in MATRIX[role] else 403 for page in SHOWN}


@pytest.mark.parametrize("role", Role)
def test_each_role_does_exactly_what_it_may(examples: Examples, role: Role) -> None:
    """What is sent is empty, so what a role may do ends in a refusal of the operation or in a redirect."""
    browser = examples.desk.client(role)
    for page in ACTED:
        if page.name in ENDING:
            continue  # they would end what the others need: see test_what_ends
        answered = browser.post(examples.url(page), examples.wrong(page)).status_code
        allowed = page.need in MATRIX[role]
        assert (answered != 403) is allowed and answered < 500, (page.name, answered)


@pytest.mark.parametrize("role", Role)
def test_what_ends(role: Role) -> None:
    for name in ENDING:
        examples = make_examples()
        page = BY_NAME[name]
        answered = examples.desk.client(role).post(examples.url(page), {"reason": "other"}).status_code
        assert answered == (302 if page.need in MATRIX[role] else 403), name


def test_every_page_has_a_permission_and_a_menu_never_leads_to_a_closed_door(examples: Examples) -> None:
    assert set(PERMISSIONS) == {page.name for page in PAGES} == set(examples.parts)
    for role in Role:
        text = examples.desk.client(role).get(examples.desk.url("home")).content.decode()
        begin = text.index('<nav class="console-side"')
        side = text[begin : text.index("</nav>", begin)]
        for page in SHOWN:
            if not examples.parts[page.name] and page.need not in MATRIX[role]:
                assert f'href="{examples.desk.url(page.name)}"' not in side


def test_a_page_refused_shows_itself_again_to_everyone_who_may_act() -> None:
    """A role that may act may also see the page that shows its refusal."""
    for page in ACTED:
        back = BY_NAME[page.back] if not page.show else page
        for role in Role:
            if page.need in MATRIX[role]:
                assert back.need in MATRIX[role] and back.show, (page.name, role)


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.name)
def test_another_merchant_is_not_there(examples: Examples, page: Page) -> None:
    stranger = make_desk().client()
    assert stranger.get(examples.url(page)).status_code == 404
    if page.act:
        assert stranger.post(examples.url(page)).status_code == 404


@pytest.mark.parametrize("page", [page for page in PAGES if "<" in page.path], ids=lambda page: page.name)
def test_rows_of_another_merchant_are_not_there(examples: Examples, page: Page) -> None:
    """My own desk with the other merchant's ids."""
    mine = make_desk()
    path = mine.url(page.name, **examples.parts[page.name])
    browser = mine.client()
    if page.show:
        assert browser.get(path).status_code == 404
    if page.act:
        assert browser.post(path, examples.right(page)).status_code == 404


def test_a_merchant_that_does_not_exist_is_not_there(examples: Examples) -> None:
    path = examples.desk.url("home").replace(str(examples.desk.shop.merchant_id), str(uuid4()))
    assert examples.desk.client().get(path).status_code == 404


def test_nobody_is_sent_to_sign_in_and_comes_back(examples: Examples) -> None:
    wanted = examples.desk.url("orders") + "?state=paid"
    browser = Client()
    answer = browser.get(wanted)
    assert answer.status_code == 302 and answer["Location"].startswith("/console/sign-in?next=")
    examples.desk.client(Role.SERVICE)
    typed = {"sign_in_name": examples.desk.names[Role.SERVICE], "password": PASSWORD, "next": wanted}
    assert browser.post("/console/sign-in", typed)["Location"] == wanted


def test_a_post_of_nobody_changes_nothing_and_leads_to_sign_in(examples: Examples) -> None:
    answer = Client().post(examples.desk.url("plan"), {"rate": "10"})
    assert (answer.status_code, answer["Location"]) == (302, "/console/sign-in")


def test_a_guest_of_a_shop_is_nobody_here(examples: Examples) -> None:
    browser = Client()
    browser.force_login(create_guest())
    assert "/console/sign-in" in browser.get(examples.desk.url("home"))["Location"]


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/console/", "/\\evil.example", "javascript:alert(1)", "/"],
)
def test_signing_in_leads_nowhere_else(examples: Examples, wanted: str) -> None:
    examples.desk.client(Role.FINANCE)
    typed = {"sign_in_name": examples.desk.names[Role.FINANCE], "password": PASSWORD, "next": wanted}
    assert Client().post("/console/sign-in", typed)["Location"] == "/console/"


def test_a_wrong_password_is_told_and_kept_out(examples: Examples) -> None:
    examples.desk.client(Role.FINANCE)
    typed = {"sign_in_name": examples.desk.names[Role.FINANCE], "password": "not the password"}
    browser = Client()
    answer = browser.post("/console/sign-in", typed)
    assert answer.status_code == 401 and typed["sign_in_name"] in answer.content.decode()
    assert "not the password" not in answer.content.decode()
    assert browser.get("/console/")["Location"] == "/console/sign-in"


@pytest.mark.parametrize("page", ACTED, ids=lambda page: page.name)
def test_every_action_wants_its_form_secret(examples: Examples, page: Page) -> None:
    browser = examples.desk.client(Role.OWNER, csrf=True)
    assert browser.post(examples.url(page), examples.right(page)).status_code == 403
    assert browser.post("/console/sign-out").status_code == 403


def test_signing_out_ends_it(examples: Examples) -> None:
    browser = examples.desk.client(Role.READ_ONLY)
    assert browser.post("/console/sign-out").status_code == 302
    assert browser.get(examples.desk.url("home")).status_code == 302
    assert browser.get("/console/sign-out").status_code == 405


def test_who_is_removed_is_out_at_once() -> None:
    desk: Desk = make_desk()
    browser = desk.client(Role.OPERATIONS)
    assert browser.get(desk.url("home")).status_code == 200
    with merchant_scope(desk.shop.merchant_id):
        row = StaffMember.objects.get(person_id=desk.people[Role.OPERATIONS])
        remove_staff(row.id, actor=desk.shop.owner)
    assert browser.get(desk.url("home")).status_code == 404


def test_an_action_looked_at_leads_to_its_page(examples: Examples) -> None:
    browser = examples.desk.client()
    for page in ACTED:
        if page.show is None:
            answer = browser.get(examples.url(page))
            assert answer.status_code == 302 and "/m/" in answer["Location"], page.name


@pytest.mark.parametrize("path", ["orders/nonsense", "products/1", "nothing", "orders?before=x&after=%00"])
def test_nonsense_is_not_there(examples: Examples, path: str) -> None:
    assert examples.desk.client().get(examples.desk.url("home") + path).status_code == 404


def test_other_verbs_are_refused(examples: Examples) -> None:
    browser = examples.desk.client()
    assert browser.put(examples.desk.url("plan")).status_code == 405
    assert browser.post(examples.desk.url("home")).status_code == 405
