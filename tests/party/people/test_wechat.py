"""Whose account a WeChat user is, at one app and at several, one after another and at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from tests.interleaving.harness import Work, bursts, in_turns
from tests.support.builders import make_shop
from tests.support.people import a_phone, a_proof, with_number
from tests.support.wechat import WechatSandbox
from tests.tenancy.catalogue import superuser
from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.foundation.pii import blind_index
from tongdao.foundation.tenancy import ScopeNested, merchant_scope
from tongdao.party.people.accounts import bind_number, is_guest, number_of, open_account
from tongdao.party.people.models import CodePurpose, Identity, Person
from tongdao.party.people.operations import create_guest, issue_token, person_of_token
from tongdao.party.people.refusals import (
    SignInFailed,
    TokenInvalid,
    WechatOff,
    WechatOver,
    WechatPreview,
    WechatTaken,
    WechatUnavailable,
)
from tongdao.party.people.wechat import (
    App,
    Seen,
    attach,
    exchange,
    fetch_ticket,
    holder_of,
    open_by_wechat,
    openid_of,
)

EXAMPLES = int(os.environ.get("TONGDAO_EXAMPLES", "10"))
SCHEDULES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 6)), max_size=10).map(
    lambda runs: list(bursts(runs))
)
Observer = psycopg.Connection[tuple[Any, ...]]
relaxed = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)

search = settings(relaxed, max_examples=60, database=None, phases=[Phase.generate])


@pytest.fixture(scope="module")
def wechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WechatSandbox]:
    running = WechatSandbox(tmp_path_factory.mktemp("wechat"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def observer(cluster: object) -> Iterator[Observer]:
    with superuser() as connection:
        yield connection


def seen(unionid: str = "", *, appid: str = "wxofficial", openid: str = "") -> Seen:
    return Seen(appid, openid or f"o{token(27)}", unionid)


def a_union() -> str:
    return f"u{token(27)}"


def an_app(wechat: WechatSandbox, kind: Any = "official") -> tuple[dict[str, str], App]:
    papers = wechat.app(kind, account=token(8))
    return papers, App(papers["appid"], papers["secret"], kind, papers["gateway"])


def test_the_same_unionid_is_the_same_person_in_every_app() -> None:
    union = a_union()
    first = open_by_wechat(seen(union))
    there = seen(union, appid="wxwebsite")
    assert open_by_wechat(there) == first
    assert openid_of(first.pk, "wxwebsite") == there.openid
    assert open_by_wechat(seen(openid=there.openid, appid="wxwebsite")) == first, "known by the openid alone"
    assert open_by_wechat(seen(openid=there.openid, appid="wxother")) != first, "an openid is one app's"


def test_a_unionid_that_comes_later_joins_who_was_known_by_the_openid() -> None:
    silent = seen()
    person = open_by_wechat(silent)
    union = a_union()
    assert open_by_wechat(seen(union, openid=silent.openid)) == person
    assert open_by_wechat(seen(union, appid="wxwebsite")) == person


def test_the_unionid_says_it_first_and_takes_the_openid_along() -> None:
    silent, union = seen(), a_union()
    before, known = open_by_wechat(silent), open_by_wechat(seen(union, appid="wxwebsite"))
    assert open_by_wechat(seen(union, openid=silent.openid)) == known != before
    assert holder_of(silent) == known
    assert Identity.objects.filter(person=before, valid_to__isnull=False).count() == 1


def test_a_guest_becomes_the_account_and_older_keys_end() -> None:
    guest = create_guest()
    key = issue_token(guest)
    assert open_by_wechat(seen(a_union()), guest=guest) == guest
    assert not is_guest(guest.pk)
    with pytest.raises(TokenInvalid):
        person_of_token(key)


def test_who_has_an_account_stays_who_it_is_whoever_the_browser_was() -> None:
    union = a_union()
    person = open_by_wechat(seen(union))
    guest = create_guest()
    assert open_by_wechat(seen(union), guest=guest) == person
    assert is_guest(guest.pk)


def test_a_number_proven_later_joins_and_then_both_open_it() -> None:
    union, phone = a_union(), a_phone()
    person = open_by_wechat(seen(union))
    bind_number(person.pk, a_proof(phone, CodePurpose.NUMBER))
    assert number_of(person.pk) == phone
    with clock.shifted(timedelta(minutes=2)):
        assert open_account(a_proof(phone)) == person
    assert open_by_wechat(seen(union)) == person


def test_wechat_is_added_to_an_account_but_never_taken_from_another() -> None:
    person, _ = with_number()
    union = a_union()
    attach(person.pk, seen(union))
    assert open_by_wechat(seen(union)) == person
    other, _ = with_number()
    with pytest.raises(WechatTaken):
        attach(other.pk, seen(union))
    assert not Identity.objects.filter(person=other, kind="wechat_union").exists()
    assert not Identity.objects.filter(person=other, kind="wechat_openid").exists(), "all or nothing"


def test_a_closed_account_is_closed_to_wechat_too() -> None:
    union = a_union()
    person = open_by_wechat(seen(union))
    Person.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(SignInFailed):
        open_by_wechat(seen(union, appid="wxwebsite"))
    assert openid_of(person.pk, "wxwebsite") == ""


def test_neither_openid_nor_unionid_can_be_read_in_the_table(observer: Observer) -> None:
    one = seen(a_union())
    person = open_by_wechat(one)
    rows = observer.execute(
        "select identity::text from identity where person_id = %s", [person.pk]
    ).fetchall()
    assert len(rows) == 2
    assert not any(one.openid in str(row) or one.unionid in str(row) for row in rows)


def coming(*seens: Seen) -> list[Work]:
    return [lambda one=one: open_by_wechat(one) for one in seens]  # type: ignore[misc]  # a default binds it


def holders(union: str) -> int:
    rows = Identity.objects.filter(kind="wechat_union", lookup=blind_index("wechat_union", union))
    return len(set(rows.values_list("person_id", flat=True)))


@relaxed
@given(schedule=SCHEDULES)
def test_first_sign_ins_at_once_are_one_person(observer: Observer, schedule: list[int]) -> None:
    union = a_union()
    works = coming(seen(union), seen(union, appid="wxwebsite"), seen(union, appid="wxmini"))
    in_turns(works, schedule, observer)
    assert holders(union) == 1


def test_without_the_one_holder_they_would_be_two(observer: Observer) -> None:
    """The negative control: the same works while the table takes a value twice."""
    observer.execute("drop index identity_one_holder")
    union = ""

    def splits(schedule: list[int]) -> bool:
        nonlocal union
        union = a_union()
        in_turns(coming(seen(union), seen(union, appid="wxwebsite")), schedule, observer)
        return holders(union) > 1

    try:
        assert find(SCHEDULES, splits, settings=search)
    finally:
        observer.execute("delete from identity where kind like 'wechat%'")
        observer.execute(
            "create unique index identity_one_holder on identity (kind, lookup) where valid_to is null"
        )


def test_a_code_opens_once(wechat: WechatSandbox) -> None:
    papers, app = an_app(wechat)
    user = wechat.user()
    code = wechat.code(papers, user, "snsapi_userinfo")
    told = exchange(app, code)
    assert {"openid": told.openid, "unionid": told.unionid} == wechat.ids(papers, user)
    for stale in (code, "nothing", ""):
        with pytest.raises(WechatOver):
            exchange(app, stale)


def test_the_silent_way_tells_no_unionid_and_a_mini_program_does(wechat: WechatSandbox) -> None:
    papers, app = an_app(wechat)
    assert exchange(app, wechat.code(papers, wechat.user(), "snsapi_base")).unionid == ""
    papers, app = an_app(wechat, "mini")
    assert exchange(app, wechat.code(papers, wechat.user(), "js_code")).unionid


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        ("BUSY", WechatUnavailable),
        ("LIMIT", WechatUnavailable),
        ("GARBAGE", WechatUnavailable),
        ("LOST_BEFORE", WechatUnavailable),
        ("LOST_AFTER", WechatUnavailable),
        ("SNAPSHOT", WechatPreview),
    ],
)
def test_whatever_wechat_answers_becomes_a_refusal(
    wechat: WechatSandbox, kind: str, refusal: type[Exception]
) -> None:
    papers, app = an_app(wechat)
    code = wechat.code(papers, wechat.user(), "snsapi_userinfo")
    wechat.control("/faults", operation="access_token", kind=kind)
    with pytest.raises(refusal):
        exchange(app, code)


def test_who_is_not_there_and_a_wrong_secret_are_refusals(wechat: WechatSandbox) -> None:
    papers, app = an_app(wechat)
    with pytest.raises(WechatUnavailable):
        exchange(App(app.appid, app.secret, "official", "http://127.0.0.1:9"), "code")
    with pytest.raises(WechatOff) as refused:
        exchange(
            App(app.appid, "wrong", "official", app.gateway),
            wechat.code(papers, wechat.user(), "snsapi_base"),
        )
    assert refused.value.details == {"wechat_code": 40125}
    assert "wrong" not in repr(App(app.appid, "wrong", "official", app.gateway))


def test_nobody_calls_wechat_inside_a_scope(wechat: WechatSandbox) -> None:
    _, app = an_app(wechat)
    with merchant_scope(make_shop().merchant_id), pytest.raises(ScopeNested):
        fetch_ticket(app)
