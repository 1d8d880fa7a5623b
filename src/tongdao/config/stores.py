"""Which store a command means."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.management.base import CommandError
from django.db import connections

from tongdao.foundation import directory

LISTED = 20


@dataclass(frozen=True, slots=True)
class Store:
    """A storefront's path and its merchant."""

    slug: str
    merchant_id: UUID


def find_store(slug: str | None) -> Store:
    """The store of that path, or the only one there is. Raises CommandError that says which there are."""
    if slug:
        found = directory.lookup("storefront", slug)
        if found:
            return Store(slug, found.merchant_id)
        raise CommandError(f"There is no store “{slug}”. {_listed(_stores())}")
    stores = _stores()
    if len(stores) == 1:
        return stores[0]
    raise CommandError(f"Say which store, with --store. {_listed(stores)}")


def _stores() -> list[Store]:
    """The first ones, as the platform sees them."""
    with connections["platform"].cursor() as cursor:
        cursor.execute("select slug, merchant_id from storefront order by slug limit %s", [LISTED])
        return [Store(slug, merchant_id) for slug, merchant_id in cursor.fetchall()]


def _listed(stores: list[Store]) -> str:
    if not stores:
        return "There is no store yet: open one on the console's first page, or start `tongdao demo`."
    names = ", ".join(store.slug for store in stores)
    return f"There are: {names}{', …' if len(stores) == LISTED else ''}."
