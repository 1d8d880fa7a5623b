"""Checks of the machine: keys, disk, user, and whether the programs answer."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from tongdao.config.doctor.finding import Finding, fail, ok, warn
from tongdao.config.env import Env
from tongdao.config.runfile import read_run
from tongdao.foundation.clock import today
from tongdao.rulebook.calendar import is_announced

GIGABYTE = 1 << 30
HOLIDAYS_AHEAD = timedelta(days=45)


def secrets_are_private(env: Env) -> Iterator[Finding]:
    """That the file can be read and is whole was seen when the environment was loaded."""
    mode = stat.S_IMODE(env.secrets_file.stat().st_mode)
    if mode & 0o077:
        yield fail("keys", f"{env.secrets_file} has mode {mode:o}", f"chmod 600 {env.secrets_file}")
    else:
        yield ok(
            "keys", f"{len(env.secrets.pii_keys)} key(s), current {env.secrets.pii_current}, mode {mode:o}"
        )


def holidays_are_known(env: Env) -> Iterator[Finding]:
    """Deadlines of the law end on no day of rest; those of a year are announced in the autumn before."""
    year = (today() + HOLIDAYS_AHEAD).year
    if is_announced(year):
        yield ok("holidays", f"those of {year} are the State Council's")
    else:
        said = f"those of {year} are not entered: deadlines in it know weekends and the bare festivals"
        yield warn(
            "holidays", said, "Once they are announced, upgrade: rulebook/calendar.py has them by year."
        )


def attachments_are_private(env: Env) -> Iterator[Finding]:
    """What people send as evidence is for nobody else on this machine, either."""
    folder = env.data_dir / "private"
    mode = stat.S_IMODE(folder.stat().st_mode) if folder.exists() else 0o700
    if mode & 0o077:
        yield fail("private files", f"{folder} has mode {mode:o}", f"chmod 700 {folder}")
    else:
        yield ok("private files", f"{folder}, mode {mode:o}" if folder.exists() else "none yet")


def disk_has_room(env: Env) -> Iterator[Finding]:
    free = shutil.disk_usage(env.data_dir).free
    said = f"{free / GIGABYTE:.1f} GB free under {env.data_dir}"
    if free < GIGABYTE // 2:
        yield fail("disk", said, "Free some space: PostgreSQL stops when the disk is full.")
    elif free < 5 * GIGABYTE:
        yield warn("disk", said, "Plan for more space.")
    else:
        yield ok("disk", said)


def not_root(env: Env) -> Iterator[Finding]:
    if os.geteuid() == 0:
        yield warn("user", "this is root", "Run Tongdao as a user of its own; only the demo is fine as root.")
    else:
        yield ok("user", f"user id {os.geteuid()}")


def programs_answer(env: Env) -> Iterator[Finding]:
    """Web and gateways, where the latest start put them."""
    run = read_run(env.data_dir)
    urls = {
        "web": env.base_url,
        "wechatpay": env.wechatpay_url,
        "carrier": env.carrier_url,
        "wechat": env.wechat_url,
    }
    urls |= dict(run.urls if run else {})
    for name, url in urls.items():
        status = _status(url + ("/healthz" if name == "web" else "/"))
        if status is None:
            yield warn(name, f"{url} does not answer", "Start it with `tongdao up`, or look into the logs.")
        elif name == "web" and status != 200:
            yield fail(name, f"{url}/healthz answers {status}", f"See {env.data_dir / 'logs' / 'web.log'}.")
        else:
            yield ok(name, f"{url} answers")


def _status(url: str) -> int | None:
    """The HTTP status; None when nobody answers. Any answer of a gateway shows that it is there."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
