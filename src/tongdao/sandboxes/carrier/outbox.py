"""Writing pushes down to be sent, bent by whatever fault was asked for. Sending them is `pusher.py`'s."""

from __future__ import annotations

import json
import sqlite3

from tongdao.sandboxes.carrier.app import Json, now
from tongdao.sandboxes.carrier.route import STATES
from tongdao.sandboxes.carrier.trace import last_result

MODES = ("late", "twice", "lost", "out_of_order", "altered_signature")

_BILL = {"1": "got", "3": "check"}


def _body(subscription: sqlite3.Row, result: Json, status: str, message: str) -> str:
    state = result["state"]
    plain = STATES[state][0] if state in STATES else state
    body = {
        "status": status,
        "billstatus": _BILL.get(plain, "sending"),
        "message": message,
        "autoCheck": "0",
        "comOld": "",
        "comNew": "",
        "lastResult": result,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _take_fault(connection: sqlite3.Connection, number: str) -> tuple[str, float]:
    """The fault this push uses up, with its seconds; ("", 0) when it goes out as it should."""
    fault = connection.execute(
        "SELECT * FROM fault WHERE remaining > 0 AND (number = ? OR number IS NULL) ORDER BY id LIMIT 1",
        (number,),
    ).fetchone()
    if fault is None:
        return "", 0.0
    connection.execute("UPDATE fault SET remaining = remaining - 1 WHERE id = ?", (fault["id"],))
    return fault["mode"], fault["seconds"]


def enqueue(connection: sqlite3.Connection, number: str, status: str = "polling", message: str = "") -> None:
    """Write down a push of the trace as it stands, if somebody follows the parcel.

    `status` is the subscription's from now on; a parcel without a trace is not pushed.
    """
    subscription = connection.execute(
        "SELECT * FROM subscription WHERE number = ? AND status = 'polling'", (number,)
    ).fetchone()
    if subscription is None:
        return
    result = last_result(connection, number, subscription["company"], subscription["resultv2"])
    if result is None:
        return
    connection.execute("UPDATE subscription SET status = ? WHERE number = ?", (status, number))
    mode, seconds = _take_fault(connection, number)
    first = {"lost": "dropped", "out_of_order": "held"}.get(mode, "pending")
    body = _body(subscription, result, status, message)
    at = now()
    for _ in range(2 if mode == "twice" else 1):
        connection.execute(
            "INSERT INTO push (number, url, salt, body, mode, due_at, status, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, subscription["url"], subscription["salt"], body, mode, at + seconds, first, at),
        )
