"""The bench of pages in its smallest form: that it measures both pairs, and notices what is no answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SMALL = ("--rounds", "1", "--seconds", "1")


@pytest.mark.pure
@pytest.mark.slow
def test_it_measures_page_and_api(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "bench.pages", *SMALL, "--results", str(tmp_path)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row["name"]: row for row in json.loads((tmp_path / "pages.json").read_text("utf-8"))}
    assert rows.keys() == {"product_page", "product_api"}
    assert all(row["ours"] > 0 and row["reference"] > 0 for row in rows.values())
    assert "page, 304" in done.stdout
