"""A walk through all tables: each is a merchant's own with all its locks, or stands on the list."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connections, models

from tests.tenancy.allowed import GLOBAL, KEYLESS, WITHOUT_MODEL
from tests.tenancy.catalogue import Policy, Table, tables, tenant_models
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel

LETTERS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}
OUTSIDERS = {"public", "tongdao_owner"}


def setting(name: str) -> str:
    """How PostgreSQL prints the policies' sub-select."""
    return f"( SELECT (NULLIF(current_setting('tongdao.{name}'::text, true), ''::text))::uuid AS \"nullif\")"


MERCHANT, NODE = setting("merchant"), setting("node")
PERSONS = (
    "( SELECT tongdao_persons((NULLIF(current_setting('tongdao.person'::text, true), ''::text))::uuid)"
    " AS tongdao_persons)::uuid[]"
)
OWN = f"(merchant_id = {MERCHANT})"
NO_NODE = f"({NODE} IS NULL)"
MODELS = [pytest.param(model, id=model._meta.db_table) for model in tenant_models()]


def tenant_tables() -> dict[str, Table]:
    return {name: t for name, t in tables().items() if name not in GLOBAL and not t.partition}


def table_of(model: type[models.Model]) -> Table:
    return tables()[model._meta.db_table]


def test_every_model_is_a_merchants_or_on_the_list() -> None:
    strangers = [
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if not issubclass(model, TenantModel)
        and model._meta.db_table not in GLOBAL
        and model._meta.db_table in tables()
    ]
    assert not strangers, "derive them from TenantModel and secure them, or state a reason in allowed.py"


def test_every_table_has_a_model_or_is_on_a_list() -> None:
    known = {model._meta.db_table for model in tenant_models()} | GLOBAL.keys() | WITHOUT_MODEL.keys()
    assert {name for name, table in tables().items() if not table.partition} == known


def test_every_tenant_table_is_locked() -> None:
    faults = []
    for name, table in tenant_tables().items():
        wanted = {
            "merchant_id": "merchant_id" in table.columns,
            "key": name in KEYLESS or table.primary[:1] == ("merchant_id",),
            "row-level security": table.secured,
            "forced": table.forced,
            "owner": table.owner == "tongdao_owner",
            "unique keys begin with merchant_id": all(c[0] == "merchant_id" for c in table.uniques.values()),
        }
        faults += [f"{name}: {what}" for what, held in wanted.items() if not held]
    assert not faults


def test_the_merchants_policy_reads_and_writes_its_own_only() -> None:
    faults = []
    for name, table in tenant_tables().items():
        open_to_all = [p for p in table.policies.values() if not p.restrictive and "public" in p.roles]
        strange = [p.name for p in open_to_all if not _is_own(p) and p.name != "person"]
        covered = {p.command for p in open_to_all if _is_own(p)}
        if strange or not ({"ALL"} <= covered or {"SELECT", "INSERT"} <= covered):
            faults.append(f"{name}: {strange or covered}")
    assert not faults


def _is_own(policy: Policy) -> bool:
    halves = {"ALL": (OWN, OWN), "SELECT": (OWN, ""), "INSERT": ("", OWN)}
    return halves.get(policy.command) == (policy.using, policy.check)


@pytest.mark.parametrize("model", MODELS)
def test_rules_of_the_model_are_the_policies_of_the_table(model: type[TenantModel]) -> None:
    rules, policies = model.tenant_rules, table_of(model).policies
    person = policies.get("person")
    assert (person.using if person else None) == (
        f"({rules.person} = ANY ({PERSONS}))" if rules.person else None
    )
    assert person is None or person.command == "SELECT"
    platform = policies.get("platform")
    assert (platform is not None) == rules.platform
    assert platform is None or (platform.command, platform.roles) == ("SELECT", ("tongdao_platform",))
    restrictive = {name: policy for name, policy in policies.items() if policy.restrictive}
    assert restrictive, "a partner would see all of the merchant's rows, or write what it may only read"
    if rules.node == "shared":
        assert {p.command for p in restrictive.values()} == {"INSERT", "UPDATE", "DELETE"}
        assert {p.using or p.check for p in restrictive.values()} == {NO_NODE}
        return
    mine = "false" if rules.node == "hidden" else f"({rules.node} = {NODE})"
    accepted = {f"({NO_NODE} OR {mine})"} | ({NO_NODE} if rules.node == "hidden" else set())
    assert policies["node"].using in accepted
    assert policies["node"].check in accepted or policies["node"].command == "SELECT"


@pytest.mark.parametrize("model", MODELS)
def test_relations_carry_the_merchant(model: type[TenantModel]) -> None:
    table = table_of(model)
    for field in model._meta.local_fields:
        if not isinstance(field, models.ForeignKey):
            continue
        related: Any = field.related_model
        assert isinstance(field, TenantForeignKey) == issubclass(related, TenantModel), field
        if isinstance(field, TenantForeignKey):
            found = [r for r in table.relations if r.columns == ("merchant_id", field.column)]
            assert [(r.target, r.target_columns) for r in found] == [
                (related._meta.db_table, ("merchant_id", "id"))
            ], field


def test_no_plain_foreign_key_leads_to_a_merchants_row() -> None:
    tenants = tenant_tables()
    plain = [
        f"{name}.{relation.name}"
        for name, table in tables().items()
        for relation in table.relations
        if relation.target in tenants and relation.columns[0] != "merchant_id"
    ]
    assert not plain, "foreign-key checks pass by row-level security: one could probe for another's rows"


@pytest.mark.parametrize("model", MODELS)
def test_append_only_is_held_by_grant_and_trigger(model: type[TenantModel]) -> None:
    table = table_of(model)
    held = table.grants["tongdao_app"] & {"UPDATE", "DELETE", "TRUNCATE"}
    guards = [
        text for text in table.triggers.values() if "tongdao_append_only()" in text and "WHEN" not in text
    ]
    if model.tenant_rules.append_only:
        assert not held
        assert any("DELETE OR UPDATE" in text for text in guards)
        assert any("TRUNCATE" in text for text in guards)
    else:
        assert not guards, "append-only in the database, but its rules do not say so"


def test_the_roles_hold_no_more_than_they_need() -> None:
    faults = []
    for name, table in tables().items():
        letters = "" if table.partition else GLOBAL[name].grants if name in GLOBAL else "arwd"
        most = {LETTERS[letter] for letter in letters}
        held = table.grants
        if not held.get("tongdao_app", set()) <= most:
            faults.append(f"{name}: tongdao_app holds {held['tongdao_app'] - most} too much")
        if name in GLOBAL and held.get("tongdao_app", set()) != most:
            faults.append(f"{name}: tongdao_app lacks {most - held['tongdao_app']}, says the list")
        if not held.get("tongdao_platform", set()) <= {"SELECT"}:
            faults.append(f"{name}: tongdao_platform holds {held['tongdao_platform']}")
        faults += [f"{name}: {role} holds {held[role]}" for role in OUTSIDERS & held.keys()]
    assert not faults


@pytest.mark.parametrize("alias", ["default", "platform", "owner"])
def test_no_role_passes_by_the_policies(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolreplication"
            " from pg_roles r where r.rolname = current_user or pg_has_role(current_user, r.oid, 'member')"
        )
        held = cursor.fetchall()
    assert held
    assert [role for role in held if any(role[1:])] == []
    role = {"default": "tongdao_app", "platform": "tongdao_platform", "owner": "tongdao_owner"}[alias]
    assert {name for name, *_ in held} - {"pg_database_owner"} == {role}  # which the owner always is


def test_partitions_are_shut() -> None:
    parts = [table for table in tables().values() if table.partition]
    assert parts
    assert all(part.secured and part.forced and not part.policies for part in parts)
