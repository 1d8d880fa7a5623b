"""Plans of the time when a version was one rate: each becomes one rule, which old order lines still name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import LiteralString

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from psycopg.conninfo import make_conninfo

from tests.interleaving.scratch import NAME, scratch_database
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.models import CommissionPlan, CommissionRule
from tongdao.terms.plans.queries import plan_at, rules_named

OURS, THEIRS = uuid7(), uuid7()
NOW = clock.now()
OLD = [  # merchant, version, rate, from, until
    (OURS, 1, 1_000, NOW - timedelta(days=9), NOW - timedelta(days=2)),
    (OURS, 2, 1_250, NOW - timedelta(days=2), None),
    (THEIRS, 1, 0, NOW - timedelta(days=1), None),
]
INSERT = """
insert into commission_plan (id, merchant_id, version, rate_bps, effective_from, effective_to)
values (gen_random_uuid(), %s, %s, %s, %s, %s)
"""
FORCED = """
select count(*) from pg_class where relname in ('commission_plan', 'commission_rule')
  and relrowsecurity and relforcerowsecurity
"""


def there() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(make_conninfo(settings.ENV.databases.admin, dbname=NAME), autocommit=True)


def asked(statement: LiteralString) -> object:
    with there() as admin:
        row = admin.execute(statement).fetchone()
        assert row is not None
        return row[0]


@pytest.fixture(scope="module")
def migrated(cluster: object) -> Iterator[None]:
    """Back to when there were rates, plans of that time, and forward again."""
    with scratch_database(()):
        call_command("migrate", "plans", "0001_initial", database="owner", verbosity=0, interactive=False)
        with there() as admin, admin.cursor() as cursor:
            cursor.executemany(INSERT, OLD)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        yield


@pytest.mark.usefixtures("migrated")
def test_each_rate_becomes_the_one_rule_of_its_version() -> None:
    for merchant, expected in ((OURS, [(1, 1_000), (2, 1_250)]), (THEIRS, [(1, 0)])):
        with merchant_scope(merchant):
            rules = CommissionRule.objects.order_by("plan__version")
            assert list(rules.values_list("plan__version", "rate_bps")) == expected
            assert all(plan.published_at == plan.effective_from for plan in CommissionPlan.objects.all())


@pytest.mark.usefixtures("migrated")
def test_the_plan_of_a_day_pays_what_it_paid() -> None:
    with merchant_scope(OURS):
        for back, version, rate in ((5, 1, 1_000), (1, 2, 1_250)):
            plan = plan_at(NOW - timedelta(days=back))
            assert plan is not None
            assert plan.version == version
            assert [(rule.rate_bps, rule.bound, rule.budget_fen) for rule in plan.rules] == [
                (rate, False, None)
            ]
        assert plan_at(NOW - timedelta(days=10)) is None


@pytest.mark.usefixtures("migrated")
def test_what_order_lines_froze_then_is_found_now() -> None:
    with merchant_scope(OURS):
        found = rules_named({"plan:1", "plan:2.1"})
    assert {name: rule.rate_bps for name, rule in found.items()} == {"plan:1": 1_000, "plan:2.1": 1_250}
    assert all(isinstance(rule, Rule) for rule in found.values())


@pytest.mark.usefixtures("migrated")
def test_the_policies_hold_again_also_for_the_owner() -> None:
    assert asked(FORCED) == 2
    assert asked("select count(*) from commission_rule") == len(OLD)
