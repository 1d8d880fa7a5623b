"""kill -9 under load: no order without its stock, none lost that was answered, none placed twice.

KILL_ROUNDS is how many kills fall (`make kills`: 50), a third of them each on a web process, on the database
and on the committer's own connection.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil
import psycopg
import pytest

from tests.killing.kill import SEED
from tests.killing.rush import BUYERS, PATIENCE, Rush
from tests.killing.rush_facts import find_faults, unanswered
from tests.stack import wait_until
from tongdao.config.env import load_env

pytestmark = [pytest.mark.pure, pytest.mark.slow, pytest.mark.timeout(3600)]
ROUNDS = int(os.environ.get("KILL_ROUNDS", "6"))
LATEST = 0.5  # seconds after the load runs well again
AFTER = 3 * BUYERS  # orders answered before the next kill: everybody got on
CUT = """
select pg_terminate_backend(pid) from pg_stat_activity
where usename = 'tongdao_app' and xact_start is not null and query not like '%%set_config%%'
order by random() limit 1
"""


@dataclass
class Row:
    """What was seen in the rounds of one victim."""

    rounds: int = 0
    answered: int = 0
    asked_again: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0  # seconds until the first answers after a kill


def kill_web(rush: Rush) -> Callable[[], bool]:
    """One of the worker processes; its server starts another."""
    server = psutil.Process(rush.town.stack.pid("web"))
    before = {child.pid for child in server.children()}
    os.kill(random.choice(sorted(before)), signal.SIGKILL)

    def is_back() -> bool:
        with suppress(psutil.NoSuchProcess):
            now = psutil.Process(rush.town.stack.pid("web")).children()
            return len(now) == len(before) and {child.pid for child in now} != before
        return False

    return is_back


def kill_database(rush: Rush) -> Callable[[], bool]:
    stack = rush.town.stack
    old = stack.kill("database")
    return lambda: stack.running().processes.get("database", (old, 0))[0] != old


def cut_connection(rush: Rush) -> Callable[[], bool]:
    """The connection of a transaction under way, which is a committer's."""
    url = load_env({"TONGDAO_DATA": str(rush.town.stack.data_dir)}).databases.admin
    with psycopg.connect(url, autocommit=True) as admin:
        wait_until(lambda: admin.execute(CUT.encode()).fetchall(), "a transaction under way")
    return lambda: True


VICTIMS: dict[str, Callable[[Rush], Callable[[], bool]]] = {
    "web process": kill_web,
    "database": kill_database,
    "connection": cut_connection,
}


def test_orders_survive_kills_at_random_moments(
    rush: Rush, capsys: pytest.CaptureFixture[str], draw: random.Random
) -> None:
    rows = {name: Row() for name in VICTIMS}
    rush.begin()
    for number in range(ROUNDS):
        rush.wait_for(AFTER)
        name = list(VICTIMS)[number % len(VICTIMS)]
        one_round(rush, name, rows[name], draw)
        assert find_faults(rush) == [], f"after round {number + 1}, {name}"
    rush.end()
    assert unanswered(rush) == []
    assert find_faults(rush) == []
    with capsys.disabled():
        print("\n" + "\n".join(table(rows, rush)))


def one_round(rush: Rush, name: str, row: Row, draw: random.Random) -> None:
    time.sleep(draw.uniform(0, LATEST))
    heard, answered = rush.answers.heard.copy(), rush.count()
    is_back = VICTIMS[name](rush)
    fell = time.monotonic()
    wait_until(is_back, f"a new {name}")
    rush.wait_for(BUYERS)
    row.rounds += 1
    row.longest = max(row.longest, time.monotonic() - fell)
    row.answered += rush.count() - answered
    row.asked_again += Counter(
        {what: count for what, count in (rush.answers.heard - heard).items() if what not in ("201", "409")}
    )


def table(rows: dict[str, Row], rush: Rush) -> list[str]:
    lines = [
        "kill -9 of     rounds  answered  longest until answers  answered 200, or asked again because of"
    ]
    for name, row in rows.items():
        again = ", ".join(f"{count} × {what}" for what, count in row.asked_again.most_common())
        lines.append(
            f"{name:<14}{row.rounds:>7}{row.answered:>10}{row.longest:>21.1f} s  {again or 'nothing'}"
        )
    held = rush.snapshot()
    refused = ", ".join(f"{count} {code}" for code, count in Counter(held.refused.values()).items())
    return [*lines, f"{len(held.placed)} orders placed under as many keys; refused: {refused or 'none'}"]


@pytest.fixture
def draw() -> random.Random:
    return random.Random(f"{SEED} rush")


def test_a_worker_that_is_asked_to_stop_answers_everybody(rush: Rush) -> None:
    """SIGTERM: whoever is in it is answered, who comes later is served by the other or its successor."""
    server = psutil.Process(rush.town.stack.pid("web"))
    before = {child.pid for child in server.children()}
    heard = rush.answers.heard.copy()
    rush.begin()
    rush.wait_for(AFTER)
    os.kill(min(before), signal.SIGTERM)
    wait_until(lambda: min(before) not in {child.pid for child in server.children()}, "the worker's end")
    rush.wait_for(AFTER)
    rush.end()
    assert unanswered(rush) == []
    assert find_faults(rush) == []
    said: Counter[Any] = rush.answers.heard - heard
    assert not said["500"], said


def test_the_rush_was_one(rush: Rush) -> None:
    """That the load was a load: goods and coupons ran out, and answers were lost and asked for again."""
    held = rush.snapshot()
    assert "out_of_stock" in held.refused.values()
    assert len(held.placed) > PATIENCE
    assert rush.answers.heard["200"] > 0
