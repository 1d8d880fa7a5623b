"""Each act does what it says by its operation, and leaves one deed with who and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, connections, models, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.faces.operator.support import (
    READER,
    REASON,
    Someone,
    World,
    at,
    fail_reader,
    failed_intent,
    failed_job,
    make_world,
    waiting_job,
)
from tests.support.builders import a_request, place_one
from tests.support.people import with_number
from tongdao.faces.operator.lists import LISTS
from tongdao.faces.operator.reading.asking import on_platform
from tongdao.faces.operator.table import ACTS
from tongdao.foundation.deeds import ReasonNeeded
from tongdao.foundation.events import Event, Intent
from tongdao.foundation.models import FeatureSwitch, OperatorDeed
from tongdao.foundation.switches import switches
from tongdao.foundation.tenancy import merchant_scope
from tongdao.foundation.tending import replay_reader
from tongdao.party.merchants.models import Suspension
from tongdao.party.merchants.refusals import ShopSuspended
from tongdao.party.people.models import Person
from tongdao.party.people.operators import unmask_person
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.reviews.models import Review

Case = Callable[[World], tuple[tuple[object, ...], dict[str, str], Callable[[], bool]]]


def _merchant(world: World) -> UUID:
    return world.shop.merchant_id


def _suspended(world: World) -> bool:
    with merchant_scope(_merchant(world)):
        return Suspension.objects.filter(ended_at__isnull=True).exists()


def _failing(world: World) -> bool:
    with merchant_scope(_merchant(world)), connection.cursor() as cursor:
        cursor.execute("select retry_at from event_reader_position where reader = %s", [READER])
        row = cursor.fetchone()
    return row is not None and row[0] is not None


def _intent_state(world: World) -> str:
    with merchant_scope(_merchant(world)):
        return Intent.objects.get(pk=world.intent_id).state


def _review_state(world: World) -> str:
    with merchant_scope(_merchant(world)):
        return Review.objects.get(pk=world.review_id).state


def _job(id: int) -> str:
    return str(ProcrastinateJob.objects.get(pk=id).status)


def _active(world: World) -> bool:
    return Person.objects.get(pk=world.person_id).is_active


def _replays(world: World) -> bool:
    jobs = ProcrastinateJob.objects.filter(task_name="replay_reader", status="todo")
    return jobs.filter(args__merchant_id=str(_merchant(world))).exists()


# In this order: what is suspended can be resumed.
CASES: dict[str, Case] = {
    "merchant_suspend": lambda w: ((_merchant(w),), {"kind": "fraud"}, lambda: _suspended(w)),
    "merchant_resume": lambda w: ((_merchant(w),), {}, lambda: not _suspended(w)),
    "person_unmask": lambda w: ((w.person_id,), {}, lambda: True),
    "person_lock": lambda w: ((w.person_id,), {}, lambda: not _active(w)),
    "person_unlock": lambda w: ((w.person_id,), {}, lambda: _active(w)),
    "reader_retry": lambda w: ((READER, _merchant(w)), {}, lambda: not _failing(w)),
    "reader_replay": lambda w: ((READER, _merchant(w)), {}, lambda: _replays(w)),
    "intent_retry": lambda w: ((_merchant(w), w.intent_id), {}, lambda: _intent_state(w) == "pending"),
    "job_retry": lambda w: ((w.failed_job,), {}, lambda: _job(w.failed_job) == "todo"),
    "job_cancel": lambda w: ((w.waiting_job,), {}, lambda: _job(w.waiting_job) == "cancelled"),
    "switch_set": lambda w: (
        ("merchant_joining",),
        {"state": "off"},
        lambda: not switches()["merchant_joining"].is_on(),
    ),
    "dispute_rule": lambda w: (
        (w.dispute_id,),
        {"outcome": "buyer", "rule": "quality"},
        lambda: on_platform(Dispute).get(pk=w.dispute_id).state == "ruled",
    ),
    "review_take_down": lambda w: (
        (_merchant(w), w.review_id),
        {"kind": "court_order"},
        lambda: _review_state(w) == "taken_down",
    ),
}
ELSEWHERE = {"sandbox_command"}  # test_sandboxes


@pytest.fixture(scope="module")
def ours(cluster: object) -> World:
    return make_world()


@pytest.fixture(autouse=True)
def _switches_as_declared() -> Any:
    yield
    FeatureSwitch.objects.update(is_on=True)


def test_each_act_has_a_case() -> None:
    assert CASES.keys() | ELSEWHERE == {act.name for act in ACTS}


@pytest.mark.parametrize("name", CASES)
def test_the_act_is_done_and_kept(operator: Someone, ours: World, name: str) -> None:
    parts, typed, done = CASES[name](ours)
    url, browser = at(name, *parts), operator.browser()
    before = set(OperatorDeed.objects.values_list("id", flat=True))
    asked = browser.get(url)
    assert asked.status_code == 200 and asked.content.decode().count("<li>") >= 1
    for reason in ("", "  ", "no"):
        answer = browser.post(url, {"reason": reason, **typed})
        assert answer.status_code == 422
    assert set(OperatorDeed.objects.values_list("id", flat=True)) == before
    answer = browser.post(url, {"reason": REASON, **typed})
    assert answer.status_code == (200 if name == "person_unmask" else 302), answer.content.decode()[:2000]
    assert done()
    (deed,) = OperatorDeed.objects.exclude(pk__in=before)
    assert (deed.person_id, deed.reason) == (operator.person.pk, REASON)
    assert deed.act.replace(".", "_") == name
    assert REASON in browser.get(at("deeds")).content.decode()


def test_merchants_read_who_stopped_them(operator: Someone, ours: World) -> None:
    with merchant_scope(_merchant(ours)):
        told = Event.objects.filter(name__in=("merchant.suspended", "merchant.resumed", "review.taken_down"))
        assert {(event.actor_kind, event.actor) for event in told} == {("operator", operator.person.pk)}


def test_what_changed_meanwhile_is_refused(operator: Someone, ours: World) -> None:
    browser = operator.browser()
    assert browser.post(at("job_retry", waiting_job()), {"reason": REASON}).status_code == 409
    assert browser.post(at("job_cancel", failed_job()), {"reason": REASON}).status_code == 409
    intent = failed_intent(_merchant(ours))
    url = at("intent_retry", _merchant(ours), intent)
    assert browser.post(url, {"reason": REASON}).status_code == 302
    assert browser.post(url, {"reason": REASON}).status_code == 404
    reader = at("reader_retry", READER, _merchant(make_world()))
    assert browser.post(reader, {"reason": REASON}).status_code == 302
    suspend = at("merchant_suspend", _merchant(ours))
    assert browser.post(suspend, {"reason": REASON, "kind": "nonsense"}).status_code == 422
    fail_reader(_merchant(ours))


def test_only_projections_are_replayed(operator: Someone, ours: World) -> None:
    from tongdao.foundation.events import readers

    reactors = [reader.name for reader in readers().values() if reader.kind == "reactor"]
    for name in reactors[:2]:
        answer = operator.browser().post(at("reader_replay", name, _merchant(ours)), {"reason": REASON})
        assert answer.status_code == 409


def test_unmasked_once_and_on_record(operator: Someone) -> None:
    person, phone = with_number()
    browser, url = operator.browser(), at("person_unmask", person.pk)
    answer = browser.post(url, {"reason": REASON})
    assert phone in answer.content.decode() and "no-store" in answer["Cache-Control"]
    assert phone not in browser.get(at("person", person.pk)).content.decode()
    with pytest.raises(ReasonNeeded):
        unmask_person(person.pk, actor=operator.actor, reason="")
    deeds = OperatorDeed.objects.filter(subject_id=str(person.pk))
    assert [deed.act for deed in deeds] == ["person.unmask"]
    assert phone not in str(list(deeds.values()))


def test_a_suspended_merchant_sells_nothing_new(operator: Someone, ours: World) -> None:
    world = make_world()
    browser = operator.browser()
    browser.post(at("merchant_suspend", _merchant(world)), {"reason": REASON, "kind": "unlicensed"})
    with pytest.raises(ShopSuspended):
        place_one(a_request(world.shop), world.shop)
    place_one(a_request(ours.shop), ours.shop)  # its neighbour goes on
    browser.post(at("merchant_resume", _merchant(world)), {"reason": REASON})
    place_one(a_request(world.shop), world.shop)


def refused(alias: str, statement: str, why: str = "permission denied") -> None:
    """The database answers so."""
    with pytest.raises(DatabaseError, match=why), transaction.atomic(using=alias):
        connections[alias].cursor().execute(statement)


@pytest.mark.parametrize("model", [pytest.param(model, id=model.__name__) for model, _admin in LISTS])
def test_the_lists_connection_may_not_write(operator: Someone, ours: World, model: Any) -> None:
    """Were a view to try: the database refuses the role. Each grant is missing, and each is asked for."""
    rows: models.QuerySet[Any] = models.QuerySet(model, using="platform")
    row = rows.first()
    assert row is not None
    table = connections["platform"].ops.quote_name(model._meta.db_table)
    column = connections["platform"].ops.quote_name(model._meta.pk.column)
    for statement in (
        f"update {table} set {column} = {column}",
        f"delete from {table}",
        f"insert into {table} select * from {table} limit 1",
        f"truncate {table}",
    ):
        refused("platform", statement)


def test_the_platforms_role_reads_no_key_to_a_session() -> None:
    for table in ("browser_session", "access_token", "authenticator", "recovery_code", "one_time_code"):
        refused("platform", f"select count(*) from {table}")


@pytest.mark.parametrize("alias", ["default", "owner", "platform"])
def test_nobody_rewrites_the_record(operator: Someone, ours: World, alias: str) -> None:
    for statement in ("update operator_deed set reason = 'nothing'", "delete from operator_deed"):
        refused(alias, statement, r"permission denied|append-only")


def test_a_web_process_makes_no_operator(operator: Someone, ours: World) -> None:
    for statement in (
        "insert into platform_operator (id, person_id) values (gen_random_uuid(), gen_random_uuid())",
        "update platform_operator set revoked_at = null",
        "delete from platform_operator",
    ):
        refused("default", statement)


def test_only_operators_do_operators_deeds(operator: Someone, ours: World) -> None:
    from tongdao.foundation.refusals import NotAllowed

    for kind in ("person", "staff", "system"):
        with pytest.raises(NotAllowed):
            unmask_person(ours.person_id, actor=replace(operator.actor, kind=kind), reason=REASON)
        with pytest.raises(NotAllowed):
            replay_reader(READER, _merchant(ours), actor=replace(operator.actor, kind=kind), reason=REASON)
