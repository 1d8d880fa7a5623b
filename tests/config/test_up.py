"""What `tongdao up` shows, and the database that runs for one command only."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import psycopg
import pytest

from tongdao.config import up
from tongdao.config.children import Child, Program
from tongdao.config.env import load_env
from tongdao.config.processes import LARGEST_LOG
from tongdao.config.roles import prepare
from tongdao.config.runfile import AlreadyRunning, sole_supervisor

pytestmark = pytest.mark.pure


def test_columns_align_though_a_chinese_character_is_two_cells_wide() -> None:
    lines = up.table(
        ("what", "where", "sign in"), [("店铺", "http://a", ""), ("console", "http://b", "owner")]
    )
    assert lines == ["what     where     sign in", "店铺     http://a", "console  http://b  owner"]


def test_the_demo_shows_what_demo_fill_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    env = load_env({"TONGDAO_DATA": str(tmp_path)})
    row = {"what": "store", "where": "/s/tea/", "sign_in": "buyer@example.com"}
    (tmp_path / "demo.json").write_text(json.dumps([row]))
    up.show_addresses(env, demo=True)
    assert "store  http://127.0.0.1:8000/s/tea/  buyer@example.com" in capsys.readouterr().out


def test_the_database_runs_for_one_command_and_is_gone_after(open_dir: Path) -> None:
    first = load_env({"TONGDAO_DATA": str(open_dir)})
    with up.database_running(first) as env:
        prepare(env.databases, env.secrets.role_passwords)
        with psycopg.connect(env.databases.owner) as connection:
            assert connection.execute("select current_user::text").fetchone() == ("tongdao_owner",)
        with pytest.raises(AlreadyRunning), sole_supervisor(open_dir):
            raise AssertionError("the directory is held")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(env.databases.owner)


def test_a_log_that_grew_too_large_is_put_aside(tmp_path: Path) -> None:
    said: list[str] = []
    script = f"import sys; sys.stdout.write('x' * 1000 + '\\n'); sys.stdout.write('y' * {LARGEST_LOG})"
    child = Child(
        Program("loud", (sys.executable, "-c", script), {}), tmp_path, lambda _, line: said.append(line)
    )
    child.start()
    while not child.has_died():
        child.pump()
    assert said[0] == "x" * 1000
    assert (tmp_path / "loud.log.1").stat().st_size > LARGEST_LOG
