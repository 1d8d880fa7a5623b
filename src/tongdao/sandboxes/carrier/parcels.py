"""A parcel's life: taking the next step, running into trouble, going back."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict

from tongdao.sandboxes.carrier.app import App, now
from tongdao.sandboxes.carrier.outbox import enqueue
from tongdao.sandboxes.carrier.route import Step, trouble, way_home

ENDINGS = {"301": "signed", "302": "signed", "4": "returned"}
"""Fine codes after which a parcel moves no more."""


def dump_plan(steps: list[Step]) -> str:
    """A plan as it is stored."""
    return json.dumps([asdict(step) for step in steps], ensure_ascii=False)


def load_plan(text: str) -> list[Step]:
    """A stored plan."""
    return [Step(**step) for step in json.loads(text)]


def addresses(parcel: sqlite3.Row) -> tuple[str, str]:
    """The sender's and the receiver's written address."""
    content = json.loads(parcel["content"])
    return content["sendMan"]["printAddr"], content["recMan"]["printAddr"]


def write_line(connection: sqlite3.Connection, number: str, step: Step) -> None:
    """One more line in the parcel's trace, as of now."""
    connection.execute(
        "INSERT INTO trace (number, at, code, context, area_code, area_name) VALUES (?, ?, ?, ?, ?, ?)",
        (number, now(), step.code, step.context, step.area_code, step.area_name),
    )


def _after_trouble(connection: sqlite3.Connection, number: str, step: Step) -> Step:
    """A parcel signed after a failed delivery says so."""
    failed = connection.execute("SELECT 1 FROM trace WHERE number = ? AND code = '204'", (number,)).fetchone()
    if step.code == "301" and failed:
        return Step("302", step.context, step.area_code, step.area_name)
    return step


def advance(app: App, number: str) -> bool:
    """The next step of the plan, with its push, in one transaction; False when the parcel moves no more."""
    with app.store.writing() as connection:
        parcel = connection.execute("SELECT * FROM parcel WHERE number = ?", (number,)).fetchone()
        if parcel is None or parcel["phase"] != "moving":
            return False
        plan = load_plan(parcel["plan"])
        step = _after_trouble(connection, number, plan[parcel["position"]])
        write_line(connection, number, step)
        connection.execute(
            "UPDATE parcel SET position = position + 1, phase = ?, next_at = ? WHERE number = ?",
            (ENDINGS.get(step.code, "moving"), now() + app.pace, number),
        )
        enqueue(connection, number, "shutdown" if step.code in ENDINGS else "polling")
    app.push_wake.set()
    return True


def run_into_trouble(app: App, number: str, reason: str) -> bool:
    """A failed delivery; the plan goes on after it. False when the parcel moves no more."""
    with app.store.writing() as connection:
        parcel = connection.execute("SELECT * FROM parcel WHERE number = ?", (number,)).fetchone()
        if parcel is None or parcel["phase"] != "moving":
            return False
        write_line(connection, number, trouble(addresses(parcel)[1], reason))
        enqueue(connection, number)
    app.push_wake.set()
    return True


def send_back(app: App, number: str) -> bool:
    """Refused at the door: the rest of the plan becomes the way home, its first step taken at once."""
    with app.store.writing() as connection:
        parcel = connection.execute("SELECT * FROM parcel WHERE number = ?", (number,)).fetchone()
        if parcel is None or parcel["phase"] != "moving":
            return False
        done = load_plan(parcel["plan"])[: parcel["position"]]
        plan = dump_plan([*done, *way_home(parcel["company"], *addresses(parcel))])
        connection.execute("UPDATE parcel SET plan = ? WHERE number = ?", (plan, number))
    return advance(app, number)


def give_up(app: App, number: str) -> bool:
    """The aggregator stops watching a parcel that shows nothing: a last push with status abort."""
    with app.store.writing() as connection:
        followed = connection.execute(
            "SELECT 1 FROM subscription WHERE number = ? AND status = 'polling'", (number,)
        ).fetchone()
        enqueue(connection, number, "abort", "60天无变化")
    app.push_wake.set()
    return followed is not None
