"""Orders placed and paid per second over HTTP, against hand-written SQL on the same tables (README.md)."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from bench.checks import Unsound, check_everything
from bench.fill import NoSpace, used
from bench.load import LoadFailed
from bench.reference import ReferenceFailed
from bench.report import RESULTS, Result, publish, result, shown, table
from bench.rounds import Paying, Placing, middle, pay_round, place_round, together, warm
from bench.session import BUYERS, SCENARIOS, OtherVersion, Session, note, session
from bench.stack import Missing, find_pgbench, find_wrk, say

EXPLAINED = (LoadFailed, Missing, NoSpace, OtherVersion, ReferenceFailed, Unsound)
CPU = ("web", "database", "load")
UNIT = "orders/s, reference A; more is better"
PAID = "paid orders/s (placed, then paid), reference A; more is better"


def options(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-checkout", description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="length of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="repetitions; medians are reported")
    parser.add_argument("--orders", type=int, default=100_000, help="orders that are there before")
    parser.add_argument("--buyers", type=int, default=BUYERS)
    parser.add_argument("--paid", type=int, default=4_000, help="orders paid in each round")
    parser.add_argument("--data", type=Path, help="keep the data here and go on with it; else temporary")
    parser.add_argument("--results", type=Path, default=RESULTS, help="directory of the JSON file")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Exit status: 0 measured and sound, 1 not (the reason is on stderr)."""
    asked = options(argv)
    try:
        find_wrk(), find_pgbench()
        with session(asked.data, orders=asked.orders, buyers=asked.buyers) as found:
            say(f"{asked.orders:,} orders are there; {used(found.stack)}; fsync is {found.one('show fsync')}")
            publish("checkout", measure(found, asked), directory=asked.results)
    except EXPLAINED as error:
        sys.stderr.write(f"\nNot measured. {error}\n")
        return 1
    return 0


def measure(found: Session, asked: argparse.Namespace) -> list[Result]:
    """All rounds, then everything that must hold; raises what made them worthless."""
    warm(found)
    since: datetime = found.one("select clock_timestamp()")
    placed: dict[str, list[Placing]] = {name: [] for name in SCENARIOS}
    paid: dict[str, list[Paying]] = {name: [] for name in SCENARIOS}
    for number in range(asked.rounds):
        for name in SCENARIOS:
            placed[name].append(place_round(found, name, asked.seconds, since))
            paid[name].append(pay_round(found, name, asked.paid, since))
            _tell(number, name, placed[name][-1], paid[name][-1])
    say(f"checked in the database: {check_everything(found, since)} invariants hold")
    _absolute(placed, paid)
    return [row for name in SCENARIOS for row in _results(name, placed[name], paid[name])]


def _tell(number: int, name: str, placing: Placing, paying: Paying) -> None:
    load = placing.load
    note(
        f"round {number + 1} {name}: ours {shown(load.rate)}/s (p99 {load.p99:.0f} ms),"
        f" A {shown(placing.a.rate)}, B {shown(placing.b.rate)};"
        f" {paying.count} payments: ours {shown(paying.ours)}/s, A {shown(paying.a)}"
    )


def _results(name: str, placed: list[Placing], paid: list[Paying]) -> list[Result]:
    ours = middle([p.load.rate for p in placed])
    a, b = middle([p.a.rate for p in placed]), middle([p.b.rate for p in placed])
    ours_paid = middle([together(p.load.rate, q.ours) for p, q in zip(placed, paid, strict=True)])
    a_paid = middle([together(p.a.rate, q.a) for p, q in zip(placed, paid, strict=True)])
    say(f"{name}: {ours / a:.2f} × A, {ours / b:.2f} × B; paid {ours_paid / a_paid:.2f} × A")
    return [
        result(f"place_{name}", ours, a, UNIT),
        result(f"paid_{name}", ours_paid, a_paid, PAID),
    ]


def _absolute(placed: dict[str, list[Placing]], paid: dict[str, list[Paying]]) -> None:
    """The figures themselves, medians over the rounds."""
    head = ("", "ours /s", "p50 ms", "p95 ms", "p99 ms", "A /s", "B /s", "pay ours /s", "pay A /s", "answers")
    rows: list[tuple[str, ...]] = [head]
    cpu: list[tuple[str, ...]] = [("CPU µs an order", "web", "database", "load generator")]
    for name, found in placed.items():
        figures = [middle([getattr(p.load, what) for p in found]) for what in ("rate", "p50", "p95", "p99")]
        figures += [middle([p.a.rate for p in found]), middle([p.b.rate for p in found])]
        figures += [middle([q.ours for q in paid[name]]), middle([q.a for q in paid[name]])]
        answers = f"{sum(p.load.good for p in found):,} × 201, 0 others"
        rows.append((name, *map(shown, figures), answers))
        for whose in found[0].cpu:
            spent = [middle([getattr(p.cpu[whose], what) for p in found]) for what in CPU]
            cpu.append((f"{name}, {whose}", *(shown(seconds * 1e6) for seconds in spent)))
    say(f"\n{table(rows)}\n\n{table(cpu)}\n")


if __name__ == "__main__":
    sys.exit(main())
