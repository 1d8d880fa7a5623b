"""How far a person reaches: the accounts that became this one, and the merchants that know them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tongdao.foundation.personal import HOLDINGS, Holding
from tongdao.foundation.tenancy import TenantModel, person_scope
from tongdao.party.people.models import Person


def accounts_of(person_id: UUID) -> list[UUID]:
    """The person, and all whom it was merged from: the same human being."""
    found, new = [person_id], [person_id]
    while new:
        new = list(
            Person.objects.filter(merged_into__in=new).exclude(pk__in=found).values_list("pk", flat=True)
        )
        found += new
    return found


def merchants_of(accounts: Sequence[UUID]) -> list[UUID]:
    """Every merchant that holds something of them, in order."""
    found: set[UUID] = set()
    for person_id in accounts:
        with person_scope(person_id):
            for holding in _owned():
                rows = holding.model._default_manager.order_by().values_list("merchant_id", flat=True)
                found |= set(rows.distinct())
    return sorted(found)


def global_holdings() -> list[Holding]:
    """Tables that are no merchant's; the person itself last."""
    rows = [holding for holding in HOLDINGS.values() if not holding.of_merchants]
    return sorted(rows, key=lambda holding: (holding.model is Person, holding.table))


def merchant_holdings() -> list[Holding]:
    return sorted(
        (holding for holding in HOLDINGS.values() if holding.of_merchants), key=lambda holding: holding.table
    )


def _owned() -> list[Holding]:
    """Tables whose rows a person sees across merchants."""
    return [
        holding
        for holding in merchant_holdings()
        if issubclass(holding.model, TenantModel) and holding.model.tenant_rules.person
    ]
