"""Three merchants in one database: a filled one, one that has just been opened, one with 100,000 orders."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING
from uuid import UUID

from bench.session import Session
from bench.stack import say
from bench.world import row_id

if TYPE_CHECKING:
    from tongdao.config.demo.buying import Stage


@dataclass(frozen=True, eq=False)
class World:
    """`viewers`: who looks at the pages of a face; a face without one is looked at by nobody known."""

    name: str
    merchant_id: UUID
    slug: str
    viewers: dict[str, UUID]


def make_worlds(found: Session) -> list[World]:
    """Those of the data directory, made when they are not there yet."""
    path = found.stack.data_dir / "worlds.json"
    if not path.exists():
        operator = an_operator()
        made = [_full(found, operator), _empty(), _huge(found)]
        _settle()
        worlds = [replace(world, viewers=world.viewers | {"operator": operator}) for world in made]
        path.write_text(json.dumps([asdict(world) for world in worlds], default=str), encoding="utf-8")
    return [
        World(
            kept["name"],
            UUID(kept["merchant_id"]),
            kept["slug"],
            {face: UUID(viewer) for face, viewer in kept["viewers"].items()},
        )
        for kept in json.loads(path.read_text(encoding="utf-8"))
    ]


def an_operator() -> UUID:
    """Somebody who runs the platform. Looking needs no second step; acting would."""
    from tongdao.foundation.ids import token
    from tongdao.party.people.models import PlatformRole
    from tongdao.party.people.operations import register_person
    from tongdao.party.people.operators import grant_operator

    name = f"{token(8)}@example.com"
    person = register_person(sign_in_name=name, password=token(20), shown_name="值守")
    grant_operator(person.pk, PlatformRole.OPERATOR, reason="to look at pages")
    return person.pk


def _full(found: Session, operator: UUID) -> World:
    """The demo, with orders in each state, by a buyer who keeps things."""
    from bench.screens.cases import fill_states
    from tongdao.config.demo.buying import stage_at
    from tongdao.config.demo.fill import fill
    from tongdao.config.demo.people import PROMOTERS, STAFF
    from tongdao.config.demo.store import STORE
    from tongdao.foundation import directory
    from tongdao.foundation.actors import Actor
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.party.merchants.models import Role
    from tongdao.party.people.operations import find_person
    from tongdao.reach.traffic.operations import create_link

    data = found.stack.data_dir
    sandbox = _payment_sandbox(data / "sandboxes" / "wechatpay")
    fill(STORE, data, "http://127.0.0.1:9", lambda line: say(f"  {line}"))
    front = directory.lookup("storefront", STORE.slug)
    owner, promoter = find_person(STAFF[Role.OWNER][0]), find_person(PROMOTERS[0][0])
    assert front and owner and promoter
    actor = Actor("staff", owner.id)
    with merchant_scope(front.merchant_id):
        link = create_link(channel="poster", actor=actor)
    papers = data / "sandboxes" / "wechatpay"
    with stage_at(front.merchant_id, front.id, papers, link=link.token, staff=actor) as stage:
        assert stage
        buyer = _a_buyer(stage)
        fill_states(stage, Actor("person", buyer), operator)
    sandbox.terminate()
    sandbox.wait()
    viewers = {"shop": buyer, "promoter": promoter.pk, "console": owner.pk}
    return World("full", front.merchant_id, STORE.slug, viewers)


def _payment_sandbox(data: Path) -> Popen[str]:
    data.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "tongdao.sandboxes.wechatpay", "--port", "0", "--data", str(data)]
    process = Popen(argv, stdout=PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _a_buyer(stage: Stage) -> UUID:
    """Whoever reviewed something in the demo, with favourites, an address, a cart, and orders: one received,
    two to be paid, one to be shipped."""
    from tongdao.config.demo.buying import WHERE, order, pay, receive
    from tongdao.foundation.actors import Actor
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.goods.catalog.models import Product, Sku
    from tongdao.goods.favourites.operations import keep_favourite
    from tongdao.trade.addressbook.operations import keep_address
    from tongdao.trade.orders.operations import set_cart_line
    from tongdao.trade.reviews.models import Review

    with merchant_scope(stage.merchant_id):
        person_id = Review.objects.values_list("person_id", flat=True)[0]
        skus = list(Sku.objects.filter(saleable=True).order_by("id").values_list("id", flat=True)[:4])
        for product_id in Product.objects.filter(published=True).values_list("id", flat=True)[:5]:
            keep_favourite(person_id, product_id)
        keep_address(person_id, WHERE)
    buyer = Actor("person", person_id)
    receive(stage, skus[0], buyer)
    for sku in skus[1:3]:
        order(stage, sku, buyer)
    pay(stage, order(stage, skus[3], buyer).purchase_id, buyer)
    with merchant_scope(stage.merchant_id):
        for sku in skus[:2]:
            set_cart_line(person_id, sku, 2)
    return person_id


def _empty() -> World:
    from tongdao.foundation.actors import Actor
    from tongdao.foundation.ids import token
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.party.merchants.operations import open_merchant
    from tongdao.party.network.agreements import version_now
    from tongdao.party.network.operations import Consent, join_promoter
    from tongdao.party.people.operations import register_person

    person = register_person(sign_in_name=f"{token(8)}@example.com", password=token(20), shown_name="新掌柜")
    actor, slug = Actor("person", person.pk), f"new-{token(8)}"
    merchant, _ = open_merchant(name="新开的店", slug=slug, owner_id=person.pk, actor=actor)
    with merchant_scope(merchant.id):
        consent = Consent(version_now(), of_age=True)
        join_promoter(person.pk, shown_name="新掌柜", actor=actor, consent=consent)
    return World("empty", merchant.id, slug, dict.fromkeys(("shop", "promoter", "console"), person.pk))


def _huge(found: Session) -> World:
    """Owner and promoter of the bench world are guests: a password makes them people who sign in."""
    from tongdao.foundation.ids import token
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.party.merchants.models import StaffMember
    from tongdao.party.network.models import Promoter
    from tongdao.party.people.models import Person

    merchant_id = UUID(found.world.merchant_id)
    with merchant_scope(merchant_id):
        owner = StaffMember.objects.values_list("person_id", flat=True)[0]
        promoter = Promoter.objects.values_list("person_id", flat=True)[0]
    for person in Person.objects.filter(pk__in=(owner, promoter)):
        person.set_password(token(20))
        person.save(update_fields=["password"])
    viewers = {"shop": row_id("person", 1), "promoter": promoter, "console": owner}
    return World("huge", merchant_id, "bench", viewers)


def _settle() -> None:
    """What readers of the log keep, as the worker would have it by now. A failing one is left as it is."""
    from tongdao.foundation.events.loop import run_pending

    for _ in range(2_000):
        with suppress(KeyboardInterrupt):
            if not run_pending():
                return


def cookies_of(world: World, face: str) -> dict[str, str]:
    """A session in which the face's viewer has just signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from tongdao.faces.console.sessions import DESK, SHIFT
    from tongdao.faces.operator.sessions import PASSKEY, PROVEN, UNTIL
    from tongdao.foundation import clock
    from tongdao.party.people.models import Person
    from tongdao.party.people.sessions import SessionStore
    from tongdao.party.people.sign_in import SIGNED_AT

    person = Person.objects.get(pk=world.viewers[face]) if face in world.viewers else None
    if person is None:
        return {}
    session, now = SessionStore(), int(clock.now().timestamp())
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[DESK], session[UNTIL], session[SIGNED_AT] = now + SHIFT, now + SHIFT, now
    session[PROVEN] = PASSKEY
    session.save()
    return {settings.SESSION_COOKIE_NAME: str(session.session_key)}
