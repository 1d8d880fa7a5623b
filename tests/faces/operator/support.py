"""Operators for tests, and a merchant with something of everything that they look at."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app

from tests.faces.console.support import make_desk
from tests.party.people.test_second import enrolled
from tests.support.builders import Shop
from tests.support.complaining import heard
from tests.trade.reviews.support import a_buyer, received_lines, write
from tongdao.faces.operator.sessions import APP, PROVEN, SHIFT, UNTIL
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.intake.operations.runs import JOB
from tongdao.party.merchants.operations import add_licence
from tongdao.party.merchants.operations.licences import LicenceDraft
from tongdao.party.people.models import Person, PlatformRole
from tongdao.party.people.operators import grant_operator
from tongdao.party.people.sign_in import BACKEND, SIGNED_AT
from tongdao.trade.payments.models import CallbackRecord

READER = "metrics.days"
REASON = "工单 4711：核对资料"
_POSITION = """
insert into event_reader_position (merchant_id, reader, snapshot, failures, retry_at, last_error, last_event)
values (%s, %s, '1:1:', 3, clock_timestamp() + interval '1 hour', 'ValueError: not so', %s)
on conflict (merchant_id, reader) do update set failures = 3, retry_at = excluded.retry_at
"""
_INTENT = """
insert into event_intent
  (merchant_id, id, event_id, event_seq, reactor, target, kind, payload, state, attempts, last_error)
values (%s, %s, %s, 1, 'test.reactor', 'nobody', 'test.kind', '{}', 'failed', 12, 'no answer')
"""


@dataclass
class Someone:
    """Who runs the platform, with the secret of the app."""

    person: Person
    secret: str

    @property
    def actor(self) -> Actor:
        return Actor("operator", self.person.pk)

    def browser(self, *, by: str = APP, csrf: bool = False) -> Client:
        """Signed in at the operators' door, just now."""
        client = Client(enforce_csrf_checks=csrf)
        client.force_login(self.person, backend=BACKEND)
        session, now = client.session, int(clock.now().timestamp())
        session[UNTIL], session[SIGNED_AT], session[PROVEN] = now + SHIFT, now, by
        session.save()
        return client


def make_operator(role: PlatformRole = PlatformRole.OPERATOR) -> Someone:
    person, secret, _ = enrolled()
    grant_operator(person.pk, role, reason="for a test")
    return Someone(person, secret)


def at(name: str, *args: object) -> str:
    return reverse(f"operator:{name}", args=args)


@dataclass
class World:
    """Ids of one thing of each kind, all of one merchant."""

    shop: Shop
    person_id: UUID
    review_id: UUID
    intent_id: UUID
    failed_job: int
    waiting_job: int
    dispute_id: UUID  # of another merchant; both sides were heard

    def pages(self) -> dict[str, str]:
        """Every page that shows something, by name."""
        ids: dict[str, tuple[object, ...]] = {
            "merchant": (self.shop.merchant_id,),
            "person": (self.person_id,),
            "review": (self.review_id,),
            "reader": (READER,),
            "intent": (self.intent_id,),
            "job": (self.failed_job,),
            "dispute": (self.dispute_id,),
            "index": (),
            "readers": (),
            "switches": (),
            "sandboxes": (),
        }
        return {name: at(name, *args) for name, args in ids.items()}


def make_world() -> World:
    shop = make_desk().shop
    buyer = a_buyer()
    line = received_lines(shop, buyer)[0]
    review = write(shop, line, buyer)
    assert buyer.id
    with merchant_scope(shop.merchant_id):
        ends = clock.today() + timedelta(days=9)
        draft = LicenceDraft(
            "food_business", f"JY{token(10)}", "山间茶舍有限公司", ends.replace(year=2020), ends
        )
        add_licence(draft, actor=shop.owner)
        for verdict in ("accepted", "forged"):
            CallbackRecord.objects.create(
                source="wechatpay", verdict=verdict, digest=secrets.token_bytes(32), at=clock.now()
            )
    fail_reader(shop.merchant_id)
    intent_id, (_, _, dispute) = failed_intent(shop.merchant_id), heard()
    return World(shop, buyer.id, review.id, intent_id, failed_job(), waiting_job(), dispute.id)


def fail_reader(merchant_id: UUID) -> None:
    with merchant_scope(merchant_id), connection.cursor() as cursor:
        cursor.execute(_POSITION, [merchant_id, READER, uuid7()])


def failed_intent(merchant_id: UUID) -> UUID:
    id = uuid7()
    with merchant_scope(merchant_id), connection.cursor() as cursor:
        cursor.execute(_INTENT, [merchant_id, id, uuid7()])
    return id


def waiting_job() -> int:
    """In a queue that no worker of a test works off."""
    far = clock.now() + timedelta(days=300)
    return app.configure_task(JOB, queue="nobody's", schedule_at=far).defer(merchant_id="m", run_id="r")


def failed_job() -> int:
    """As a worker leaves it when the job raised."""
    job = waiting_job()
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'failed' where id = %s", [job])
    return job
