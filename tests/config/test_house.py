"""The import contract names every room, and the lock files say what they must and nothing more."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure
ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tongdao"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SINGLE = {"config", "foundation", "rulebook", "sandboxes"}  # floors of one room


def rooms() -> set[str]:
    """Dotted names of all rooms, and of the floors that are one room."""
    found = set()
    for floor in (path for path in SOURCE.iterdir() if (path / "__init__.py").exists()):
        if floor.name in SINGLE:
            found.add(f"tongdao.{floor.name}")
        else:
            found |= {f"tongdao.{floor.name}.{room.parent.name}" for room in floor.glob("*/__init__.py")}
    return found


def test_every_room_has_its_place_in_the_order_of_imports() -> None:
    layers = " ".join(PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"])
    listed = set(re.findall(r"tongdao[.\w]+", layers))
    assert rooms() - listed == set(), "a room that the contract does not know may import anything"


@pytest.mark.parametrize("name", ["run", "build", "dev"])
def test_locks_pin_with_hashes_and_name_no_host(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    lines = text.splitlines()
    pins = [number for number, line in enumerate(lines) if line and line[0] not in " #"]
    assert pins
    for number in pins:
        assert re.fullmatch(r"[\w.-]+==[\w.+!-]+ \\", lines[number]), lines[number]
        assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", lines[number + 1]), lines[number]
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted", text)


def test_the_lock_holds_what_the_package_asks_for() -> None:
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "run.lock").read_text(), re.MULTILINE)
    asked = [re.split(r"[\[<>=]", name)[0] for name in PYPROJECT["project"]["dependencies"]]
    normal = {name.lower().replace("_", "-") for name in locked}
    assert {name.lower() for name in asked} - normal == set()


def test_the_zone_of_beijing_and_its_days_are_defined_once() -> None:
    """Migrations keep the words that they ran with, and sandboxes import nothing of the house."""
    again = re.compile(r"Asia/Shanghai|ZoneInfo\(|timezone\(timedelta\(|\bnow(\(\))?\.date\(\)")
    found = [
        str(path.relative_to(SOURCE))
        for path in sorted(SOURCE.rglob("*.py"))
        if not {"migrations", "sandboxes"} & set(path.relative_to(SOURCE).parts)
        if again.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["foundation/clock.py"]


def test_the_size_report_notices_a_long_function(tmp_path: Path) -> None:
    report = (ROOT / "tools" / "size_report.py").read_text(encoding="utf-8")
    (tmp_path / "tools").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "tools" / "size_report.py").write_text(report, encoding="utf-8")
    sample = tmp_path / "src" / "sample.py"
    sample.write_text("def short() -> None:\n    pass\n\n\n", encoding="utf-8")
    argv = [sys.executable, str(tmp_path / "tools" / "size_report.py")]
    assert subprocess.run(argv, check=False).returncode == 0
    sample.write_text("def long() -> None:\n" + "    pass\n" * 61, encoding="utf-8")
    broken = subprocess.run(argv, check=False, capture_output=True, text=True)
    assert broken.returncode == 1
    assert "sample.py:1 long has 62 lines" in broken.stdout
