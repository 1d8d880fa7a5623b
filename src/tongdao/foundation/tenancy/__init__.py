"""One door to a merchant's rows: a scope opens it, and the database shows nothing outside one."""

from tongdao.foundation.tenancy.models import ScopedManager, TenantForeignKey, TenantModel, TenantRules
from tongdao.foundation.tenancy.persons import SameAs
from tongdao.foundation.tenancy.scopes import (
    OutsideScope,
    Scope,
    ScopeNested,
    assert_outside_scope,
    current_merchant,
    current_scope,
    merchant_scope,
    node_scope,
    on_commit,
    person_scope,
)

__all__ = [
    "OutsideScope",
    "SameAs",
    "Scope",
    "ScopeNested",
    "ScopedManager",
    "TenantForeignKey",
    "TenantModel",
    "TenantRules",
    "assert_outside_scope",
    "current_merchant",
    "current_scope",
    "merchant_scope",
    "node_scope",
    "on_commit",
    "person_scope",
]
