"""Checks of the database server: reachable, new enough, on time, and its roles held by policies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg

from tongdao.config.doctor.finding import Finding, fail, ok, warn
from tongdao.config.env import Env
from tongdao.config.roles import LOWEST_VERSION, ROLE_SETTINGS

SKEW_SECONDS = 2.0


def all_roles_sign_in(env: Env) -> Iterator[Finding]:
    todo = "Start it with `tongdao up`." if env.embedded else "Check DATABASE_URL and that the server runs."
    for role, url in (
        ("owner", env.databases.owner),
        ("app", env.databases.app),
        ("platform", env.databases.platform),
    ):
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            yield fail("database", f"no sign-in as {role}: {str(error).strip().splitlines()[-1]}", todo)
            return
    yield ok("database", "owner, app and platform sign in")


def version_is_new_enough(env: Env) -> Iterator[Finding]:
    with psycopg.connect(env.databases.app) as connection:
        version = connection.info.server_version
    said = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < LOWEST_VERSION:
        yield fail("version", said, "PostgreSQL 18 or later is needed.")
    else:
        yield ok("version", said)


def clocks_agree(env: Env) -> Iterator[Finding]:
    """Deadlines are set by one clock and read by the other."""
    with psycopg.connect(env.databases.app) as connection:
        before = datetime.now(UTC)
        row = connection.execute("select clock_timestamp()").fetchone()
        after = datetime.now(UTC)
    assert row is not None
    there: datetime = row[0]
    skew = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    if skew > SKEW_SECONDS:
        yield fail(
            "clock", f"{skew:.1f} s between here and the database", "Run a time service on both machines."
        )
    else:
        yield ok("clock", f"within {skew:.1f} s of the database")


def roles_are_held(env: Env) -> Iterator[Finding]:
    """A superuser, or one that passes by row-level security, would see every merchant's rows."""
    with psycopg.connect(env.databases.owner) as connection:
        rows = connection.execute(
            "select rolname, rolsuper, rolbypassrls from pg_roles where rolname = any(%s) order by rolname",
            [list(ROLE_SETTINGS)],
        ).fetchall()
        named = [connection_user(env.databases.app), connection_user(env.databases.platform)]
    loose = [name for name, superuser, bypass in rows if superuser or bypass]
    for name in loose:
        yield fail(
            "roles", f"{name} passes by row-level security", f"alter role {name} nosuperuser nobypassrls;"
        )
    if named != ["tongdao_app", "tongdao_platform"]:
        yield warn(
            "roles", f"signed in as {named}", "Policies are written for tongdao_app and tongdao_platform."
        )
    if not loose:
        yield ok("roles", "none is a superuser or passes by row-level security")


def connection_user(url: str) -> str:
    """As whom the URL really signs in."""
    with psycopg.connect(url) as connection:
        row = connection.execute("select current_user::text").fetchone()
    assert row is not None
    return str(row[0])
