"""The trace of a parcel as the query answers it and the push carries it."""

from __future__ import annotations

import sqlite3

from tongdao.sandboxes.carrier.app import Json, stamp
from tongdao.sandboxes.carrier.route import STATES


def _line(row: sqlite3.Row, resultv2: int) -> Json:
    when = stamp(row["at"])
    line: Json = {"time": when, "ftime": when, "context": row["context"]}
    if resultv2:
        _, plain, fine = STATES[row["code"]]
        line |= {"status": plain, "areaCode": row["area_code"], "areaName": row["area_name"]}
        if resultv2 >= 4:
            line |= {"status": fine, "statusCode": row["code"]}
    return line


def shown_state(code: str, resultv2: int) -> str:
    """The fine code to those who asked for it, the plain state to others."""
    return code if resultv2 >= 4 else STATES[code][0]


def last_result(connection: sqlite3.Connection, number: str, company: str, resultv2: int) -> Json | None:
    """The whole trace, newest line first, or None when nothing is known yet."""
    rows = connection.execute("SELECT * FROM trace WHERE number = ? ORDER BY id DESC", (number,)).fetchall()
    if not rows:
        return None
    newest = rows[0]["code"]
    return {
        "message": "ok",
        "nu": number,
        "ischeck": "1" if STATES[newest][0] == "3" else "0",
        "condition": "F00",
        "com": company,
        "status": "200",
        "state": shown_state(newest, resultv2),
        "data": [_line(row, resultv2) for row in rows],
    }
