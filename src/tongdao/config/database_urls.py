"""The database addresses, one a role: given one by one, derived from one, or of the embedded database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from tongdao.config.secrets import Secrets

DATABASE = "tongdao"


@dataclass(frozen=True)
class DatabaseUrls:
    """libpq URLs. `admin` sets up roles: the embedded superuser, or DATABASE_URL as it was given."""

    app: str = field(repr=False)
    owner: str = field(repr=False)
    platform: str = field(repr=False)
    admin: str = field(repr=False)


def database_urls(environ: Mapping[str, str], data_dir: Path, secrets: Secrets) -> DatabaseUrls:
    """DATABASE_URL_APP, _OWNER and _PLATFORM win over what is derived from DATABASE_URL."""
    base = environ.get("DATABASE_URL", "").strip() or embedded_url(socket_dir(data_dir))

    def role(variable: str, name: str) -> str:
        return environ.get(variable, "").strip() or _as_role(base, name, secrets.role_passwords[name])

    return DatabaseUrls(
        app=role("DATABASE_URL_APP", "tongdao_app"),
        owner=role("DATABASE_URL_OWNER", "tongdao_owner"),
        platform=role("DATABASE_URL_PLATFORM", "tongdao_platform"),
        admin=_admin(environ, base, secrets),
    )


def socket_dir(data_dir: Path) -> Path:
    """Where the embedded server of this data directory listens (config.place remembers it)."""
    remembered = data_dir / "database.json"
    if remembered.exists():
        return data_dir / str(json.loads(remembered.read_text(encoding="utf-8"))["socket_dir"])
    return data_dir / "postgres" / "run"


def embedded_url(sockets: Path, user: str = "", password: str = "", database: str = DATABASE) -> str:
    """URL over the private unix socket in the directory `sockets`."""
    sign_in = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    return f"postgresql://{sign_in}@/{database}?host={quote(str(sockets), safe='')}"


def _as_role(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    if parts.username == user:
        return url  # it was given with its own password
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{where}"))


def _admin(environ: Mapping[str, str], base: str, secrets: Secrets) -> str:
    """The embedded superuser; otherwise what the operator gave, the owner's URL if that is all."""
    given = environ.get("DATABASE_URL", "").strip() or environ.get("DATABASE_URL_OWNER", "").strip()
    return given or _as_role(base, "postgres", secrets.role_passwords["postgres"])
