"""`tongdao up` as its operator lives with it: kills, restarts, a second one, an ordered end."""

from __future__ import annotations

import os
import signal
import socket
from urllib.request import urlopen

import psycopg
import pytest

from tests.stack import PROGRAMS, Stack, wait_until
from tongdao.config.env import load_env
from tongdao.config.stack import free_port

pytestmark = [pytest.mark.pure, pytest.mark.slow]


def test_starts_all_survives_kills_and_stops_in_order(run_stack: Stack) -> None:
    run_stack.start()
    assert set(run_stack.running().processes) == PROGRAMS
    with urlopen(run_stack.url("web") + "/healthz") as response:  # noqa: S310 (our own server)
        assert response.status == 200

    second = run_stack.run("up")
    assert second.returncode == 1
    assert f"already runs on {run_stack.data_dir} (process {run_stack.pid('supervisor')})" in second.stderr

    for name in ("web", "worker", "database", "carrier", "wechatpay", "wechat"):
        old = run_stack.kill(name)
        run_stack.wait_for_restart(name, old)
    wait_until(lambda: _answers(run_stack.url("web") + "/healthz"), "the web server's return")
    doctor = run_stack.run("doctor")
    assert doctor.returncode == 0, doctor.stdout

    assert run_stack.stop() == 0
    assert run_stack.said().rstrip().endswith("Stopped.")
    assert run_stack.survivors() == []


def test_after_kill_nine_of_the_supervisor_a_new_start_keeps_the_data(run_stack: Stack) -> None:
    run_stack.start()
    url = load_env({"TONGDAO_DATA": str(run_stack.data_dir)}).databases.owner
    with psycopg.connect(url) as connection:
        connection.execute("create table kept as select 7 as n")
    before = run_stack.running().processes
    run_stack.kill("supervisor")
    run_stack.start()  # at once, while its children are still leaving
    after = run_stack.running().processes
    assert {pid for pid, _ in before.values()} & {pid for pid, _ in after.values()} == set()
    for name in PROGRAMS - {"supervisor"}:
        wait_until(lambda pid=before[name][0]: not _is_alive(pid), f"the end of the old {name}")
    with psycopg.connect(url) as connection:
        assert connection.execute("select n from kept").fetchone() == (7,)
    assert run_stack.stop(signal.SIGTERM) == 0


def test_a_taken_port_is_said_and_the_next_one_used(run_stack: Stack) -> None:
    port = free_port("127.0.0.1", 21000)
    with socket.create_server(("127.0.0.1", port)):
        run_stack.environ["TONGDAO_PORT"] = str(port)
        run_stack.start()
        assert f"Port {port} is taken" in run_stack.said()
        assert run_stack.url("web") != f"http://127.0.0.1:{port}"
        assert _answers(run_stack.url("web") + "/healthz")


def test_can_be_stopped_before_it_has_started(run_stack: Stack) -> None:
    run_stack.launch()
    wait_until(lambda: "migrate" in run_stack.said(), "the second step")
    assert run_stack.stop() == 0
    assert "Stopped." in run_stack.said()
    assert run_stack.survivors() == []


def test_a_step_that_fails_says_why_and_leaves_nothing_running(run_stack: Stack) -> None:
    (run_stack.data_dir / "static").write_text("a file where a directory must be")
    run_stack.launch()
    assert run_stack.process is not None
    assert run_stack.process.wait(60) == 1
    assert "static failed:" in run_stack.said()
    assert "NotADirectoryError" in run_stack.said(), "the reason is there too"
    assert run_stack.survivors() == []


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:  # noqa: S310 (our own server)
            return bool(response.status == 200)
    except OSError:
        return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
