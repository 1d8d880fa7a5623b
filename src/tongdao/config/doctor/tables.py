"""Checks of the tables: policies forced on all merchants' rows, partitions ahead, readers on this cluster."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from tongdao.config.doctor.finding import Finding, fail, ok, warn
from tongdao.config.env import Env

# Tables that name a merchant and that others may read too, each with its reason.
WITHOUT_POLICY = {
    "directory": "equality look-up of what is unique across merchants; no payload",
    "operator_deed": "the platform's own record; the merchant is what a deed was about, if it was about one",
    "person_merge": "a person's own; the merchant is whose staff proposed it, if staff did",
    "shop_domain": "everybody looks up whose a name is; its policies let only the merchant write",
}
MONTHS_AHEAD = 2

TENANT_TABLES = """
select c.relname::text, c.relrowsecurity, c.relforcerowsecurity,
  exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive
    and pg_get_expr(p.polqual, c.oid) like '%%tongdao.merchant%%'),
  exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive
    and (p.polroles = '{0}' or (select oid from pg_roles where rolname = 'tongdao_app') = any(p.polroles))
    and pg_get_expr(p.polqual, c.oid) = 'true')
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'merchant_id' and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and (not c.relispartition or has_any_column_privilege('tongdao_app', c.oid, 'select, insert, update'))
order by c.relname
"""


def policies_hold(env: Env) -> Iterator[Finding]:
    """Every table that names a merchant, read from the catalogue: models may be wrong about the database."""
    with psycopg.connect(env.databases.owner) as connection:
        rows = connection.execute(TENANT_TABLES).fetchall()
    rows = [row for row in rows if row[0] not in WITHOUT_POLICY]
    broken = [finding for row in rows for finding in _table(*row)]
    yield from broken
    if not rows:
        yield fail(
            "row-level security", "no merchant's table was found", "tongdao manage migrate --database owner"
        )
    elif not broken:
        yield ok("row-level security", f"forced on all {len(rows)} tables of merchants")


def _table(name: str, enabled: bool, forced: bool, has_policy: bool, open_to_all: bool) -> Iterator[Finding]:
    if not enabled:
        yield fail("row-level security", f"off on {name}", f'alter table "{name}" enable row level security;')
    if not forced:
        yield fail(
            "row-level security", f"not forced on {name}", f'alter table "{name}" force row level security;'
        )
    if not has_policy:
        yield fail(
            "row-level security", f"no merchant policy on {name}", "Restore the policy from its migration."
        )
    if open_to_all:
        yield fail(
            "row-level security", f"a policy opens {name} to everybody", f'Drop it: \\d "{name}" shows it.'
        )


def partitions_lie_ahead(env: Env) -> Iterator[Finding]:
    """Events without a partition of their month go to event_default, from where they do not move."""
    with psycopg.connect(env.databases.owner) as connection:
        row = connection.execute(
            "select count(*) from pg_inherits where inhparent = 'event'::regclass and"
            " inhrelid::regclass::text > 'event_' || to_char(now() at time zone 'UTC', 'YYYY_MM')"
            " and inhrelid::regclass::text < 'event_9'"
        ).fetchone()
    ahead = int(row[0]) if row else 0
    if ahead < MONTHS_AHEAD:
        todo = "The worker makes them; or: select event_partitions_ensure(24);"
        yield (fail if ahead == 0 else warn)("partitions", f"{ahead} month(s) of events ahead", todo)
    else:
        yield ok("partitions", f"{ahead} months of events ahead")


def positions_are_of_this_cluster(env: Env) -> Iterator[Finding]:
    """A restore into a new cluster restarts transaction ids: positions would lie in its future."""
    with psycopg.connect(env.databases.platform) as connection:
        row = connection.execute(
            "select count(*) from event_reader_position"
            " where pg_snapshot_xmax(snapshot) > pg_snapshot_xmax(pg_current_snapshot())"
        ).fetchone()
    ahead = int(row[0]) if row else 0
    if ahead:
        todo = "Stop the server, raise its epoch with pg_resetwal -e, start it again."
        yield fail("readers", f"{ahead} position(s) lie ahead of this cluster's transaction ids", todo)
    else:
        yield ok("readers", "positions belong to this cluster")
