"""A second database whose second guards are taken off, for showing what the first ones are for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

NAME = "tongdao_scratch"
CREATE = """
create database {} owner tongdao_owner template template0 encoding 'UTF8'
locale_provider builtin builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C.UTF-8'
"""
UNGUARDED = (
    "alter table stock drop constraint stock_not_oversold",
    "alter table allocation drop constraint allocation_units",
    "alter table payment_attempt drop constraint payment_attempt_refunded",
)


@contextmanager
def scratch_database(statements: Sequence[str] = UNGUARDED) -> Iterator[None]:
    """Every connection made inside goes to a database of the same make, migrated anew and then unguarded."""
    original = settings.DATABASES["default"]["NAME"]
    admin_url = settings.ENV.databases.admin
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(NAME)))
        admin.execute(sql.SQL(CREATE).format(sql.Identifier(NAME)))
        try:
            _point_at(NAME)
            call_command("migrate", database="owner", verbosity=0, interactive=False)
            with psycopg.connect(make_conninfo(admin_url, dbname=NAME), autocommit=True) as there:
                for statement in statements:
                    there.execute(statement)  # type: ignore[call-overload]  # constants of this module
            yield
        finally:
            _point_at(original)
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(NAME)))


def _point_at(name: str) -> None:
    """As Django's own test runner does it."""
    for alias in ("default", "platform", "owner"):
        connections.settings[alias]["NAME"] = name
    _let_go()


def _let_go() -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.alias in ("default", "platform"):
            connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's only
