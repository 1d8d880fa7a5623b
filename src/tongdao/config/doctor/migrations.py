"""Whether the tables are those that this version of the program expects."""

from __future__ import annotations

from collections.abc import Iterator

from tongdao.config.doctor.finding import Finding, fail, ok
from tongdao.config.env import Env


def all_applied(env: Env) -> Iterator[Finding]:
    import django
    from django.apps import apps
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    if not apps.ready:
        django.setup()
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in plan[:3])
        yield fail(
            "migrations", f"{len(plan)} not applied: {names}", "tongdao manage migrate --database owner"
        )
    else:
        yield ok("migrations", f"{len(executor.loader.applied_migrations)} applied, none missing")
