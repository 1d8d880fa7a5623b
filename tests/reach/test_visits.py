"""Visits: honest counts, whichever process saw them, and nothing kept that leads back to somebody."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from tests.conftest import Cluster
from tests.support.builders import Shop, make_shop
from tongdao.crm.insight.queries import trend
from tongdao.foundation import clock
from tongdao.foundation.clock import BEIJING
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Storefront
from tongdao.reach.traffic import visiting
from tongdao.reach.traffic.models import DayVisitor, VisitDay
from tongdao.reach.traffic.visiting import (
    VISITS,
    Seen,
    Visits,
    count_visits,
    is_robot,
    sweep_visitors,
)

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 MicroMessenger/8.0.50"
DESK = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"
NOON = datetime(2026, 11, 20, 12, tzinfo=BEIJING)


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def slug_of(shop: Shop) -> str:
    with merchant_scope(shop.merchant_id):
        return Storefront.objects.values_list("slug", flat=True)[0]


def came(shop: Shop, *seen: tuple[str, datetime], agent: str = PHONE) -> None:
    """Each (address, moment) written down by itself, as by different processes."""
    for address, at in seen:
        count_visits(slug_of(shop), {(address, "", agent): Seen(at, at)})


def figures(shop: Shop, day: datetime = NOON) -> tuple[int, int, int]:
    with merchant_scope(shop.merchant_id):
        row = VisitDay.objects.filter(day=day.date()).first()
    return (row.views, row.visits, row.visitors) if row else (0, 0, 0)


def test_one_visitor_is_counted_once_a_day_and_again_after_half_an_hour(shop: Shop) -> None:
    came(shop, ("1.2.3.4", NOON), ("1.2.3.4", NOON + timedelta(minutes=29)))
    assert figures(shop) == (2, 1, 1)
    came(shop, ("1.2.3.4", NOON + timedelta(minutes=60)))
    assert figures(shop) == (3, 2, 1)
    came(shop, ("5.6.7.8", NOON), ("1.2.3.4", NOON + timedelta(days=1)))
    assert figures(shop) == (4, 3, 2)
    assert figures(shop, NOON + timedelta(days=1)) == (1, 1, 1)


def test_other_browsers_are_other_visitors_and_one_line_is_one(shop: Shop) -> None:
    came(shop, ("1.2.3.4", NOON))
    came(shop, ("1.2.3.4", NOON), agent=DESK)
    came(shop, ("2001:db8::1", NOON), ("2001:db8::2", NOON))  # one household
    assert figures(shop) == (4, 3, 3)


@pytest.mark.pure
@pytest.mark.parametrize(
    "agent",
    ["", "curl/8.5", "Mozilla/5.0 (compatible; Baiduspider/2.0)", "Googlebot/2.1", "python-httpx/0.28"],
)
def test_robots(agent: str) -> None:
    assert is_robot(agent)


@pytest.mark.pure
def test_people() -> None:
    assert not is_robot(PHONE) and not is_robot(DESK)


def test_robots_and_unknown_shops_count_nothing(shop: Shop) -> None:
    came(shop, ("1.2.3.4", NOON), agent="Googlebot/2.1")
    count_visits("no-such-shop", {("1.2.3.4", "", PHONE): Seen(NOON, NOON)})
    assert figures(shop) == (0, 0, 0)


def test_processes_that_write_at_once_count_each_visitor_once(shop: Shop) -> None:
    slug = slug_of(shop)
    people = {(f"10.0.0.{n}", "", PHONE): Seen(NOON, NOON) for n in range(50)}

    def write(backwards: bool) -> None:
        try:
            items = list(people.items())
            count_visits(slug, dict(reversed(items) if backwards else items))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(bool(n % 2),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert figures(shop) == (300, 50, 50)


def test_marks_lead_nowhere_and_go_when_the_day_is_over(shop: Shop) -> None:
    other = make_shop()
    came(shop, ("1.2.3.4", NOON), ("1.2.3.4", NOON + timedelta(days=1)))
    came(other, ("1.2.3.4", NOON))
    marks = [mark for each in (shop, other) for mark in marks_of(each)]
    assert len(set(marks)) == 3  # another key each day and merchant
    sweep_visitors(NOON.replace(hour=0, minute=30) + timedelta(days=1), limit=1_000_000)
    assert len(marks_of(shop)) == 2  # what comes in late is still counted right
    sweep_visitors(NOON + timedelta(days=1), limit=1_000_000)
    assert len(marks_of(shop)) == 1 and marks_of(other) == []
    assert figures(shop) == (1, 1, 1)


def marks_of(shop: Shop) -> list[bytes]:
    with merchant_scope(shop.merchant_id):
        return [bytes(mark) for mark in DayVisitor.objects.values_list("mark", flat=True)]


def test_a_flush_writes_once_and_what_could_not_be_written_waits(shop: Shop) -> None:
    counter, meta = Visits(every=3_600), {"REMOTE_ADDR": "1.2.3.4", "HTTP_USER_AGENT": PHONE}
    slug = slug_of(shop)
    counter.note(slug, meta)
    counter.note(slug, meta)
    with refused_writes():
        counter.flush()
    counter.note(slug, meta)
    counter.flush()
    counter.flush()
    assert figures(shop, clock.now().astimezone(BEIJING)) == (3, 1, 1)


class refused_writes:  # noqa: N801  reads as a word in a with statement
    """The table is away for a moment."""

    def __enter__(self) -> None:
        self._rename("visit_day", "visit_day_away")

    def __exit__(self, *_: object) -> None:
        self._rename("visit_day_away", "visit_day")

    def _rename(self, frm: str, to: str) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"alter table {frm} rename to {to}")


PROGRAM = """
import sys
import django
django.setup()
from tongdao.reach.traffic.visiting import VISITS
VISITS.every = 3_600
VISITS.note(sys.argv[1], {"REMOTE_ADDR": "1.2.3.4", "HTTP_USER_AGENT": sys.argv[2]})
"""


@pytest.mark.slow
def test_a_process_that_stops_writes_down_what_it_has(shop: Shop, cluster: Cluster) -> None:
    argv = [sys.executable, "-c", PROGRAM, slug_of(shop), PHONE]
    subprocess.run(argv, env=cluster.environ, check=True, timeout=120)
    assert figures(shop, clock.now().astimezone(BEIJING)) == (1, 1, 1)


@pytest.mark.slow
@pytest.mark.pure
def test_a_process_that_stops_without_its_database_says_what_is_lost(tmp_path: Path) -> None:
    """In one line, and without asking for a connection again and again."""
    argv = [sys.executable, "-c", PROGRAM + PROGRAM.splitlines()[-1], "some-shop", PHONE]
    environ = {**os.environ, "TONGDAO_DATA": str(tmp_path)}
    done = subprocess.run(argv, env=environ, check=True, timeout=120, capture_output=True, text=True)
    (line,) = done.stderr.splitlines()
    assert "WARNING tongdao.reach.traffic.visiting 2 views are lost" in line


def test_what_is_not_taken_at_the_end_is_told_as_lost(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    counter, slug = Visits(every=3_600), slug_of(shop)
    counter.note(slug, {"REMOTE_ADDR": "1.2.3.4", "HTTP_USER_AGENT": PHONE})
    with refused_writes():
        counter.stop()
    assert ["1 views are lost" in record.getMessage() for record in caplog.records] == [False, True]
    counter.stop()
    assert figures(shop, clock.now().astimezone(BEIJING)) == (1, 1, 1)


def test_memory_is_bounded(shop: Shop) -> None:
    counter = Visits(every=3_600, most=2)
    for n in range(5):
        counter.note(slug_of(shop), {"REMOTE_ADDR": f"1.2.3.{n}", "HTTP_USER_AGENT": PHONE})
    counter.flush()
    assert figures(shop, clock.now().astimezone(BEIJING)) == (2, 2, 2)


def test_pages_count_and_parts_of_pages_do_not(shop: Shop) -> None:
    VISITS.flush()
    home = f"/s/{slug_of(shop)}/"
    visitor = Client(headers={"user-agent": PHONE})
    tag = visitor.get(home)["ETag"]
    visitor.get(home)  # by the shortcut
    assert visitor.get(home, headers={"if-none-match": tag}).status_code == 304
    visitor.get(home, headers={"hx-request": "true"})
    visitor.get(home, headers={"sec-purpose": "prefetch"})
    visitor.get(home, headers={"sec-fetch-dest": "empty"})
    visitor.get(f"{home}p/nothing-here")
    visitor.post(home)
    Client(headers={"user-agent": "Googlebot/2.1"}).get(home)
    VISITS.flush()
    assert figures(shop, clock.now().astimezone(BEIJING)) == (3, 1, 1)


def test_the_trend_has_a_row_for_each_day(shop: Shop) -> None:
    came(shop, ("1.2.3.4", NOON))
    with merchant_scope(shop.merchant_id):
        days = trend(NOON, days=7)
    assert [day.day.day for day in days] == [14, 15, 16, 17, 18, 19, 20]
    assert [day.visits for day in days] == [0, 0, 0, 0, 0, 0, 1]


def test_counting_stands_before_the_shortcuts() -> None:
    visits, shortcuts = (f"tongdao.config.middleware.{name}" for name in ("visits", "shortcuts"))
    assert settings.MIDDLEWARE.index(visits) < settings.MIDDLEWARE.index(shortcuts)
    assert visiting.FLUSH_EVERY <= 5  # what a kill may cost, as the docstring says


def test_ones_own_days_only(shop: Shop) -> None:
    came(shop, ("1.2.3.4", NOON))
    with merchant_scope(UUID(int=7)):
        assert not VisitDay.objects.exists() and not DayVisitor.objects.exists()
