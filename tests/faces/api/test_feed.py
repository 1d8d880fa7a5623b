"""The event feed: each event once, none missed while others are being written, nothing internal shown."""

from __future__ import annotations

import base64
import json
import threading
from typing import Any

import pytest
from django.db import connection, connections

from tests.faces.api.calling import World, make_world
from tests.faces.api.examples import JOINING
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.terms.plans.operations import set_plan


def walk(world: World, limit: int = 3) -> list[dict[str, Any]]:
    """The whole feed, page by page."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = world.owner.get(f"{world.desk}/events?limit={limit}{after}")
        found += page["events"]
        if not page["events"]:
            return found
        after = f"&after={page['cursor']}"


def test_pages_follow_each_other_and_hold_each_event_once(world: World) -> None:
    world.buy()
    in_pages, at_once = walk(world), walk(world, 100)
    assert in_pages == at_once
    assert len({event["event_id"] for event in in_pages}) == len(in_pages)
    names = [event["name"] for event in in_pages]
    assert names[0] == "merchant.opened"
    assert {"staff.added", "member.joined", "order.placed"} <= set(names)


def test_an_event_that_commits_late_is_not_read_past(world: World) -> None:
    """Who began first commits last: what was written meanwhile waits for it, and none is lost."""
    before = world.owner.get(f"{world.desk}/events?limit=100")
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with merchant_scope(world.shop.merchant_id):
            set_plan(100, actor=world.shop.owner)
            written.set()
            go_on.wait(30)
        connections.close_all()

    writer = threading.Thread(target=slow)
    writer.start()
    assert written.wait(30)
    world.buyer.post(f"{world.desk}/promoters", JOINING, 201)
    path = f"{world.desk}/events?limit=100&after={before['cursor']}"
    meanwhile = world.owner.get(path)
    go_on.set()
    writer.join()
    rest = world.owner.get(f"{world.desk}/events?limit=100&after={meanwhile['cursor']}")
    names = [event["name"] for event in [*meanwhile["events"], *rest["events"]]]
    assert sorted(names) == ["commission_plan.set", "promoter.agreed", "promoter.joined"]
    assert meanwhile["events"] == []


def test_neither_transaction_ids_nor_sequence_numbers_are_shown(world: World) -> None:
    page = world.owner.get(f"{world.desk}/events?limit=1")
    assert not {"txid", "seq"} & set(page["events"][0])
    with merchant_scope(world.shop.merchant_id), connection.cursor() as cursor:
        cursor.execute("select txid::text from event where id = %s", [page["events"][0]["event_id"]])
        (txid,) = cursor.fetchone()
    raw = base64.urlsafe_b64decode(page["cursor"])
    assert int(txid).to_bytes(8, "big") not in raw
    assert txid not in json.dumps(page)


@pytest.mark.parametrize("cursor", ["x" * 32, "A" * 32, "_" * 32, "%00" * 32, "x", "-" * 31 + "="])
def test_made_up_cursors_are_refused(world: World, cursor: str) -> None:
    answer = world.owner("GET", f"{world.desk}/events?after={cursor}")
    assert (answer.status, answer.code) in {(422, "bad_cursor"), (422, "bad_input")}


def test_a_neighbours_cursor_leads_nowhere(world: World) -> None:
    other = make_world()
    theirs = other.owner.get(f"{other.desk}/events?limit=1")["cursor"]
    assert world.owner("GET", f"{world.desk}/events?after={theirs}").code == "bad_cursor"


def test_only_the_owner_reads_the_feed(world: World) -> None:
    for role, caller in world.staff.items():
        answer = caller("GET", f"{world.desk}/events")
        assert (answer.status == 200) == (role == Role.OWNER), role
