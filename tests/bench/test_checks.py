"""The checks that stand behind the figures must be able to fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bench.checks import FAULTS, Standing, Unsound, check_everything, check_round, standing
from bench.load import Load
from bench.session import Session
from bench.stack import Stack
from bench.world import World
from tests.support.builders import Shop, a_request, make_shop, place_one
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7

BEFORE = Standing(orders=10, units=10, reserved=15)


@pytest.fixture
def since() -> datetime:
    return clock.now()


@pytest.fixture
def shop(since: datetime) -> Shop:
    return make_shop((1_000, 2_000), stock=50)


@pytest.fixture
def session(cluster: Any, shop: Shop) -> Iterator[Session]:
    """The tests' own database in place of the bench's."""
    world = World(str(shop.merchant_id), str(shop.storefront_id), 1, "", "")
    url = make_conninfo(cluster.server.admin_url, dbname="tongdao")
    with psycopg.connect(url, autocommit=True) as admin:
        yield Session(cast(Stack, SimpleNamespace(base_url="")), world, admin)


def a_load(**changed: Any) -> Load:
    return Load(
        **{"count": 5, "seconds": 1, "refused": 0, "broken": 0, "p50": 1, "p95": 1, "p99": 1} | changed
    )


def test_orders_that_were_counted_and_are_there_pass(session: Session) -> None:
    check_round(a_load(), BEFORE, Standing(orders=16, units=16, reserved=21), session, 0)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(Standing(orders=14, units=14, reserved=19), id="one answered with 201 is not there"),
        pytest.param(Standing(orders=99, units=99, reserved=104), id="more orders than could be in flight"),
        pytest.param(Standing(orders=15, units=15, reserved=19), id="stock promises less than they hold"),
    ],
)
def test_a_round_whose_figures_do_not_agree_is_refused(session: Session, after: Standing) -> None:
    with pytest.raises(Unsound):
        check_round(a_load(), BEFORE, after, session, 0)


def test_a_sound_merchant_has_no_faults(session: Session, shop: Shop, since: datetime) -> None:
    _place(shop)

    assert check_everything(session, since) > len(FAULTS)
    assert standing(session, since) == Standing(orders=1, units=4, reserved=4)


@pytest.mark.parametrize(
    "harm",
    [
        "update stock set reserved = reserved + 1 where merchant_id = %s",
        "delete from idempotency_key where merchant_id = %s",
        "delete from delivery_address where merchant_id = %s",
        "update reservation set state = 'released' where merchant_id = %s",
    ],
)
def test_harm_done_to_the_database_is_found(session: Session, shop: Shop, since: datetime, harm: str) -> None:
    _place(shop)
    session.admin.execute(harm.encode(), [shop.merchant_id])

    with pytest.raises(Unsound):
        check_everything(session, since)


def _place(shop: Shop) -> None:
    assert not place_one(a_request(shop, 2, key=uuid7().hex), shop).repeated
