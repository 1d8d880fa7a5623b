"""Money: postings, the release of commissions and refunds in part, against hand-written SQL (README.md)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.fill import NoSpace, used
from bench.load import LoadFailed
from bench.reference import ReferenceFailed
from bench.report import RESULTS, Result, publish
from bench.session import OtherVersion, Session, session
from bench.sold import fill_sold
from bench.stack import Missing, find_pgbench, find_wrk, say

EXPLAINED = (LoadFailed, Missing, NoSpace, OtherVersion, ReferenceFailed)
FEW = 1_000  # orders
PARTS = ("postings", "refunds", "release")


def options(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-money", description=__doc__)
    parser.add_argument(
        "--orders", type=int, default=1_000_000, help="received orders, each with a commission"
    )
    parser.add_argument("--refunds", type=int, default=4_000, help="refunds of each round")
    parser.add_argument("--rounds", type=int, default=3, help="repetitions; medians are reported")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--data", type=Path, help="keep the data here and go on with it; else temporary")
    parser.add_argument("--results", type=Path, default=RESULTS, help="directory of the JSON file")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Exit status: 0 measured and sound, 1 not (the reason is on stderr)."""
    asked = options(argv)
    try:
        find_wrk(), find_pgbench()
        with session(asked.data, orders=0) as found:
            _prepare(found, asked)
            fill_sold(found, asked.orders)
            say(f"{asked.orders:,} orders are there; {used(found.stack)}; fsync is {found.one('show fsync')}")
            publish("money", measure(found, asked), directory=asked.results)
    except EXPLAINED as error:
        sys.stderr.write(f"\nNot measured. {error}\n")
        return 1
    return 0


def _prepare(found: Session, asked: argparse.Namespace) -> None:
    """What one refund writes is told by comparing whole tables: while they are small."""
    from bench import refunding

    if "refunds" in asked.only:
        fill_sold(found, min(asked.orders, FEW))
        refunding.template(found)


def measure(found: Session, asked: argparse.Namespace) -> list[Result]:
    """The release comes last: it is for all that is left."""
    from bench import postings, refunding, releasing

    results = []
    if "postings" in asked.only:
        results.append(postings.measure(found, asked.rounds, sets=10))
    if "refunds" in asked.only:
        results.append(refunding.measure(found, asked.rounds, asked.refunds))
    if "release" in asked.only:
        results.append(releasing.measure(found))
    return results


if __name__ == "__main__":
    sys.exit(main())
