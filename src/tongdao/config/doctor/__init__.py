"""`tongdao doctor`: looks at an installation without changing it and says what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict

import psycopg

from tongdao.config.doctor import machine, migrations, readers, server, tables
from tongdao.config.doctor.finding import Finding, fail
from tongdao.config.env import Env, load_env
from tongdao.config.steps import say

ON_THE_MACHINE: tuple[Callable[[Env], Iterator[Finding]], ...] = (
    machine.secrets_are_private,
    machine.attachments_are_private,
    machine.disk_has_room,
    machine.holidays_are_known,
    machine.not_root,
    machine.programs_answer,
)
IN_THE_DATABASE: tuple[Callable[[Env], Iterator[Finding]], ...] = (
    server.version_is_new_enough,
    server.clocks_agree,
    server.roles_are_held,
    tables.policies_hold,
    tables.partitions_lie_ahead,
    tables.positions_are_of_this_cluster,
    readers.readers_go_on,
    readers.intents_are_delivered,
    readers.refunds_are_paid,
    migrations.all_applied,
)


def doctor(*, as_json: bool) -> int:
    """Print the findings; 1 when one of them is a FAIL."""
    findings = list(examine(load_env()))
    if as_json:
        say(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            say(finding.line())
    return 1 if any(finding.level == "FAIL" for finding in findings) else 0


def examine(env: Env) -> Iterator[Finding]:
    """All findings; those in the database only when it can be reached as its three roles."""
    for check in ON_THE_MACHINE:
        yield from check(env)
    reached = list(server.all_roles_sign_in(env))
    yield from reached
    if any(finding.level == "FAIL" for finding in reached):
        return
    for check in IN_THE_DATABASE:
        try:
            yield from check(env)
        except psycopg.Error as error:
            yield fail(check.__name__.replace("_", " "), str(error).strip(), "See the database's log.")
