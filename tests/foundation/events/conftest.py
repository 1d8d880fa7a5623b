"""A vocabulary, a projection's table and merchants of the tests' own; nothing of it stays registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.apps.registry import Apps
from django.db import connection, models

from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events import Event, Subject, define, record
from tongdao.foundation.events.scratch import scratch_registry
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import TenantModel, merchant_scope
from tongdao.foundation.tenancy.operations import policies


@dataclass(frozen=True, slots=True)
class ThingMoved:
    """A thing moved some steps."""

    thing_id: UUID
    steps: int


@dataclass(frozen=True, slots=True)
class ThingLost:
    """A thing was lost."""

    thing_id: UUID


class Tally(TenantModel):
    """What test projections keep: one row for each event, in the order of their handling."""

    reader = models.TextField()
    event_id = models.UUIDField()
    subject_id = models.UUIDField()
    version = models.IntegerField()
    steps = models.IntegerField()
    place = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        apps = Apps()
        app_label = "foundation"
        db_table = "test_event_tally"


@pytest.fixture
def words() -> Iterator[SimpleNamespace]:
    """The two test events, in registries that hold no reader of any room."""
    with scratch_registry(empty=True):
        define("thing.moved", ThingMoved)
        define("thing.lost", ThingLost)
        yield SimpleNamespace(Moved=ThingMoved, Lost=ThingLost)


@pytest.fixture
def merchant() -> UUID:
    return uuid7()


@pytest.fixture(scope="session")
def tally(cluster: Any) -> Iterator[type[Tally]]:
    """The table, made by the owner as a migration would."""
    with psycopg.connect(cluster.urls.owner, autocommit=True) as owner:
        owner.execute(
            "create table test_event_tally (id uuid, merchant_id uuid not null, reader text, event_id uuid,"
            " subject_id uuid, version integer, steps integer, place bigint generated always as identity,"
            " primary key (merchant_id, id))"
        )
        for statement in policies("test_event_tally", person=None, node="hidden", platform=True):
            owner.execute(statement)
        yield Tally
        owner.execute("drop table test_event_tally")


@pytest.fixture
def keep(tally: type[Tally]) -> Callable[[str, list[Event]], None]:
    """Write one tally row for each event of a batch."""

    def write(reader: str, batch: list[Event]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into test_event_tally (id, merchant_id, reader, event_id, subject_id, version, steps)"
                " values (%s, %s, %s, %s, %s, %s, %s)",
                [
                    (
                        uuid7(),
                        e.merchant_id,
                        reader,
                        e.id,
                        e.subject_id,
                        e.subject_version,
                        e.payload["steps"],
                    )
                    for e in batch
                ],
            )

    return write


@pytest.fixture
def handled(tally: type[Tally]) -> Callable[[UUID, str], list[UUID]]:
    """Events that a reader has handled for a merchant, in order."""

    def read(merchant_id: UUID, reader: str) -> list[UUID]:
        with merchant_scope(merchant_id):
            return list(
                tally.objects.filter(reader=reader).order_by("place").values_list("event_id", flat=True)
            )

    return read


@pytest.fixture
def move(words: SimpleNamespace) -> Callable[..., list[UUID]]:
    """Record `count` moves of one new thing in one transaction; returns the events' ids."""

    def write(merchant_id: UUID, count: int = 1, steps: int = 1) -> list[UUID]:
        thing = uuid7()
        with merchant_scope(merchant_id):
            return [
                record(words.Moved(thing, steps), subject=Subject("thing", thing, version), actor=SYSTEM)
                for version in range(1, count + 1)
            ]

    return write
