"""That the invariants can fail: each is broken on purpose, and found."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.killing.facts import FAULTS, find_faults
from tests.killing.loop import STEPS, World, place, walk_on
from tests.killing.town import Town

pytestmark = [pytest.mark.pure, pytest.mark.slow]

# What a crash could have left, by the invariant that must notice it. `{m}` is the merchant.
BREAKS = {
    "on hand is the sum of its movements": "update stock set on_hand = on_hand - 1 where merchant_id = {m}",
    "reserved is what is held": "update stock set reserved = reserved + 1 where merchant_id = {m}",
    "only open orders hold goods": """update reservation set state = 'held'
        where merchant_id = {m} and state = 'released'""",
    "one attempt a purchase, paid or closed": """update payment_attempt set state = 'open'
        where merchant_id = {m}""",
    "what is due is paid or void": "update payment_schedule set state = 'due' where merchant_id = {m}",
    "what was captured pays an order or went back": """update refund set state = 'accepted'
        where merchant_id = {m} and reason = 'late_payment'""",
    "refunds are paid back": "update refund set state = 'requested' where merchant_id = {m}",
    "after-sale cases are settled": """update after_sale set state = 'granted', ended_at = null
        where merchant_id = {m}""",
    "parcels have arrived": "update parcel set state = 'requested' where merchant_id = {m}",
    "intents are carried out": "update event_intent set state = 'pending' where merchant_id = {m}",
    "readers do not fail": "update event_reader_position set failures = 1 where merchant_id = {m}",
    "readers have read everything": """update event_reader_position set snapshot = '1:1:'
        where merchant_id = {m}""",
    "imports are done": "update import_run set state = 'running' where merchant_id = {m}",
    "no job waits or hangs": """insert into procrastinate_jobs (queue_name, task_name, status)
        values ('default', 'left.behind', 'doing')""",
    "held is what can still be given back": """update "order" set released_at = now()
        where merchant_id = {m}""",
    "commissions are what was earned": "update commission set state = 'paid' where merchant_id = {m}",
    "nothing is owed any more": """update ledger_posting set amount_fen = amount_fen - 1
        where merchant_id = {m}""",
}

PAST_GUARDS = "set local session_replication_role = replica"  # no triggers, no foreign keys


@pytest.fixture(scope="module")
def world(town: Town) -> World:
    """One that has walked the whole loop undisturbed."""
    world = World("calm")
    walk_on(town, world, len(STEPS))
    return world


@pytest.mark.parametrize("what", FAULTS)
def test_a_broken_invariant_is_found(
    town: Town, world: World, what: str, superuser: psycopg.Connection[Any]
) -> None:
    town.settle(lambda: find_faults(superuser, world))
    with superuser.transaction(force_rollback=True):
        superuser.execute(PAST_GUARDS)
        superuser.execute(BREAKS[what].format(m=f"'{world.merchant_id}'").encode())
        found = find_faults(superuser, world)
    assert any(fault.startswith(f"not so: {what}") for fault in found), found
    assert find_faults(superuser, world) == [], "the break was taken back"


def test_a_purchase_lost_after_its_answer_is_found(world: World, superuser: psycopg.Connection[Any]) -> None:
    with superuser.transaction(force_rollback=True):
        superuser.execute(PAST_GUARDS)
        wish = world.wishes["given up"]
        superuser.execute('delete from "order" where purchase_id = %s', [wish.purchase_id])
        assert f"lost: {wish.purchase_id}" in find_faults(superuser, world)


def test_a_retry_with_a_new_key_would_place_twice_and_is_found(
    town: Town, superuser: psycopg.Connection[Any]
) -> None:
    """The client that forgets its key after a dropped answer: what the walks above must never do."""
    world = World("forgetful")
    walk_on(town, world, 2)
    world.buyer = town.api("POST", "/guests").body["token"]
    place(town, world, "tea", "placed")
    first = world.wishes["tea"].purchase_id
    place(town, world, "tea", "placed")
    assert world.wishes["tea"].purchase_id == first, "the same key is the same purchase"
    assert not any("placed twice" in fault for fault in find_faults(superuser, world))
    place(town, world, "tea", "placed", key="a-new-key-after-a-lost-answer")
    assert "placed twice: 1 more than were wished for" in find_faults(superuser, world)
