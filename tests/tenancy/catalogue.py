"""What the database says of its tables: read from pg_catalog as the superuser, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from psycopg.conninfo import make_conninfo

from tongdao.foundation.tenancy import TenantModel

TABLES = """
select c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relispartition, pg_get_userbyid(c.relowner),
  array(select attname::text from pg_attribute a where a.attrelid = c.oid and attnum > 0 and not attisdropped)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p')
"""
POLICIES = "select tablename, policyname, permissive, cmd, qual, with_check, roles::text[] from pg_policies"
UNIQUES = """
select t.relname, i.relname, x.indisprimary,
  array(select a.attname::text from unnest(x.indkey) with ordinality k(n, place)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = k.n order by place)
from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
join pg_namespace n on n.oid = t.relnamespace where x.indisunique and n.nspname = 'public'
"""
FOREIGN = """
select t.relname, c.conname, f.relname,
  array(select a.attname::text from unnest(c.conkey) with ordinality k(n, place)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = k.n order by place),
  array(select a.attname::text from unnest(c.confkey) with ordinality k(n, place)
        join pg_attribute a on a.attrelid = f.oid and a.attnum = k.n order by place)
from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class f on f.oid = c.confrelid
join pg_namespace n on n.oid = t.relnamespace where c.contype = 'f' and n.nspname = 'public'
"""
TRIGGERS = """
select t.relname, g.tgname, pg_get_triggerdef(g.oid)
from pg_trigger g join pg_class t on t.oid = g.tgrelid join pg_namespace n on n.oid = t.relnamespace
where not g.tgisinternal and g.tgenabled = 'O' and n.nspname = 'public'
"""
GRANTS = """
select c.relname, coalesce(nullif(g.grantee, 0)::regrole::text, 'public'), g.privilege_type
from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) g
where n.nspname = 'public' and c.relkind in ('r', 'p') and g.grantee <> c.relowner
"""


@dataclass(frozen=True)
class Policy:
    name: str
    restrictive: bool
    command: str
    using: str
    check: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Relation:
    """A foreign key: our columns, whose table, its columns."""

    name: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass
class Table:
    name: str
    secured: bool
    forced: bool
    partition: bool
    owner: str
    columns: tuple[str, ...]
    policies: dict[str, Policy] = field(default_factory=dict)
    primary: tuple[str, ...] = ()
    uniques: dict[str, tuple[str, ...]] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    triggers: dict[str, str] = field(default_factory=dict)
    grants: dict[str, set[str]] = field(default_factory=dict)


def superuser(**options: Any) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection that passes by every policy, in autocommit."""
    url = settings.ENV.databases.admin
    url = make_conninfo(url, dbname=settings.DATABASES["default"]["NAME"])
    return psycopg.connect(url, autocommit=True, **options)


@cache
def tables() -> dict[str, Table]:
    """Every table of the application's schema, partitions included; what tests made for themselves is not."""
    with superuser() as admin:
        rows = {
            kind: admin.execute(kind).fetchall() for kind in (POLICIES, UNIQUES, FOREIGN, TRIGGERS, GRANTS)
        }
        found = {row[0]: Table(*row[:5], tuple(row[5])) for row in admin.execute(TABLES).fetchall()}
    for name, policy, permissive, command, using, check, roles in rows[POLICIES]:
        kind = permissive == "RESTRICTIVE"
        found[name].policies[policy] = Policy(policy, kind, command, using or "", check or "", tuple(roles))
    for name, index, primary, columns in rows[UNIQUES]:
        found[name].uniques[index] = tuple(columns)
        if primary:
            found[name].primary = tuple(columns)
    for name, key, target, columns, target_columns in rows[FOREIGN]:
        found[name].relations.append(Relation(key, tuple(columns), target, tuple(target_columns)))
    for name, trigger, definition in rows[TRIGGERS]:
        found[name].triggers[trigger] = definition
    for name, role, privilege in rows[GRANTS]:
        found[name].grants.setdefault(role, set()).add(privilege)
    return {name: table for name, table in found.items() if not name.startswith("test_")}


def tenant_models() -> Sequence[type[TenantModel]]:
    """Every merchant-owned model, by table name."""
    found = [model for model in apps.get_models(include_auto_created=True) if issubclass(model, TenantModel)]
    return sorted(found, key=lambda model: model._meta.db_table)
