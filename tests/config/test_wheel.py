"""The built wheel is the whole program: it runs in an empty directory, away from the sources."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tongdao import __version__

pytestmark = [pytest.mark.pure, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    argv = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(argv, check=True, capture_output=True)
    return next(out.glob("tongdao-*.whl"))


def test_carries_every_file_of_the_package(wheel: Path) -> None:
    """Templates, style sheets, pictures and translations too; what Python leaves behind stays out."""
    files = (path for path in (ROOT / "src" / "tongdao").rglob("*") if path.is_file())
    wanted = {str(path.relative_to(ROOT / "src")) for path in files if path.suffix != ".pyc"}
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert wanted - names == set()
    assert not [name for name in names if name.endswith(".pyc") or "tongdao-data" in name]
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_runs_in_an_empty_directory(wheel: Path, tmp_path: Path) -> None:
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    argv = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(argv, check=True, capture_output=True)
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(site), "HOME": str(tmp_path)}

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=empty, env=environ, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    assert run(str(site / "bin" / "tongdao"), "--version") == f"tongdao {__version__}"
    assert str(site) in run("-c", "import tongdao; print(tongdao.__file__)"), "it is the wheel that runs"
    assert "import-products" in run(str(site / "bin" / "tongdao"), "--help")
    assert "no issues" in run(str(site / "bin" / "tongdao"), "manage", "check")
    assert (empty / "tongdao-data" / "secrets.json").exists(), "the data directory is where one stands"
