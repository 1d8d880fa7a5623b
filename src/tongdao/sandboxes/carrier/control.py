"""The hand on the sandbox: JSON, with `Authorization: Bearer <control.token>`.

GET  /control/parcels                    [{number, company, phase, position, steps, order_id, followed}]
GET  /control/pushes[?number=]           [{id, number, mode, status, attempts, reply, state}], oldest first
POST /control/advance  {number?, steps=1}            take steps now; all moving parcels without `number`
POST /control/problem  {number, reason?}             a failed delivery (疑难); the parcel goes on afterwards
POST /control/return   {number}                      refused: 退回 now, then 退签 with the next steps
POST /control/abort    {number}                      the aggregator stops watching (status abort)
POST /control/mode     {mode, number?, pushes=1, seconds=0}   bend the next pushes, of one parcel or of any:
     late (by `seconds`), twice, lost (never sent), out_of_order (after the parcel's next push),
     altered_signature (on every attempt of that push); off forgets all modes not yet used up
POST /control/flush    {timeout=25}      send everything unsent now (held and failed too, lost ones not) and
                                         wait; answers {pending, failed}: what was still not taken
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from tongdao.sandboxes.carrier.app import App, Json, now
from tongdao.sandboxes.carrier.outbox import MODES
from tongdao.sandboxes.carrier.parcels import advance, give_up, load_plan, run_into_trouble, send_back


class BadControl(Exception):
    """The call cannot be understood or names a parcel that cannot do this."""


def parcels(app: App) -> list[Json]:
    """All parcels, oldest first."""
    rows = app.store.rows(
        "SELECT parcel.*, subscription.status AS followed FROM parcel"
        " LEFT JOIN subscription USING (number) ORDER BY created_at, number"
    )
    shown = ("number", "company", "phase", "position", "order_id", "followed")
    return [{name: row[name] for name in shown} | {"steps": len(load_plan(row["plan"]))} for row in rows]


def pushes(app: App, number: str | None) -> list[Json]:
    """All pushes, or those of one parcel."""
    rows = app.store.rows("SELECT * FROM push WHERE ? IS NULL OR number = ? ORDER BY id", number, number)
    shown = ("id", "number", "mode", "status", "attempts", "reply")
    return [
        {name: row[name] for name in shown} | {"state": json.loads(row["body"])["lastResult"]["state"]}
        for row in rows
    ]


def _whole(wanted: Json, name: str, default: int) -> int:
    value = wanted.get(name, default)
    if not isinstance(value, int) or not 0 < value <= 1_000:
        raise BadControl(f"{name} must be a whole number from 1 to 1000")
    return value


def _seconds(wanted: Json, name: str, default: float) -> float:
    value = wanted.get(name, default)
    if not isinstance(value, int | float) or not 0 <= value <= 86_400:
        raise BadControl(f"{name} must be seconds, from 0 to 86400")
    return float(value)


def _advance(app: App, wanted: Json) -> Json:
    steps, number = _whole(wanted, "steps", 1), wanted.get("number")
    moving = [row["number"] for row in app.store.rows("SELECT number FROM parcel WHERE phase = 'moving'")]
    if number is not None and number not in moving:
        raise BadControl("no such moving parcel")
    chosen = moving if number is None else [number]
    return {"moved": sum(advance(app, each) for each in chosen for _ in range(steps))}


def _done(done: bool) -> Json:
    if not done:
        raise BadControl("no such parcel, or it is past that")
    return {"done": True}


def _problem(app: App, wanted: Json) -> Json:
    return _done(
        run_into_trouble(app, str(wanted.get("number")), str(wanted.get("reason") or "无法联系收件人"))
    )


def _return(app: App, wanted: Json) -> Json:
    return _done(send_back(app, str(wanted.get("number"))))


def _abort(app: App, wanted: Json) -> Json:
    return _done(give_up(app, str(wanted.get("number"))))


def _mode(app: App, wanted: Json) -> Json:
    mode, count, seconds = wanted.get("mode"), _whole(wanted, "pushes", 1), _seconds(wanted, "seconds", 0)
    if mode != "off" and mode not in MODES:
        raise BadControl(f"mode must be off or one of {', '.join(MODES)}")
    with app.store.writing() as connection:
        if mode == "off":
            connection.execute("DELETE FROM fault")
        else:
            connection.execute(
                "INSERT INTO fault (mode, number, remaining, seconds) VALUES (?, ?, ?, ?)",
                (mode, wanted.get("number"), count, seconds),
            )
    return {"done": True}


def _unsent(app: App, status: str) -> int:
    row = app.store.row("SELECT count(*) AS n FROM push WHERE status = ?", status)
    return int(row["n"]) if row is not None else 0


def _flush(app: App, wanted: Json) -> Json:
    """Each unsent push gets one attempt more, whatever its number of attempts so far."""
    ends = time.monotonic() + _seconds(wanted, "timeout", 25)
    with app.store.writing() as connection:
        connection.execute(
            "UPDATE push SET status = 'pending', due_at = 0 WHERE status IN ('pending', 'held', 'failed')"
        )
    app.push_wake.set()
    due = "SELECT 1 FROM push WHERE status = 'pending' AND due_at <= ?"
    while app.store.row(due, now()) is not None and time.monotonic() < ends and not app.stopping.wait(0.02):
        continue
    return {"pending": _unsent(app, "pending"), "failed": _unsent(app, "failed")}


ACTIONS: dict[str, Callable[[App, Json], Json]] = {
    "advance": _advance,
    "problem": _problem,
    "return": _return,
    "abort": _abort,
    "mode": _mode,
    "flush": _flush,
}
