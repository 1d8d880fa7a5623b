"""The whole bench in its smallest form: not how fast anything was, but that it checks what it measures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SMALL = ("--orders", "2000", "--buyers", "500", "--seconds", "2", "--rounds", "1", "--paid", "64")
NAMES = {"place_hot", "place_spread", "paid_hot", "paid_spread"}


@pytest.mark.pure
@pytest.mark.slow
def test_it_measures_every_pair_and_the_database_agrees(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "bench.checkout", *SMALL, "--results", str(tmp_path)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row["name"]: row for row in json.loads((tmp_path / "checkout.json").read_text("utf-8"))}
    assert rows.keys() == NAMES
    assert all(row.keys() == {"name", "ours", "reference", "ratio", "unit"} for row in rows.values())
    assert all(row["ours"] > 0 and row["reference"] > 0 for row in rows.values())
    assert "fsync is on" in done.stdout
    assert "invariants hold" in done.stdout
