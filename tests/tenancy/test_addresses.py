"""A walk through all addresses and operations: a neighbour asks for what is theirs, and gets nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.faces.api.calling import Caller, Town, a_guest, served
from tests.faces.api.examples import Operation, operations
from tests.support.paying import PaySandbox
from tests.support.wechat import WechatSandbox
from tests.tenancy.catalogue import superuser
from tests.tenancy.leak_cases import CASES, Kind
from tests.tenancy.neighbours import Address, Neighbour, Watch, addresses, make_neighbour
from tests.trade.shipping.sandbox import CarrierSandbox

Answer = tuple[int, str]
PAGES = [page for page in addresses() if not page.name.startswith("api:")]
OPERATIONS = {f"api:{operation.id}": operation for operation in operations()}
UNREAD = (
    400,
    404,
    405,
    422,
)  # a form that is not good, or a verb that is not known, is answered before rows are


def pages(kind: Kind) -> list[Any]:
    return [pytest.param(page, id=page.name) for page in PAGES if CASES[page.name].kind == kind]


def calls(kind: Kind) -> list[Any]:
    return [pytest.param(one, id=name) for name, one in OPERATIONS.items() if CASES[name].kind == kind]


def test_every_address_has_its_case_and_every_case_its_address() -> None:
    names = {address.name for address in addresses()}
    assert names | OPERATIONS.keys() == CASES.keys()
    assert OPERATIONS.keys() <= names


@pytest.fixture(scope="module")
def town(cluster: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    paying = PaySandbox(tmp_path_factory.mktemp("wechatpay"))
    carrier = CarrierSandbox(Path(tmp_path_factory.mktemp("carrier")))
    carrier.start()
    wechat = WechatSandbox(tmp_path_factory.mktemp("wechat"))
    gateways = {"wechatpay_url": paying.papers["gateway"], "carrier_url": carrier.url}
    with served(**gateways, wechat_url=wechat.gateway) as url:
        yield Town(url, paying, wechat)
    wechat.close()
    carrier.kill()
    paying.close()


@pytest.fixture(scope="module")
def us(town: Town) -> Neighbour:
    return make_neighbour(town)


@pytest.fixture(scope="module")
def them(town: Town) -> Neighbour:
    return make_neighbour(town)


@pytest.fixture(scope="module")
def watch(them: Neighbour) -> Iterator[Watch]:
    with superuser() as admin:
        yield Watch(admin, them.merchant_id)


def visit(browser: Client, page: Address, ids: dict[str, str], theirs: dict[str, str]) -> Iterator[Answer]:
    """GET and POST, naming their rows wherever a form or a query of this page can. A redirect is 302."""
    data = {field: theirs[id] for field, id in CASES[page.name].data.items()}
    for verb in (browser.get, browser.post):
        answer = verb(page.path(ids), data)
        yield answer.status_code, _text(answer)


def _text(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


def call(neighbour: Neighbour, caller: Caller, operation: Operation, ids: dict[str, str]) -> Answer:
    """The good request of the neighbour, with these ids in its address."""
    named = {name: id for name, id in ids.items() if f"{{{name}}}" in operation.path}
    answer = neighbour.examples.call(caller, operation, **named)
    return answer.status, repr(answer.body)


def asked_in_vain(
    watch: Watch, asked: dict[str, str], ask: Callable[[], Any], statuses: tuple[int, ...]
) -> None:
    """Whatever is asked changes nothing of theirs, and shows nothing of theirs that we did not name."""
    before, secrets = watch.state(), watch.secrets() - set(asked.values())
    for status, text in ask():
        assert status in statuses, (status, text[:400])
        assert not [secret for secret in secrets if secret in text]
    assert watch.state() == before


def test_the_watch_would_see_it(them: Neighbour, watch: Watch) -> None:
    """Their own owner is shown what counts as a secret, and what it does counts as a change."""
    before, secrets = watch.state(), watch.secrets()
    assert len(secrets) > 50
    orders = OPERATIONS["api:list_merchant_orders"]
    assert any(secret in call(them, them.caller, orders, {})[1] for secret in secrets)
    page = next(page for page in PAGES if page.name == "console:orders")
    assert any(secret in next(visit(them.desk(), page, them.ids, them.ids))[1] for secret in secrets)
    call(them, them.caller, OPERATIONS["api:create_share_link"], {})
    assert watch.state() != before


@pytest.mark.parametrize("page", pages("DESK"))
def test_their_desk_is_not_there(page: Address, us: Neighbour, them: Neighbour, watch: Watch) -> None:
    asked_in_vain(watch, them.ids, lambda: visit(us.desk(), page, them.ids, them.ids), (302, 404, 405))
    assert us.desk().get(page.path(them.ids), follow=True).status_code == 404


@pytest.mark.parametrize("page", pages("DESK"))
def test_our_desk_has_none_of_their_rows(page: Address, us: Neighbour, them: Neighbour, watch: Watch) -> None:
    ids = them.ids | {"merchant_id": us.ids["merchant_id"]}
    answers = list(visit(us.desk(), page, ids, them.ids))
    names_rows = len(page.names) > 1
    statuses = (302, *UNREAD) if names_rows else (200, 302, *UNREAD)
    asked_in_vain(watch, them.ids, lambda: answers, statuses)
    if names_rows:
        assert answers[0][0] == 404 or answers[1][0] == 404
    asked_in_vain(watch, them.ids, lambda: visit(us.desk(), page, ids, them.ids), statuses)


@pytest.mark.parametrize("page", pages("DESK"))
def test_a_buyer_has_no_desk(page: Address, them: Neighbour, watch: Watch) -> None:
    """Their own buyer, signed in as guests are, is led to the door."""
    for answer in (them.buyer().get(page.path(them.ids)), them.buyer().post(page.path(them.ids))):
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/console/sign-in")


@pytest.mark.parametrize("page", pages("OWN"))
def test_their_buyers_pages_are_not_there(
    page: Address, us: Neighbour, them: Neighbour, watch: Watch
) -> None:
    asked_in_vain(watch, them.ids, lambda: visit(us.buyer(), page, them.ids, them.ids), (404, 405))
    in_our_store = them.ids | {"slug": us.ids["slug"]}
    asked_in_vain(watch, them.ids, lambda: visit(us.buyer(), page, in_our_store, them.ids), (404, 405))
    assert 404 in [status for status, _ in visit(us.buyer(), page, them.ids, them.ids)]
    assert 404 in [status for status, _ in visit(Client(), page, them.ids, them.ids)], "nobody signed in"


@pytest.mark.parametrize("page", pages("STORE"))
def test_a_store_shows_nothing_private(page: Address, us: Neighbour, them: Neighbour, watch: Watch) -> None:
    ask = us.buyer()
    asked_in_vain(
        watch, them.ids, lambda: [next(visit(ask, page, them.ids, them.ids))], (200, 302, 400, 404, 405)
    )
    in_our_store = them.ids | {"slug": us.ids["slug"]}
    asked_in_vain(watch, them.ids, lambda: visit(ask, page, in_our_store, them.ids), (200, 302, *UNREAD))


@pytest.mark.parametrize("page", pages("MINE"))
def test_lists_hold_what_is_ones_own(page: Address, us: Neighbour, them: Neighbour, watch: Watch) -> None:
    for browser in (us.buyer(), us.desk()):
        asked_in_vain(
            watch, {}, lambda b=browser: [next(visit(b, page, them.ids, them.ids))], (200, 302, 404)
        )  # type: ignore[misc]


@pytest.mark.parametrize("page", pages("TOKEN"))
def test_an_address_by_token_needs_the_token(page: Address, them: Neighbour, watch: Watch) -> None:
    """No id of theirs opens it, and a token has at least 49 bits."""
    for guess in (*them.ids.values(), "", "x" * 26):
        ids = {"token": guess.replace("/", "") or "x"}
        asked_in_vain(
            watch, them.ids, lambda ids=ids: visit(Client(), page, ids, {}), (400, 401, 404, 405, 410)
        )  # type: ignore[misc]


@pytest.mark.parametrize("page", pages("PLATFORM"))
def test_the_platforms_desk_is_for_operators(page: Address, us: Neighbour, them: Neighbour) -> None:
    """Owners of merchants, buyers and visitors, with ids of rows that are there: nothing but the door."""
    named = {"name": "sms_codes", "command": "flush", "reader": "metrics.days", "job_id": "1"}
    named |= {"source": "case", **dict.fromkeys(("dispute_id", "file_id"), them.ids["order_id"])}
    ids = them.ids | named | {"person_id": str(them.owner.pk), "intent_id": them.ids["order_id"]}
    for browser in (us.desk(), them.desk(), them.buyer(), Client()):
        for verb in (browser.get, browser.post):
            answer = verb(page.path(ids), {"reason": "我想看看", "state": "off", "kind": "fraud"})
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/operator/sign-in")
            assert answer.content == b""


@pytest.mark.parametrize("operation", calls("DESK"))
def test_their_desk_answers_no_neighbour(
    operation: Operation, us: Neighbour, them: Neighbour, watch: Watch
) -> None:
    theirs = them.examples.parameters(operation.id)
    ask = lambda: [call(us, us.caller, operation, theirs)]  # noqa: E731 said twice
    asked_in_vain(watch, theirs, ask, (404,))
    at_ours = theirs | {"merchant_id": us.ids["merchant_id"]}
    named = operation.path.count("{") > 1
    if named:
        asked_in_vain(watch, theirs, lambda: [call(us, us.caller, operation, at_ours)], (404,))
    else:
        asked_in_vain(
            watch, {}, lambda: [call(us, us.caller, operation, at_ours)], (200, 201, 202, 204, 409, 422)
        )


@pytest.mark.parametrize("operation", calls("OWN"))
def test_their_buyers_rows_answer_no_other(
    operation: Operation, us: Neighbour, them: Neighbour, watch: Watch
) -> None:
    theirs = them.examples.parameters(operation.id)
    stranger = us.examples.world.buyer
    asked_in_vain(watch, theirs, lambda: [call(them, stranger, operation, theirs)], (404,))


@pytest.mark.parametrize("operation", calls("STORE"))
def test_a_stores_answers_hold_nothing_private(
    operation: Operation, us: Neighbour, them: Neighbour, watch: Watch
) -> None:
    secrets = watch.secrets() - set(them.ids.values())
    visitor = a_guest()
    _, text = call(them, visitor, operation, {})
    fresh = watch.secrets() - secrets  # what the visitor has just made itself is its own to see
    assert not [secret for secret in secrets - fresh if secret in text]
    if "{slug}" in operation.path and "{sku_id}" in operation.path:
        ids = {"slug": us.ids["slug"], "sku_id": them.ids["sku_id"]}
        assert call(us, visitor, operation, ids)[0] == 404


@pytest.mark.parametrize("operation", calls("MINE"))
def test_ones_own_lists_hold_nothing_of_theirs(operation: Operation, us: Neighbour, watch: Watch) -> None:
    if operation.id == "sign_out":
        return  # it answers nothing, and the caller is needed further on
    own = (200, 201, 202, 404, 409, 422)  # some say that there is nothing to show, or to take back
    for caller in (us.caller, us.examples.world.buyer):
        asked_in_vain(watch, {}, lambda c=caller: [call(us, c, operation, {})], own)  # type: ignore[misc]
