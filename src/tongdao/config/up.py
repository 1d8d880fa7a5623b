"""`tongdao up` and `tongdao demo`: everything under one supervisor until Ctrl-C."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongdao.config.embedded import Embedded
from tongdao.config.env import Env, load_env
from tongdao.config.metrics import clear_metrics
from tongdao.config.roles import prepare
from tongdao.config.runfile import sole_supervisor, wait_for_leftovers
from tongdao.config.stack import manage, programs, settle_ports
from tongdao.config.steps import Steps, StopRequested, say
from tongdao.config.supervisor import Supervisor


def up(*, demo: bool, echo: bool) -> int:
    """Start, tend until asked to stop, stop. Raises what hinders a start, after stopping what ran."""
    env = load_env()
    env.data_dir.mkdir(parents=True, exist_ok=True)
    with sole_supervisor(env.data_dir):
        wait_for_leftovers(env.data_dir)
        wanted, given = env.port, dict(os.environ)
        env = settle_ports(env, given)
        supervisor = Supervisor(env, echo=echo)
        supervisor.listen()
        try:
            _start(supervisor, given, demo=demo)
            if env.port != wanted:
                say(f"Port {wanted} is taken; this one listens on {env.port}.")
            show_addresses(env, demo=demo)
            supervisor.run()
            say("Stopping: web, worker, sandboxes, then the database …")
        except StopRequested:
            say("Stopping before everything had started.")
        finally:
            supervisor.stop()
            say("Stopped.")
    return 0


def _start(supervisor: Supervisor, given: dict[str, str], *, demo: bool) -> None:
    env = supervisor.env
    order = programs(env, given)
    steps = Steps(3 + len(order) + demo)
    clear_metrics(env.data_dir)
    with steps.step("database"):
        supervisor.start_database()
        env = load_env_databases(env)
        prepare(env.databases, env.secrets.role_passwords)
    with steps.step("migrate"):
        migrate = ("migrate", "--database", "owner", "--no-input", "--verbosity", "1")
        supervisor.run_once(manage(env, "migrate", *migrate))
    with steps.step("static files"):
        supervisor.run_once(manage(env, "static", "collectstatic", "--no-input"))
    for program in order:
        supervisor.start(program, steps)
    if demo:
        with steps.step("demo merchant"):
            supervisor.run_once(manage(env, "demo", "demo_fill"))


def load_env_databases(env: Env) -> Env:
    """Again, since the first start of the embedded database settles where its socket is."""
    fresh = load_env({**os.environ, "TONGDAO_DATA": str(env.data_dir)})
    return Env(**{**vars(env), "databases": fresh.databases})


@contextmanager
def database_running(env: Env) -> Iterator[Env]:
    """For one command: the database that runs already, or the embedded one while the command takes."""
    server = Embedded(env.data_dir, env.secrets.role_passwords)
    if not env.embedded or server.is_ready():
        yield env
        return
    with sole_supervisor(env.data_dir):
        server.start()
        try:
            yield load_env_databases(env)
        finally:
            server.stop()


def show_addresses(env: Env, *, demo: bool) -> None:
    """Where to look, and in the demo who to sign in as (demo.json is written by demo_fill)."""
    rows = _demo_rows(env.data_dir / "demo.json", env.base_url) if demo else []
    if not rows:
        rows = [("site", env.base_url, ""), ("console", f"{env.base_url}/console/", "")]
        rows.append(("API docs", f"{env.base_url}/api/v1/docs", ""))
    say()
    for line in table(("what", "where", "sign in"), rows):
        say(f"  {line}")
    say(f"\n  Data and logs: {env.data_dir}    Ctrl-C stops everything.\n")


def _demo_rows(path: Path, base_url: str) -> list[tuple[str, str, str]]:
    if not path.exists():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        (
            row["what"],
            base_url + row["where"] if row["where"].startswith("/") else row["where"],
            row["sign_in"],
        )
        for row in rows
    ]


def table(head: tuple[str, str, str], rows: list[tuple[str, str, str]]) -> list[str]:
    """Aligned columns; a Chinese character is two cells wide."""
    lines = [head, *rows]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(head))]
    return [
        "  ".join(_pad(text, width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
