"""The three database roles and the database itself, made where we may and checked where we may not.

None of them is a superuser or passes by row-level security: policies are what holds them.
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tongdao.config.database_urls import DatabaseUrls

LOWEST_VERSION = 180000
# Limits of the roles that serve people: nothing waits for ever and nothing stays open.
SERVING = {
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    "transaction_timeout": "300s",
    "timezone": "UTC",
    # What a page asks is short: it walks by an index until it has its rows. Where the planner thinks that few
    # fit it starts helpers, which alone takes fifteen milliseconds, and cores from other requests.
    "max_parallel_workers_per_gather": "0",
}
ROLE_SETTINGS = {
    "tongdao_owner": {"lock_timeout": "30s", "timezone": "UTC"},
    "tongdao_app": SERVING,
    "tongdao_platform": SERVING,
}


class DatabaseNotPrepared(Exception):
    """The database that was given cannot be used as it is; the message says what to do about it."""


def prepare(urls: DatabaseUrls, passwords: Mapping[str, str]) -> None:
    """Make roles and database through `urls.admin` if it may, then see that all three can sign in.

    Raises DatabaseNotPrepared, psycopg.OperationalError.
    """
    target = str(conninfo_to_dict(urls.app).get("dbname") or "tongdao")
    with _admin(urls.admin, target) as admin:
        _require_version(admin)
        if _may_make_roles(admin):
            for role, settings in ROLE_SETTINGS.items():
                _make_role(admin, role, passwords[role], settings)
            _make_database(admin, target)
    _require_sign_in(urls)


def _admin(url: str, target: str) -> psycopg.Connection[tuple[object, ...]]:
    """On the target database if it is there already, else on the maintenance database."""
    try:
        return psycopg.connect(make_conninfo(url, dbname=target), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError:
        return psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True, connect_timeout=10)


def _require_version(admin: psycopg.Connection[tuple[object, ...]]) -> None:
    if admin.info.server_version < LOWEST_VERSION:
        raise DatabaseNotPrepared(
            f"PostgreSQL 18 or later is needed; this is {admin.info.server_version // 10000}."
        )


def _may_make_roles(admin: psycopg.Connection[tuple[object, ...]]) -> bool:
    row = admin.execute(
        "select rolsuper or rolcreaterole from pg_roles where rolname = current_user"
    ).fetchone()
    return bool(row and row[0])


def _make_role(
    admin: psycopg.Connection[tuple[object, ...]], role: str, password: str, settings: Mapping[str, str]
) -> None:
    name = sql.Identifier(role)
    if admin.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone() is None:
        admin.execute(sql.SQL("create role {} login").format(name))
    admin.execute(sql.SQL("alter role {} login password {}").format(name, sql.Literal(password)))
    for setting, value in settings.items():
        admin.execute(
            sql.SQL("alter role {} set {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
        )


def _make_database(admin: psycopg.Connection[tuple[object, ...]], target: str) -> None:
    database, owner = sql.Identifier(target), sql.Identifier("tongdao_owner")
    found = admin.execute(
        "select pg_get_userbyid(datdba) = 'tongdao_owner' from pg_database where datname = %s", [target]
    ).fetchone()
    if found is None or not found[0]:
        # Who is not a superuser may give a database only to a role of which it is a member.
        admin.execute(sql.SQL("grant {} to current_user").format(owner))
    if found is None:
        admin.execute(
            sql.SQL(
                "create database {} owner {} template template0 encoding 'UTF8' locale_provider builtin"
                " builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C.UTF-8'"
            ).format(database, owner)
        )
    elif not found[0]:
        admin.execute(sql.SQL("alter database {} owner to {}").format(database, owner))


def _require_sign_in(urls: DatabaseUrls) -> None:
    """Raise DatabaseNotPrepared naming each role that cannot sign in, with the statements that would help."""
    failed = []
    for role, url in (("owner", urls.owner), ("app", urls.app), ("platform", urls.platform)):
        try:
            psycopg.connect(url, connect_timeout=10).close()
        except psycopg.OperationalError as error:
            failed.append(f"- tongdao_{role}: {str(error).strip().splitlines()[-1]}")
    if failed:
        raise DatabaseNotPrepared(
            "These database roles cannot sign in:\n" + "\n".join(failed) + "\n"
            "Give DATABASE_URL of a role that may create roles, or make the three yourself\n"
            "  create role tongdao_owner login; create role tongdao_app login;\n"
            "  create role tongdao_platform login;\n"
            "  create database tongdao owner tongdao_owner;\n"
            "with passwords, and set DATABASE_URL_OWNER, DATABASE_URL_APP and DATABASE_URL_PLATFORM."
        )
