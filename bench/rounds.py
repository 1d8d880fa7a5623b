"""One round: ours and the references one after the other, so that what disturbs the machine disturbs all."""

from __future__ import annotations

import resource
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

import psutil

from bench.checks import check_round, standing
from bench.load import Load, LoadFailed, place_load
from bench.paying import OURS, REFERENCE, make_due, paid_count, pay_ours, pay_reference
from bench.reference import Measured, place_script, run_pgbench, together_script
from bench.session import SCENARIOS, Session
from bench.template import Template
from bench.world import World

WARM_SECONDS = 3
Script = Callable[[Template, World, tuple[int, int]], str]


@dataclass(frozen=True)
class Cpu:
    """CPU seconds spent so far by the web processes, the database and the load generator."""

    web: float
    database: float
    load: float

    def __sub__(self, other: Cpu) -> Cpu:
        return Cpu(self.web - other.web, self.database - other.database, self.load - other.load)

    def each(self, orders: int) -> Cpu:
        return Cpu(self.web / orders, self.database / orders, self.load / orders)


@dataclass(frozen=True)
class Placing:
    """What one round measured of one scenario."""

    load: Load
    a: Measured
    b: Measured
    cpu: Mapping[str, Cpu]  # of one order: "ours", "A", "B"


@dataclass(frozen=True)
class Paying:
    """Payments per second, ours and by hand, and how many each."""

    ours: float
    a: float
    count: int


def cpu_now(session: Session) -> Cpu:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    web = [psutil.Process(pid) for pid in session.stack.web_pids]
    server = psutil.Process(session.stack.server.process.pid)
    return Cpu(
        sum(_seconds(process) for process in web),
        _with_children(server),
        children.ru_utime + children.ru_stime,
    )


def _with_children(process: psutil.Process) -> float:
    """Its living children and those that have ended: pgbench has closed its connections by then."""
    times = process.cpu_times()
    return times.children_user + times.children_system + sum(map(_seconds, process.children()))


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def warm(session: Session) -> None:
    """What only first requests do (imports, connections, plans) is done before anything is measured."""
    for skus in SCENARIOS.values():
        place_load(session.stack.base_url, session.world, WARM_SECONDS, skus)
    standing(session, session.one("select clock_timestamp()"))  # nothing of it is under way any more


def place_round(session: Session, name: str, seconds: int, since: datetime) -> Placing:
    """Ours, A, B. Raises LoadFailed, Unsound or ReferenceFailed."""
    skus = SCENARIOS[name]
    before = standing(session, since)
    session.rest()
    spent = cpu_now(session)
    load = place_load(session.stack.base_url, session.world, seconds, skus)
    spent = cpu_now(session) - spent
    check_round(load, before, standing(session, since), session, skus[0])
    a, cpu_a = _by_hand(session, name, place_script, seconds)
    b, cpu_b = _by_hand(session, name, together_script, seconds)
    return Placing(load, a, b, {"ours": spent.each(load.good), "A": cpu_a, "B": cpu_b})


def _by_hand(session: Session, name: str, script: Script, seconds: int) -> tuple[Measured, Cpu]:
    text = script(session.templates[name], session.world, SCENARIOS[name])
    session.rest()
    spent = cpu_now(session)
    measured = run_pgbench(session.stack, text, f"{script.__name__}-{name}", seconds=seconds)
    return measured, (cpu_now(session) - spent).each(measured.count)


def pay_round(session: Session, name: str, most: int, since: datetime) -> Paying:
    """Pay up to `most` of the youngest orders of the scenario, as many by hand; all must be paid after."""
    hot = name == "hot"
    due = make_due(session, OURS, hot, since, most)
    theirs = make_due(session, REFERENCE, hot, since, len(due))
    if not due or not theirs:
        raise LoadFailed(f"{len(due)} orders of ours and {len(theirs)} of the reference are there to be paid")
    session.rest()
    load = pay_ours(session, due)
    paid = paid_count(session, due)
    if paid != len(due) or load.count != len(due) or load.refused or load.broken:
        raise LoadFailed(
            f"{len(due)} notifications, {load.count} answered 200, {paid} orders are paid: {load}"
        )
    _next_due(session, theirs)
    session.rest()
    measured = pay_reference(session, session.templates[f"pay-{name}"], theirs)
    if (paid := paid_count(session, theirs)) != len(theirs):
        raise LoadFailed(f"the reference paid {paid} of {len(theirs)} orders")
    return Paying(load.rate, measured.rate, len(due))


def _next_due(session: Session, due: list[dict[str, int]]) -> None:
    session.one("select setval('bench_next', %s, false)", due[0]["n"])


def together(place: float, pay: float) -> float:
    """Paid orders per second of one that first places and then pays: N / (N/place + N/pay)."""
    return 1 / (1 / place + 1 / pay)


def middle(figures: list[float]) -> float:
    return float(median(figures))
