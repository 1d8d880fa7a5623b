"""What the operator can set from outside, read once from environment variables into one frozen value.

The table VARIABLES is the single list: `load_env` reads it and docs/configuration.md is written from it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tongdao.config.database_urls import DatabaseUrls, database_urls
from tongdao.config.secrets import Secrets, load_secrets


class BadSetting(Exception):
    """An environment variable cannot be read; the message names it and says what is allowed."""


@dataclass(frozen=True)
class Variable:
    """One row of the configuration table. `default` is shown as written; an empty one means "not set"."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable(
        "TONGDAO_DATA", "./tongdao-data", "Directory for secrets, logs, media and the embedded database."
    ),
    Variable(
        "TONGDAO_SECRETS_FILE",
        "",
        "File with keys and passwords; when not set: `secrets.json` in the data directory.",
    ),
    Variable(
        "DATABASE_URL",
        "",
        "PostgreSQL 18 or later to use instead of the embedded one; the three below derive from it.",
    ),
    Variable("DATABASE_URL_APP", "", "URL of the role `tongdao_app` (requests, readers, jobs)."),
    Variable("DATABASE_URL_OWNER", "", "URL of the role `tongdao_owner` (tables, migrations)."),
    Variable("DATABASE_URL_PLATFORM", "", "URL of the role `tongdao_platform` (operators, list of work)."),
    Variable("TONGDAO_HOST", "127.0.0.1", "Address on which the web server and the sandboxes listen."),
    Variable(
        "TONGDAO_PORT", "8000", "Port of the web server; `tongdao up` takes the next free one and says so."
    ),
    Variable(
        "TONGDAO_BASE_URL", "", "Public address without a final slash; when not set: `http://<host>:<port>`."
    ),
    Variable(
        "TONGDAO_ALLOWED_HOSTS",
        "",
        "Host names that may be asked for, by comma; host of the base URL and localhost always are.",
    ),
    Variable("TONGDAO_DEBUG", "0", "1 shows tracebacks and the component kitchen. Never in production."),
    Variable("TONGDAO_LOG_LEVEL", "INFO", "Least severe log level written."),
    Variable("TONGDAO_WEB_WORKERS", "2", "Web server processes."),
    Variable(
        "TONGDAO_WEB_THREADS",
        "40",
        "Blocking threads of each web process. Most wait for a committer, so many cost little.",
    ),
    Variable(
        "TONGDAO_DB_POOL",
        "8",
        "Most database connections of each process and role, besides those of its committers.",
    ),
    Variable("TONGDAO_WORKER_CONCURRENCY", "2", "Jobs that one worker runs at the same time."),
    Variable(
        "TONGDAO_SANDBOXES",
        "1",
        "1 starts the sandboxes (payment, carrier, WeChat) with `tongdao up`; 0 in production.",
    ),
    Variable(
        "TONGDAO_WECHATPAY_URL",
        "",
        "Address of the WeChat Pay gateway; when not set: the sandbox, at web port + 1.",
    ),
    Variable(
        "TONGDAO_CARRIER_URL",
        "",
        "Address of the carrier gateway; when not set: the sandbox, at web port + 2.",
    ),
    Variable(
        "TONGDAO_WECHAT_URL",
        "",
        "Address of WeChat's API for sign-in and sharing, `https://api.weixin.qq.com` in production; when not"
        " set: the sandbox, at web port + 3.",
    ),
    Variable("TONGDAO_CARRIER_PACE", "5", "Seconds between two scans of a parcel in the carrier sandbox."),
    Variable(
        "TONGDAO_SMS",
        "",
        "`sandbox` shows one-time codes on the page that asks for them, so anybody gets in as anybody: for"
        " trying out only. Not set: no codes, people sign in with passwords.",
    ),
    Variable(
        "TONGDAO_PROXIES",
        "0",
        "Reverse proxies in front, each adding to `X-Forwarded-For`: so many addresses from its end is the"
        " visitor's, and what is tried too often is counted for it.",
    ),
    Variable(
        "TONGDAO_METRICS_TOKEN",
        "",
        "Who sends it as a bearer token may read `/metrics` (Prometheus); not set: no such page.",
    ),
    Variable("TONGDAO_CLOCK_OFFSET", "0", "Seconds added to the clock, for demonstrations and tests."),
)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SMS = ("", "SANDBOX")
DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


@dataclass(frozen=True)
class Env:
    """The settings of this installation. Paths are absolute, URLs have no final slash."""

    data_dir: Path
    secrets_file: Path
    databases: DatabaseUrls
    embedded: bool
    secrets: Secrets
    host: str
    port: int
    base_url: str
    allowed_hosts: tuple[str, ...]
    debug: bool
    log_level: str
    web_workers: int
    web_threads: int
    db_pool: int
    worker_concurrency: int
    sandboxes: bool
    wechatpay_url: str
    carrier_url: str
    wechat_url: str
    carrier_pace: str
    clock_offset: int
    sms: str = ""
    proxies: int = 0
    metrics_token: str = field(default="", repr=False)


def load_env(environ: Mapping[str, str] | None = None) -> Env:
    """Read the environment; the secrets are generated into the data directory when there are none yet.

    Raises BadSetting.
    """
    read = _Reader(os.environ if environ is None else environ)
    data_dir = Path(read.text("TONGDAO_DATA")).absolute()
    secrets_file = Path(read.text("TONGDAO_SECRETS_FILE") or data_dir / "secrets.json").absolute()
    secrets = load_secrets(secrets_file)
    host, port = read.text("TONGDAO_HOST"), read.whole("TONGDAO_PORT", 1, 65532)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared, not bound)
    base_url = (read.text("TONGDAO_BASE_URL") or f"http://{shown}:{port}").rstrip("/")
    return Env(
        data_dir=data_dir,
        secrets_file=secrets_file,
        databases=database_urls(read.environ, data_dir, secrets),
        embedded=not read.text("DATABASE_URL") and not read.text("DATABASE_URL_OWNER"),
        secrets=secrets,
        host=host,
        port=port,
        base_url=base_url,
        allowed_hosts=_allowed_hosts(base_url, read.text("TONGDAO_ALLOWED_HOSTS")),
        debug=read.flag("TONGDAO_DEBUG"),
        log_level=read.one_of("TONGDAO_LOG_LEVEL", LOG_LEVELS),
        web_workers=read.whole("TONGDAO_WEB_WORKERS", 1, 256),
        web_threads=read.whole("TONGDAO_WEB_THREADS", 1, 256),
        db_pool=read.whole("TONGDAO_DB_POOL", 1, 1000),
        worker_concurrency=read.whole("TONGDAO_WORKER_CONCURRENCY", 1, 256),
        sandboxes=read.flag("TONGDAO_SANDBOXES"),
        wechatpay_url=(read.text("TONGDAO_WECHATPAY_URL") or f"http://{shown}:{port + 1}").rstrip("/"),
        carrier_url=(read.text("TONGDAO_CARRIER_URL") or f"http://{shown}:{port + 2}").rstrip("/"),
        wechat_url=(read.text("TONGDAO_WECHAT_URL") or f"http://{shown}:{port + 3}").rstrip("/"),
        carrier_pace=read.text("TONGDAO_CARRIER_PACE"),
        clock_offset=read.whole("TONGDAO_CLOCK_OFFSET", -(10**9), 10**9),
        sms=read.one_of("TONGDAO_SMS", SMS).lower(),
        proxies=read.whole("TONGDAO_PROXIES", 0, 9),
        metrics_token=read.text("TONGDAO_METRICS_TOKEN"),
    )


def _allowed_hosts(base_url: str, extra: str) -> tuple[str, ...]:
    own = base_url.split("://", 1)[-1].rsplit(":", 1)[0]
    named = (name.strip() for name in extra.split(","))
    return tuple(dict.fromkeys(name for name in (own, "localhost", "127.0.0.1", *named) if name))


class _Reader:
    """Reads variables with their default and refuses what does not fit, naming the variable."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str) -> str:
        return self.environ.get(name, "").strip() or DEFAULTS[name]

    def whole(self, name: str, least: int, most: int) -> int:
        text = self.text(name)
        try:
            number = int(text)
        except ValueError:
            raise BadSetting(f"{name}={text!r} is not a whole number.") from None
        if not least <= number <= most:
            raise BadSetting(f"{name}={number} is not between {least} and {most}.")
        return number

    def flag(self, name: str) -> bool:
        text = self.text(name).lower()
        if text not in ("0", "1", "true", "false", "yes", "no"):
            raise BadSetting(f"{name}={text!r} is neither 0 nor 1.")
        return text in ("1", "true", "yes")

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        text = self.text(name).upper()
        if text not in allowed:
            raise BadSetting(f"{name}={text!r} is none of {', '.join(allowed)}.")
        return text
