from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Any

import pytest


def followed(sandbox: Any, follower: Any) -> str:
    number: str = sandbox.ordered()["kuaidinum"]
    assert sandbox.subscribe(number, follower.url)["result"] is True
    assert follower.next()["lastResult"]["state"] == "101"
    return number


def test_parcels_move_by_themselves(sandbox: Any, follower: Any) -> None:
    sandbox.end(signal.SIGTERM)
    sandbox.start(pace=0.05)
    number = sandbox.ordered()["kuaidinum"]
    sandbox.subscribe(number, follower.url)
    push = follower.next()
    while push["status"] == "polling":
        push = follower.next()
    assert push["lastResult"]["state"] == "301"


def test_a_push_not_taken_comes_again_until_it_is_given_up(
    sandbox: Any, follower: Any, wait_until: Any
) -> None:
    sandbox.end(signal.SIGTERM)
    sandbox.start(speed=100_000)  # 18 ms between attempts
    number = followed(sandbox, follower)
    follower.taking = False
    sandbox.control("advance", number=number)
    bodies = {json.dumps(follower.next(), sort_keys=True) for _ in range(4)}
    assert len(bodies) == 1
    wait_until(lambda: sandbox.list("pushes")[-1]["status"] == "failed")
    assert sandbox.list("pushes")[-1]["attempts"] == 4
    follower.taking = True
    assert sandbox.control("flush") == {"pending": 0, "failed": 0}
    assert follower.next()["lastResult"]["state"] == "103"


def test_killed_between_step_and_push_the_push_still_comes(sandbox: Any, follower: Any) -> None:
    number = followed(sandbox, follower)
    sandbox.control("mode", mode="late", seconds=0.5)
    sandbox.control("advance", number=number)
    assert sandbox.end(signal.SIGKILL) == -signal.SIGKILL
    sandbox.start()
    assert follower.next()["lastResult"]["state"] == "103"
    assert sandbox.query(number, resultv2="4")["state"] == "103"


def test_killed_before_the_follower_took_it_the_push_comes_again(
    sandbox: Any, follower: Any, wait_until: Any
) -> None:
    number = followed(sandbox, follower)
    follower.taking = False
    sandbox.control("advance", number=number)
    follower.next()
    wait_until(lambda: sandbox.list("pushes")[-1]["attempts"] == 1)
    sandbox.end(signal.SIGKILL)
    follower.taking = True
    sandbox.start()
    sandbox.control("flush")
    assert follower.next()["lastResult"]["state"] == "103"
    assert [push["status"] for push in sandbox.list("pushes")] == ["done", "done"]


def test_orders_answered_survive_a_kill(sandbox: Any) -> None:
    numbers = [sandbox.ordered(f"P-{index}")["kuaidinum"] for index in range(5)]
    key = sandbox.account["key"]
    sandbox.end(signal.SIGKILL)
    sandbox.start()
    assert sandbox.account["key"] == key
    assert [sandbox.ordered(f"P-{index}")["kuaidinum"] for index in range(5)] == numbers


def test_twice(sandbox: Any, follower: Any) -> None:
    number = followed(sandbox, follower)
    sandbox.control("mode", mode="twice")
    sandbox.control("advance", number=number)
    assert follower.next() == follower.next()


def test_lost(sandbox: Any, follower: Any) -> None:
    number = followed(sandbox, follower)
    sandbox.control("mode", mode="lost", number=number)
    sandbox.control("advance", number=number, steps=2)
    push = follower.next()
    assert [line["statusCode"] for line in push["lastResult"]["data"]] == ["1002", "103", "101"]
    sandbox.control("flush")
    assert [push["status"] for push in sandbox.list("pushes")] == ["done", "dropped", "done"]


def test_out_of_order(sandbox: Any, follower: Any) -> None:
    number = followed(sandbox, follower)
    sandbox.control("mode", mode="out_of_order")
    sandbox.control("advance", number=number, steps=2)
    assert [follower.next()["lastResult"]["state"] for _ in range(2)] == ["1002", "103"]


def test_altered_signature(sandbox: Any, follower: Any) -> None:
    number = followed(sandbox, follower)
    sandbox.control("mode", mode="altered_signature")
    sandbox.control("advance", number=number)
    with pytest.raises(AssertionError):
        follower.next()
    sandbox.control("advance", number=number)
    assert follower.next()["lastResult"]["state"] == "1002"


def test_modes_can_be_called_off(sandbox: Any, follower: Any) -> None:
    number = followed(sandbox, follower)
    sandbox.control("mode", mode="lost", pushes=50)
    sandbox.control("mode", mode="off")
    sandbox.control("advance", number=number)
    assert follower.next()["lastResult"]["state"] == "103"


def test_the_control_api_wants_its_token_and_understands_no_nonsense(sandbox: Any) -> None:
    assert sandbox.call("GET", "/control/parcels")[0] == 401
    assert sandbox.call("POST", "/control/advance", "{}", Authorization="Bearer x")[0] == 401
    bearer = {"Authorization": f"Bearer {sandbox.token}"}
    for name, body in [
        ("advance", '{"steps": 0}'),
        ("advance", '{"number": "none"}'),
        ("mode", '{"mode": "strange"}'),
        ("problem", '{"number": "none"}'),
        ("nothing", "{}"),
        ("advance", "nonsense"),
    ]:
        assert sandbox.call("POST", f"/control/{name}", body, **bearer)[0] == 422, (name, body)


def test_process_manners(sandbox: Any) -> None:
    assert sandbox.ready == f"carrier sandbox ready on http://127.0.0.1:{sandbox.port}"
    assert sandbox.call("GET", "/healthz") == (200, '{"status": "ok"}')
    for name in ("account.json", "control.token"):
        assert (sandbox.data / name).stat().st_mode & 0o777 == 0o600
    command = [sys.executable, "-m", "tongdao.sandboxes.carrier", "--port", "0", "--data", str(sandbox.data)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 1
    assert "in use" in second.stderr
    assert sandbox.end(signal.SIGTERM) == 0


def test_it_stands_alone(sandbox: Any) -> None:
    look = (
        "import sys, tongdao.sandboxes.carrier.__main__;"
        "print([m for m in sys.modules if m.startswith('django') or"
        " (m.startswith('tongdao.') and not m.startswith('tongdao.sandboxes'))])"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
