"""Counting who comes to a shop: in the memory of each process, written down together every few seconds.

A request costs one look into a dict. What is in memory is the latest FLUSH_EVERY seconds at most: a process
that stops writes them down first, one that is killed loses them. No cookie is set and nothing is kept that
leads back to a person: address and browser become a keyed hash of the day (see DayVisitor), which is erased
when the day is over. So two people behind one address with the same browser count as one visitor, and one
with two devices as two.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import re
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import Error, connection, connections

from tongdao.foundation import clock, directory
from tongdao.foundation.pii import blind_index
from tongdao.foundation.tenancy import current_merchant, merchant_scope
from tongdao.party.people.visitors import address_in

log = logging.getLogger(__name__)
FLUSH_EVERY = 5.0  # seconds
AT_ONCE = 2  # seconds in which a database answers: as few as libpq allows
MOST = 50_000  # visitors between two flushes; more are not counted, and the log says how many
APART = timedelta(minutes=30)  # between two visits of one visitor: the usual figure of web analytics
LATE = timedelta(hours=1)  # after midnight for which yesterday's marks are kept for what comes in late
ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|fetch|monitor|preview|scan|curl|wget|python|java/|go-http|httpx|okhttp"
    r"|headless|lighthouse|phantom|axios|node-|scrapy|facebookexternal|archiver|feed",
    re.IGNORECASE,
)

WRITE = """
with seen as (
  select * from unnest(%(marks)s::bytea[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
    as one(mark, first_at, last_at)
), kept as (
  insert into day_visitor as held (id, merchant_id, day, mark, last_at)
  select uuidv7(), %(merchant)s, %(day)s, mark, last_at from seen order by mark
  on conflict (merchant_id, day, mark) do update set last_at = greatest(held.last_at, excluded.last_at)
  returning held.mark, old.last_at as before
), told as (
  select count(*) filter (where before is null) as visitors,
    count(*) filter (where before is null or first_at - before > %(apart)s) as visits
  from kept join seen using (mark)
)
insert into visit_day as days (id, merchant_id, day, views, visits, visitors)
select uuidv7(), %(merchant)s, %(day)s, %(views)s, visits, visitors from told
on conflict (merchant_id, day) do update set
  views = days.views + excluded.views,
  visits = days.visits + excluded.visits,
  visitors = days.visitors + excluded.visitors
"""
OVER = "select distinct merchant_id from day_visitor where day < %s limit %s"
ERASE = "delete from day_visitor where merchant_id = %s and day < %s"

From = tuple[str, str, str]  # address, forwarded-for and browser, as the request says
Who = tuple[str, str, str, str]  # the shop's address name, then the same


@dataclass(slots=True)
class Seen:
    """One visitor of one shop since the last flush."""

    first_at: datetime
    last_at: datetime
    views: int = 1


class Visits:
    """What one process has counted and not written down yet. Safe between threads."""

    def __init__(self, every: float = FLUSH_EVERY, most: int = MOST) -> None:
        self.every, self.most = every, most
        self._seen: dict[Who, Seen] = {}
        self._held: dict[str, dict[From, Seen]] = {}  # by shop: what a flush has not written yet
        self._missed = 0
        self._guard = threading.Lock()
        self._writing = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, slug: str, meta: Mapping[str, Any]) -> None:
        """A page of this shop was shown to whom the request's `meta` describes."""
        who = (
            slug,
            meta.get("REMOTE_ADDR", ""),
            meta.get("HTTP_X_FORWARDED_FOR", ""),
            meta.get("HTTP_USER_AGENT", ""),
        )
        now = clock.now()
        with self._guard:
            seen = self._seen.get(who)
            if seen is not None:
                seen.last_at = now
                seen.views += 1
                return
            if len(self._seen) >= self.most:
                self._missed += 1
                return
            self._seen[who] = Seen(now, now)
            if self._thread is None:
                self._begin()

    def flush(self) -> None:
        """Write down what has gathered. A database that is away is asked again with the next flush."""
        with self._writing:
            with self._guard:
                taken, self._seen = self._seen, {}
                missed, self._missed = self._missed, 0
            held = _by_shop(taken)
            with self._guard:
                self._held = held
            if missed:
                log.warning("%d pages were not counted: too many visitors in %.0f s", missed, self.every)
            for slug, visitors in list(held.items()):
                try:
                    count_visits(slug, visitors)
                except Error as error:
                    log.warning("visits of %s wait: %s", slug, type(error).__name__)
                    connections.close_all()
                    self._put_back(slug)
                else:
                    with self._guard:
                        del self._held[slug]

    def stop(self) -> None:
        """Write the rest down: the process ends. A database that does not answer now is not waited for."""
        self._stop.set()
        if self._left() and answers(AT_ONCE):
            self.flush()
        if lost := self._left():
            log.warning("%d views are lost: the process ends and the database does not take them", lost)
        connections.close_all()

    def _left(self) -> int:
        """Views that are not written down."""
        with self._guard:
            waiting = [
                *self._seen.values(),
                *(seen for shop in self._held.values() for seen in shop.values()),
            ]
            return sum(seen.views for seen in waiting)

    def _put_back(self, slug: str) -> None:
        with self._guard:
            for who, seen in self._held.pop(slug).items():
                newer = self._seen.get((slug, *who))
                if newer is not None:
                    newer.first_at = seen.first_at
                    newer.views += seen.views
                elif len(self._seen) < self.most:
                    self._seen[(slug, *who)] = seen

    def _begin(self) -> None:
        """With the first visitor, so that a process that is forked before has no thread to lose."""
        self._thread = threading.Thread(target=self._run, name="visits", daemon=True)
        self._thread.start()
        atexit.register(self.stop)

    def _run(self) -> None:
        while not self._stop.wait(self.every):
            self.flush()
            connections.close_all()


VISITS = Visits()


def answers(seconds: int) -> bool:
    """Whether the database takes a connection within so many seconds: the pool's own wait is longer."""
    alone = connection.copy()
    alone.settings_dict["OPTIONS"] = {
        **alone.settings_dict["OPTIONS"],
        "pool": None,
        "connect_timeout": seconds,
    }
    try:
        alone.ensure_connection()
    except Error:
        return False
    finally:
        alone.close()
    return True


def _by_shop(taken: Mapping[Who, Seen]) -> dict[str, dict[From, Seen]]:
    shops: defaultdict[str, dict[From, Seen]] = defaultdict(dict)
    for (slug, *who), seen in taken.items():
        shops[slug][(who[0], who[1], who[2])] = seen
    return shops


def count_visits(slug: str, visitors: Mapping[From, Seen]) -> None:
    """Add to the days of the shop's merchant. Robots, and shops that there are none, count nothing.

    Opens its own scope.
    """
    people = {who: seen for who, seen in visitors.items() if not is_robot(who[2])}
    found = directory.lookup("storefront", slug) if people else None
    if found is None:
        return
    days: defaultdict[date, dict[bytes, Seen]] = defaultdict(dict)
    for who, seen in people.items():
        day = clock.beijing_day(seen.last_at)
        mark = _mark(found.merchant_id, day, who)
        same = days[day].get(mark)
        days[day][mark] = _together(same, seen) if same else seen
    with merchant_scope(found.merchant_id):
        for day, marks in sorted(days.items()):
            _write(day, marks)


def is_robot(agent: str) -> bool:
    """By what it calls itself; one that says nothing is one, too."""
    return not agent or ROBOT.search(agent) is not None


def _mark(merchant_id: UUID, day: date, who: From) -> bytes:
    key = blind_index("visitor_of_day", f"{merchant_id} {day.isoformat()}")
    address = address_in({"REMOTE_ADDR": who[0], "HTTP_X_FORWARDED_FOR": who[1]})
    return hashlib.blake2b(f"{address}\0{who[2]}".encode(), key=key, digest_size=16).digest()


def _together(one: Seen, other: Seen) -> Seen:
    first, last = min(one.first_at, other.first_at), max(one.last_at, other.last_at)
    return Seen(first, last, one.views + other.views)


def _write(day: date, marks: Mapping[bytes, Seen]) -> None:
    parameters: dict[str, Any] = {
        "merchant": current_merchant(),
        "day": day,
        "marks": list(marks),
        "firsts": [seen.first_at for seen in marks.values()],
        "lasts": [seen.last_at for seen in marks.values()],
        "views": sum(seen.views for seen in marks.values()),
        "apart": APART,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, parameters)


def sweep_visitors(now: datetime, limit: int = 100) -> int:
    """Erase the marks of days that are over; returns how many merchants had some."""
    today = clock.beijing_day(now - LATE)
    with connections["platform"].cursor() as cursor:
        cursor.execute(OVER, [today, limit])
        merchants = [row[0] for row in cursor.fetchall()]
    for merchant_id in merchants:
        with merchant_scope(merchant_id), connection.cursor() as cursor:
            cursor.execute(ERASE, [merchant_id, today])
    return len(merchants)
