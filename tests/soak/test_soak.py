"""Two processes place orders of many lines while everything else goes on: no deadlock, and all adds up.

SOAK_ORDERS is how many (`make soak`: 100,000).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from tests.interleaving.rules import find_broken, find_unsound
from tests.soak.counting import Count, errors
from tests.soak.shop import SoakShop, open_shop
from tests.tenancy.catalogue import superuser

pytestmark = [pytest.mark.slow, pytest.mark.timeout(6 * 3600)]
ORDERS = int(os.environ.get("SOAK_ORDERS", "1000"))
BUYERS = 2


def start(cluster: Any, program: str, *arguments: str) -> subprocess.Popen[str]:
    argv = [sys.executable, "-m", f"tests.soak.{program}", *arguments]
    return subprocess.Popen(
        argv, env=cluster.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def ended(process: subprocess.Popen[str]) -> Count:
    """What it counted, once it has come to its end."""
    said, _ = process.communicate()
    assert process.returncode == 0
    return Counter(json.loads(said.splitlines()[-1]))


def deadlocks() -> int:
    """As the server counts them."""
    with superuser() as admin:
        admin.execute("select pg_stat_force_next_flush()")
        row = admin.execute(
            "select deadlocks from pg_stat_database where datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_orders_of_many_lines_never_deadlock(cluster: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shop, before = open_shop(), deadlocks()
    keeper = start(cluster, "keeper", shop.told(), "keeper")
    buyers = [start(cluster, "buyer", shop.told(), str(ORDERS // BUYERS), str(n)) for n in range(BUYERS)]
    bought: Count = sum((ended(buyer) for buyer in buyers), Counter())
    kept = ended(keeper)
    if "SOAK_ORDERS" in os.environ:
        with capsys.disabled():
            print("\n" + "\n".join(table(bought + kept)))
    assert deadlocks() == before
    assert errors(bought + kept) == {}
    assert_all_adds_up(shop, bought, kept)


def assert_all_adds_up(shop: SoakShop, bought: Count, kept: Count) -> None:
    answered = sum(number for what, number in bought.items() if what.startswith("order"))
    assert answered == ORDERS // BUYERS * BUYERS
    assert bought["orders placed"] > answered // 10
    assert find_broken(shop.merchant) == []
    assert find_unsound(shop.merchant) == []
    assert kept["pay"] > 0
    assert kept["price"] > 0


def table(count: Count) -> list[str]:
    return [f"  {what:<36}{number:>9,}" for what, number in sorted(count.items())]
