"""Who gets in: persons with the platform's role who came by two steps. Everybody else is shown nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.faces.console.support import Desk
from tests.faces.operator.support import READER, REASON, Someone, World, at, make_operator
from tests.party.people.test_second import STEP, shown
from tests.support.people import PASSWORD, an_email, with_password
from tests.support.signing import at_desk
from tongdao.faces.operator.lists import LISTS
from tongdao.faces.operator.sessions import PASSKEY, PROVEN, UNTIL
from tongdao.faces.operator.table import ACTS
from tongdao.foundation import clock
from tongdao.foundation.models import OperatorDeed
from tongdao.party.people.models import PlatformRole
from tongdao.party.people.operations import create_guest, register_person
from tongdao.party.people.operators import grant_operator, platform_role, revoke_operator
from tongdao.party.people.second import confirm_authenticator, drop_authenticator
from tongdao.party.people.sign_in import BACKEND

TYPED = {"reason": REASON, "kind": "fraud", "state": "off"}


def addresses(world: World) -> list[str]:
    """All that is behind the door: lists, pages, acts."""
    return [*(at(admin.address) for _model, admin in LISTS), *world.pages().values(), *acts(world).values()]


def acts(world: World) -> dict[str, str]:
    """Each act's address upon something that is there."""
    merchant, person = (world.shop.merchant_id,), (world.person_id,)
    ids: dict[str, tuple[object, ...]] = {
        "merchant_suspend": merchant,
        "merchant_resume": merchant,
        "person_unmask": person,
        "person_lock": person,
        "person_unlock": person,
        "review_take_down": (*merchant, world.review_id),
        "dispute_rule": (world.dispute_id,),
        "reader_retry": (READER, *merchant),
        "reader_replay": (READER, *merchant),
        "intent_retry": (*merchant, world.intent_id),
        "job_retry": (world.failed_job,),
        "job_cancel": (world.waiting_job,),
        "switch_set": ("sms_codes",),
        "sandbox_command": ("wechatpay", "flush"),
    }
    assert ids.keys() == {act.name for act in ACTS}
    return {name: at(name, *parts) for name, parts in ids.items()}


def shut_out(browser: Client, world: World, where: str = "/operator/sign-in") -> None:
    before = OperatorDeed.objects.count()
    for url in addresses(world):
        for answer in (
            browser.get(url),
            browser.post(url, TYPED),
        ):
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, where), url
            assert answer.content == b""
    assert OperatorDeed.objects.count() == before


def test_nobody_is_led_to_the_door(world: World) -> None:
    shut_out(Client(), world)


def test_a_guest_and_a_buyer_are(world: World) -> None:
    browser = Client()
    browser.force_login(create_guest(), backend=BACKEND)
    shut_out(browser, world)


def test_staff_of_a_merchant_are(world: World) -> None:
    shut_out(Desk(world.shop).client(), world)


def test_an_operator_signed_in_elsewhere_is(world: World, operator: Someone) -> None:
    """A shop's session of a year, or a desk's, opens nothing here."""
    browser = Client()
    browser.force_login(operator.person, backend=BACKEND)
    shut_out(at_desk(browser), world)


def test_a_session_ends_after_the_day(world: World) -> None:
    someone = make_operator()
    browser = someone.browser()
    assert browser.get(at("index")).status_code == 200
    session = browser.session
    session[UNTIL] = int(clock.now().timestamp()) - 1
    session.save()
    assert browser.get(at("index")).status_code == 302


def test_who_was_one_is_not_from_the_next_request_on(world: World) -> None:
    someone = make_operator()
    browser = someone.browser()
    assert browser.get(at("index")).status_code == 200
    revoke_operator(someone.person.pk, reason="left the company")
    shut_out(browser, world)
    grant_operator(someone.person.pk, PlatformRole.OPERATOR, reason="came back")
    shut_out(browser, world)  # the session ended, too


def test_one_step_alone_leads_to_the_second(world: World) -> None:
    person, _name = with_password()
    grant_operator(person.pk, PlatformRole.OPERATOR, reason="for a test")
    shut_out(Someone(person, "").browser(by=""), world, "/operator/authenticator")


def test_a_second_step_set_up_in_the_session_asks_for_a_new_sign_in(world: World) -> None:
    """Somebody else with the password may have set it up elsewhere: this session proved one step only."""
    from tongdao.party.people.second import begin_authenticator

    person, _name = with_password()
    grant_operator(person.pk, PlatformRole.OPERATOR, reason="for a test")
    browser = Someone(person, "").browser(by="")
    secret = begin_authenticator(person.pk, shown_as="x").secret
    confirm_authenticator(person.pk, shown(secret))
    shut_out(browser, world)


def test_without_the_second_step_a_proven_session_opens_nothing(world: World) -> None:
    someone = make_operator()
    browser = someone.browser()
    drop_authenticator(someone.person.pk, shown(someone.secret))
    shut_out(browser, world, "/operator/authenticator")


def test_a_passkey_is_both_steps() -> None:
    person, _name = with_password()
    grant_operator(person.pk, PlatformRole.OPERATOR, reason="for a test")
    assert Someone(person, "").browser(by=PASSKEY).get(at("index")).status_code == 200
    assert Someone(person, "").browser(by="nonsense").get(at("index")).status_code == 302


def sign_in(browser: Client, name: str) -> Any:
    return browser.post(at("sign_in"), {"sign_in_name": name, "password": PASSWORD})


def test_the_way_in_has_two_steps() -> None:
    person, name = with_password()
    grant_operator(person.pk, PlatformRole.OPERATOR, reason="for a test")
    browser = Client(REMOTE_ADDR="2001:db8:77::1")
    assert sign_in(browser, name)["Location"] == at("index")
    assert browser.get(at("index"))["Location"] == at("authenticator")
    assert browser.get(at("authenticator")).status_code == 200
    assert browser.session[PROVEN] == ""
    from tongdao.party.people.models import Authenticator

    secret = Authenticator.objects.get(person=person).secret
    with clock.shifted(-4 * STEP):
        kept = browser.post(at("authenticator"), {"code": shown(secret)})
    assert kept.status_code == 200 and browser.get(at("index")).status_code == 302
    assert sign_in(browser, name)["Location"] == at("second")
    assert browser.get(at("index")).status_code == 302, "one step is not enough"
    entered = browser.post(at("second"), {"code": shown(secret)})
    assert entered["Location"] == at("index") and browser.get(at("index")).status_code == 200
    browser.post(at("sign_out"))
    assert browser.get(at("index")).status_code == 302


def test_a_stranger_with_the_right_password_stays_outside() -> None:
    _person, name = with_password()
    browser = Client(REMOTE_ADDR="2001:db8:78::1")
    answer = sign_in(browser, name)
    assert answer.status_code == 403 and "_auth_user_id" not in browser.session
    wrong = browser.post(at("sign_in"), {"sign_in_name": name, "password": "nonsense at all"})
    assert wrong.status_code == 401


def test_the_door_leads_nowhere_else(operator: Someone) -> None:
    for wanted in ("https://evil.example/", "//evil.example", "/console/", "/operator/../console/"):
        answer = operator.browser().get(at("sign_in"), {"next": wanted})
        assert not answer.get("Location", "").startswith(("https:", "//", "/console"))


def test_forms_ask_for_the_token(operator: Someone, world: World) -> None:
    browser = operator.browser(csrf=True)
    for url in acts(world).values():
        assert browser.post(url, {"reason": REASON}).status_code == 403


def test_who_only_looks_does_nothing(observer: Someone, world: World) -> None:
    browser, before = observer.browser(), OperatorDeed.objects.count()
    for url in acts(world).values():
        for answer in (
            browser.get(url),
            browser.post(url, TYPED),
        ):
            assert answer.status_code == 403
    for name in ("merchant", "person", "job", "intent", "reader"):
        page = browser.get(world.pages()[name]).content.decode()
        assert not any(f'href="{url}"' in page for url in acts(world).values())
    assert OperatorDeed.objects.count() == before


def test_operators_are_made_at_the_machine() -> None:
    name = an_email()
    person = register_person(sign_in_name=name, password=PASSWORD, shown_name="阿岚")
    call_command("grant_operator", name, "--role", "observer", "--reason", "audits us this year", verbosity=0)
    assert platform_role(person.pk) == PlatformRole.OBSERVER
    with pytest.raises(CommandError):
        call_command("grant_operator", name, "--reason", "once more")
    call_command("revoke_operator", name, "--reason", "the audit is over")
    assert platform_role(person.pk) is None
    deeds = OperatorDeed.objects.filter(subject_id=str(person.pk)).order_by("id")
    assert [deed.act for deed in deeds] == ["operator.grant", "operator.revoke"]
    assert {deed.person_id for deed in deeds} == {None}
    with pytest.raises(CommandError):
        call_command("grant_operator", "nobody@example.cn", "--reason", "nobody there")
    with pytest.raises(CommandError):
        call_command("grant_operator", name, "--reason", "")
