"""What an order costs when 1 M and 10 M orders are there already, against 100,000 (README.md).

The fill is set-based and goes on where it stopped: give `--data` to keep it. It says before how much disk it
takes and afterwards how long it took.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bench.checkout import EXPLAINED
from bench.checks import check_everything, check_round, standing
from bench.fill import fill_orders, used
from bench.load import LoadFailed, place_load
from bench.reference import place_script, run_pgbench
from bench.report import RESULTS, Result, publish, result, shown, table
from bench.rounds import middle, warm
from bench.session import SCENARIOS, Session, session
from bench.stack import find_pgbench, find_wrk, say

BASE = 100_000
SIZES = {"1m": 1_000_000, "10m": 10_000_000}
UNIT = "µs an order (mean of hot and spread), with {size} orders there against {base}; at most 1.2 wanted"


@dataclass(frozen=True)
class Cost:
    """Orders per second, medians: ours and A's (which tells whether the machine itself has changed)."""

    orders: int
    hot: float
    spread: float
    a_hot: float
    a_spread: float

    @property
    def micros(self) -> float:
        return (1 / self.hot + 1 / self.spread) / 2 * 1e6


def options(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-growth", description=__doc__)
    parser.add_argument("--sizes", default="1m,10m", help="which to measure, by comma; at least one")
    parser.add_argument("--base", type=int, default=BASE, help="what they are compared with")
    parser.add_argument("--scale", type=int, default=1, help="divides the sizes, to try the bench itself")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, help="keep the data here and go on with it; else temporary")
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    asked = options(argv)
    try:
        find_wrk(), find_pgbench()
        with session(asked.data, orders=asked.base // asked.scale) as found:
            publish("growth", _grow(found, asked), directory=asked.results)
    except EXPLAINED as error:
        sys.stderr.write(f"\nNot measured. {error}\n")
        return 1
    return 0


def _grow(found: Session, asked: argparse.Namespace) -> list[Result]:
    """The base first (as it was measured when these data were small), then one size after the other."""
    base = _base(found, asked)
    costs, results = [base], []
    for name in asked.sizes.split(","):
        size = SIZES[name] // asked.scale
        _refuse_more_than(found, size)
        began = time.monotonic()
        fill_orders(found.stack, found.world, found.templates["spread"], size)
        say(f"{size:,} orders are there after {time.monotonic() - began:,.0f} s; {used(found.stack)}")
        cost = _measure(found, asked, size)
        costs.append(cost)
        unit = UNIT.format(size=f"{size:,}", base=f"{base.orders:,}")
        results.append(result(f"growth_{name}", cost.micros, base.micros, unit))
    head = ("orders there", "ours hot /s", "ours spread /s", "µs an order", "A hot /s", "A spread /s")
    rows = [tuple(map(shown, (c.orders, c.hot, c.spread, c.micros, c.a_hot, c.a_spread))) for c in costs]
    say(f"\n{table([head, *rows])}")
    return results


def _base(found: Session, asked: argparse.Namespace) -> Cost:
    """Measured now or, where an interrupted run is taken up, when these data were small."""
    kept = found.stack.data_dir / "base.json"
    if not kept.exists():
        size = asked.base // asked.scale
        _refuse_more_than(found, size)
        kept.write_text(json.dumps(asdict(_measure(found, asked, size))), encoding="utf-8")
        return Cost(**json.loads(kept.read_text(encoding="utf-8")))
    say("The base was measured by an earlier run on these data; compare A's figures.")
    return Cost(**json.loads(kept.read_text(encoding="utf-8")))


def _refuse_more_than(found: Session, size: int) -> None:
    """Raises LoadFailed where more orders were filled in than the figure would say."""
    there = int(found.one("select sum(last - first + 1) from bench_fill"))
    if there > size:
        raise LoadFailed(f"{there:,} orders are there already; measuring with {size:,} needs other data")


def _measure(found: Session, asked: argparse.Namespace, size: int) -> Cost:
    warm(found)
    since: datetime = found.one("select clock_timestamp()")
    ours: dict[str, list[float]] = {name: [] for name in SCENARIOS}
    theirs: dict[str, list[float]] = {name: [] for name in SCENARIOS}
    for _ in range(asked.rounds):
        for name, skus in SCENARIOS.items():
            before = standing(found, since)
            found.rest()
            load = place_load(found.stack.base_url, found.world, asked.seconds, skus)
            check_round(load, before, standing(found, since), found, skus[0])
            ours[name].append(load.rate)
            script = place_script(found.templates[name], found.world, skus)
            found.rest()
            theirs[name].append(run_pgbench(found.stack, script, f"a-{name}", seconds=asked.seconds).rate)
    check_everything(found, since)
    medians = [middle(figures[name]) for figures in (ours, theirs) for name in SCENARIOS]
    say(f"with {size:,} orders: hot {shown(medians[0])}/s, spread {shown(medians[1])}/s; all checks hold")
    return Cost(size, *medians)


if __name__ == "__main__":
    sys.exit(main())
