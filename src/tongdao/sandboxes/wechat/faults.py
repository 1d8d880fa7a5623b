"""Answers that go wrong at will, each a set number of times.

`operation` is the name of a route of `api`, or `*`. Kinds: `BUSY` (errcode -1), `LIMIT` (45011), `GARBAGE`
(no JSON), `SNAPSHOT` (the page is a preview: a virtual account), and without an answer `LOST_BEFORE` and
`LOST_AFTER` the effect; `SLOW` answers well, after `seconds`.
"""

import time
from collections.abc import Callable

from tongdao.sandboxes.wechat.errors import Refused
from tongdao.sandboxes.wechat.store import Row, Store
from tongdao.sandboxes.wechatpay.messages import Answer, json_answer

KINDS = ("BUSY", "LIMIT", "GARBAGE", "SNAPSHOT", "LOST_BEFORE", "LOST_AFTER", "SLOW")
CODES = {"BUSY": -1, "LIMIT": 45011}
Body = dict[str, object]


class Dropped(Exception):
    """The answer is to be lost: drop the connection."""


def add(store: Store, operation: str, kind: str, seconds: int, times: int) -> None:
    """Arm a fault; ValueError if it is not one."""
    if kind not in KINDS or times < 1 or not 0 <= seconds <= 600:
        raise ValueError(f"fault: {operation!r} {kind!r} {seconds!r} {times!r}")
    sql = "insert into faults (operation, kind, seconds, remaining) values (?, ?, ?, ?)"
    store.run(sql, operation, kind, seconds, times)


def _take(store: Store, operation: str) -> Row | None:
    sql = "select * from faults where operation in (?, '*') and remaining > 0 order by id"
    with store.transaction():
        fault = store.one(sql, operation)
        if fault is not None:
            store.run("update faults set remaining = remaining - 1 where id = ?", fault["id"])
    return fault


def under(store: Store, operation: str, work: Callable[[], Body]) -> Answer:
    """Do `work`, with whatever fault is armed for it."""
    fault = _take(store, operation)
    kind = "" if fault is None else fault["kind"]
    if kind in CODES:
        raise Refused(CODES[kind])
    if kind == "LOST_BEFORE":
        raise Dropped
    if fault is not None and kind == "SLOW":
        time.sleep(fault["seconds"])
    body = work()
    if kind == "LOST_AFTER":
        raise Dropped
    if kind == "GARBAGE":
        return Answer(200, b"<html>busy</html>", {"Content-Type": "text/html"})
    return json_answer(200, body | ({"is_snapshotuser": 1} if kind == "SNAPSHOT" else {}))
