"""The order list page with its filters at a million orders, over HTTP, against the bare SQL behind it.

The bare SQL is every statement that the page runs, session and rights included, replayed on one open
connection in one transaction. The texts are taken from the page: they are what it asks, whatever that may be.
"""

from __future__ import annotations

import re
import socket
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from bench.fill import admin_connection, fill_orders
from bench.report import Result, result, shown, table
from bench.session import SPREAD, Session, _template
from bench.stack import Stack, running, say
from bench.world import World, make_world

BUYERS = 20_000
WARM = 100
LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")
# What a shop has after a while: nearly all is over, some hundreds wait. Without the triggers that would want
# each order to go its way step by step.
GROW = """
with aged as (
  select merchant_id, id, placed_at, row_number() over (order by placed_at desc, id desc) as n from "order"
  where merchant_id = %(merchant)s and number like 'F%%')
update "order" o set number = (200000000000000000 + aged.n)::text,
  state = case when n <= %(placed)s then 'placed' when n <= %(paid)s then 'paid'
    when n %% 25 = 0 then 'closed'
    when n %% 40 = 0 then 'cancelled' else 'completed' end,
  paid_at = case when n > %(placed)s and n %% 25 > 0 then aged.placed_at end,
  confirm_by = case when n between %(packed)s and %(paid)s then aged.placed_at + interval '20 days' end,
  total_fen = 1000 + 100 * (n %% 900), goods_fen = 1000 + 100 * (n %% 900) - o.freight_fen
from aged where o.merchant_id = aged.merchant_id and o.id = aged.id
"""
PACK = """
update allocation a set packed = a.quantity from order_line l join "order" o
  on o.merchant_id = l.merchant_id and o.id = l.order_id
where a.merchant_id = %(merchant)s and l.merchant_id = a.merchant_id and l.id = a.line_id
  and (o.state <> 'paid' or o.confirm_by is not null) and a.packed = 0
"""
KEYS = """
insert into order_key (merchant_id, id, key)
select merchant_id, id, 'n' || reverse(number) from "order" where merchant_id = %(merchant)s
union all select merchant_id, order_id, 's' || sku_id from order_line where merchant_id = %(merchant)s
on conflict do nothing
"""


@dataclass(frozen=True)
class Asked:
    """One page, by the words of its filters."""

    name: str
    query: Mapping[str, str]


def measure(data: Path | None, orders: int, rounds: int) -> Result:
    with running(data) as stack:
        world = make_world(stack, BUYERS)
        _fill(stack, world, orders)
        merchant = UUID(world.merchant_id)
        cookie, promoter = _staff(merchant)
        asked = _asked(stack, world, promoter)
        found = [_compare(stack, merchant, cookie, each, rounds) for each in asked]
    rows = [("filters", "page ms", "bare ms", "ratio", "statements", "rows")]
    rows += [
        (a.name, shown(o), shown(b), f"{o / b:.2f}", str(s), str(r))
        for a, (o, b, s, r) in zip(asked, found, strict=True)
    ]
    say(table(rows))
    ours, theirs = (statistics.fmean(each[place] for each in found) for place in (0, 1))
    unit = (
        f"ms, mean of {len(asked)} filters' medians, {orders:,} orders, reference: bare SQL; lower is better"
    )
    return result("console_orders", ours, theirs, unit)


def _fill(stack: Stack, world: World, orders: int) -> None:
    done = stack.data_dir / f"grown-{orders}"
    if done.exists():
        return
    with admin_connection(stack) as admin:
        template = _template(Session(stack, world, admin), "place-spread", 2, SPREAD[0])
        fill_orders(stack, world, template, orders)
        say("Letting them grow old …")
        parts = {"placed": orders // 3_000, "packed": orders // 200, "paid": orders * 6 // 100}
        values = {"merchant": world.merchant_id, **parts}
        admin.execute("set session_replication_role = replica")
        for statement in (GROW, PACK, KEYS):
            admin.execute(statement, values)
        admin.execute("vacuum analyze")
    done.touch()


def _staff(merchant: UUID) -> tuple[str, str]:
    """The session cookie of an owner at the desk, and a promoter's id."""
    from django.conf import settings
    from django.test import Client

    from tongdao.faces.console.sessions import DESK, SHIFT
    from tongdao.foundation import clock
    from tongdao.foundation.actors import SYSTEM
    from tongdao.foundation.tenancy import merchant_scope
    from tongdao.party.merchants.models import Role
    from tongdao.party.merchants.operations import add_staff
    from tongdao.party.network.models import Promoter
    from tongdao.party.people.operations import create_guest
    from tongdao.party.people.sign_in import SIGNED_AT

    person = create_guest()
    with merchant_scope(merchant):
        add_staff(person.id, Role.OWNER, actor=SYSTEM)
        promoter = Promoter.objects.order_by("id").values_list("id", flat=True)[0]
    browser = Client()
    browser.force_login(person, backend="tongdao.party.people.sign_in.IdentityBackend")
    session, now = browser.session, int(clock.now().timestamp())
    session[DESK], session[SIGNED_AT] = now + SHIFT, now
    session.save()
    return browser.cookies[settings.SESSION_COOKIE_NAME].value, str(promoter)


def _asked(stack: Stack, world: World, promoter: str) -> list[Asked]:
    with admin_connection(stack) as admin:
        row = admin.execute(
            "select number, placed_at::date, (select code from sku where code <> '' limit 1) from \"order\""
            " where state = 'completed' limit 1 offset 1000"
        ).fetchone()
    number, day, code = (str(value) for value in row)
    return [
        Asked("none", {}),
        Asked("completed", {"state": "completed"}),
        Asked("to ship", {"state": "to_ship"}),
        Asked("a day", {"placed_from": day, "placed_to": day}),
        Asked("completed, a day, an amount", {"state": "completed", "placed_from": day, "total_min": "300"}),
        Asked("a number", {"q": number}),
        Asked("the end of a number", {"q": number[-6:]}),
        Asked("a code", {"goods": code}),
        Asked("a promoter, paid", {"promoter": promoter, "state": "paid"}),
        Asked("an entrance", {"entrance": "moments"}),
        Asked("on its way, at least 500", {"shipping": "shipped", "total_min": "500"}),
    ]


def _compare(
    stack: Stack, merchant: UUID, cookie: str, asked: Asked, rounds: int
) -> tuple[float, float, int, int]:
    """Medians in ms of the page and of its statements, taken in turns; how many statements, how many rows."""
    path = f"/console/m/{merchant}/orders?{urlencode({'all': '1', **asked.query})}"
    host = stack.base_url.split("//")[1]
    statements, fetched = _statements(path, cookie, host)
    name, port = host.split(":")
    wire = socket.create_connection((name, int(port)), timeout=60)
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    page, bare = _pager(wire, host, path, cookie), _bare(statements)
    if bare() != fetched:
        raise RuntimeError(f"{path}: the statements alone do not find the {fetched} rows that the page reads")
    ours, theirs, rows = [], [], 0
    for number in range(WARM + rounds):
        took, rows = _timed(page)
        plain, _ = _timed(bare)
        if number >= WARM:
            ours.append(took)
            theirs.append(plain)
    wire.close()
    return statistics.median(ours), statistics.median(theirs), len(statements), rows


def _pager(wire: socket.socket, host: str, path: str, cookie: str) -> Callable[[], int]:
    """Asks for the page on a connection that stays open; gives its rows.

    Without http.client: reading heads through the library for mails is a time that browsers do not take.
    """
    asked = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: td_session={cookie}\r\n\r\n".encode()

    def page() -> int:
        wire.sendall(asked)
        head, body = b"", b""
        while b"\r\n\r\n" not in head:
            head += wire.recv(65536) or _cut_off(path)
        head, _, body = head.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200 ") or length is None:
            raise RuntimeError(f"{path} was answered {head[:200]!r}")
        while len(body) < int(length[1]):
            body += wire.recv(65536) or _cut_off(path)
        return body.count(b'<th scope="row">')

    return page


def _cut_off(path: str) -> bytes:
    raise RuntimeError(f"{path}: the server closed the connection")


def _statements(path: str, cookie: str, host: str) -> tuple[list[str], int]:
    """What the page runs, in order, as plain texts; and how many rows all of them find."""
    import psycopg
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    asked: list[tuple[str, Any]] = []
    found: list[Callable[[], int]] = []  # several asked in one journey know it at its end

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        ran = execute(sql, params, many, context)
        asked.append((sql, params))
        cursor = context["cursor"]
        rows = cursor.rowcount if cursor else None
        found.append(lambda: ran.rowcount if rows is None else rows)
        return ran

    browser = Client(headers={"host": host})
    browser.cookies[settings.SESSION_COOKIE_NAME] = cookie
    browser.get(path)
    with connection.execute_wrapper(note):
        answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} was answered {answer.status_code}")
    cursor = psycopg.ClientCursor(connection.connection)
    return [cursor.mogrify(sql, params or None) for sql, params in asked], sum(rows() for rows in found)


def _bare(statements: Sequence[str]) -> Callable[[], int]:
    from django.db import connection, transaction

    connection.ensure_connection()

    def bare() -> int:
        rows = 0
        with transaction.atomic(), connection.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.encode())
                rows += len(cursor.fetchall()) if cursor.description else 0
        return rows

    return bare


def _timed(act: Callable[[], int]) -> tuple[float, int]:
    """Milliseconds, and what came of it."""
    started = time.perf_counter()
    found = act()
    return (time.perf_counter() - started) * 1000, found
