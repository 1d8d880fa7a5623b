"""The bench of money in its smallest form: that it measures all three, and checks what was done."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SMALL = ("--orders", "3000", "--refunds", "320", "--rounds", "1")


@pytest.mark.pure
@pytest.mark.slow
def test_it_measures_postings_refunds_and_release(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "bench.money", *SMALL, "--results", str(tmp_path)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row["name"]: row for row in json.loads((tmp_path / "money.json").read_text("utf-8"))}
    assert rows.keys() == {"postings", "refunds", "release"}
    assert all(row["ours"] > 0 and row["reference"] > 0 for row in rows.values())
    assert "fsync is on" in done.stdout
