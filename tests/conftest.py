"""A PostgreSQL of its own for each test session, migrated once; nothing is faked and nothing is rolled back.

Tests run on committed data as the application's role, which may neither truncate nor see another merchant's
rows: each test makes its own merchant. Of pytest-django only the environment and the fixture `settings` are
used: a transaction around a test would hide what commits do.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ("tests.stack",)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def _make_data_dir() -> Path:
    """Before anything imports the settings. Open to others: under root the database runs as another user."""
    directory = Path(tempfile.mkdtemp(prefix="tongdao-test-"))
    directory.chmod(0o755)
    for name in [name for name in os.environ if name.startswith(("TONGDAO_", "DATABASE_URL"))]:
        if name != "TONGDAO_EXAMPLES":  # how many histories: the tests' own
            del os.environ[name]
    os.environ["TONGDAO_DATA"] = str(directory)
    os.environ["TONGDAO_SMS"] = "sandbox"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongdao.config.settings"
    return directory


DATA_DIR = _make_data_dir()

from tongdao.config.place import find_place  # noqa: E402 (the environment comes first)

find_place(DATA_DIR)  # settles where the socket is, so that the settings can name it before the server runs

import django  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import translation  # noqa: E402

django.setup()

from tongdao.config.database_urls import DatabaseUrls  # noqa: E402
from tongdao.config.embedded import Embedded  # noqa: E402
from tongdao.config.env import load_env  # noqa: E402
from tongdao.config.roles import prepare  # noqa: E402
from tongdao.foundation.fragments import Fragments  # noqa: E402

Fragments.recheck = 0.0  # in this process each page is as of now; the servers that tests start are not


@dataclass
class Cluster:
    """The session's database. Programs started with `environ` use it too."""

    data_dir: Path
    server: Embedded
    urls: DatabaseUrls

    @property
    def environ(self) -> dict[str, str]:
        return dict(os.environ)

    def start(self) -> None:
        self.server.start()

    def stop(self) -> None:
        self._let_go()
        self.server.stop()

    def kill(self) -> None:
        """kill -9; `start` again before the test ends."""
        self.server.kill()
        self._let_go()

    def _let_go(self) -> None:
        for connection in connections.all(initialized_only=True):
            connection.close()
            if connection.alias in ("default", "platform"):
                connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's only


@pytest.fixture(autouse=True)
def _database(request: pytest.FixtureRequest) -> None:
    """Every test has the database, but for those marked `pure`, which then start without waiting for it."""
    if request.node.get_closest_marker("pure") is None:
        request.getfixturevalue("cluster")


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """What a request of one test activated in this thread is not the language of the next."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def cluster(django_db_blocker: Any) -> Iterator[Cluster]:
    django_db_blocker.unblock()
    env = load_env()
    server = Embedded(DATA_DIR, env.secrets.role_passwords, durable=False)
    database = Cluster(DATA_DIR, server, env.databases)
    database.start()
    try:
        prepare(env.databases, env.secrets.role_passwords)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        yield database
    finally:
        database.stop()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; tests that ask for it carry the marker `browser`."""
    assert CHROMIUM is not None
    return CHROMIUM


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA_DIR)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without Chromium the browser tests are left out, and the end of the report says so."""
    if CHROMIUM is None:
        left_out = [item for item in items if item.get_closest_marker("browser")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if CHROMIUM is None:
        terminalreporter.write_line(
            "The browser tests did not run: no Chromium was found. On Debian: apt-get install chromium"
            " fonts-noto-cjk; then run the tests again.",
            yellow=True,
        )
