"""The one lock order, and the one helper that takes row locks.

Every transaction that locks several rows takes them by rank, and inside a rank by key, so two of them
never wait for each other in a circle. `FOR NO KEY UPDATE` lets others insert children meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from uuid import UUID

from django.db import connection, models

from tongdao.foundation.tenancy import OutsideScope, current_scope


class Rank(IntEnum):
    """From first to last. A lower rank may not be taken after a higher one in the same transaction.

    QUOTA is a promotion's row. Its members' counters and its groups have no rank: whoever writes one of them
    holds the promotion's lock (terms.promotions.locking). PAYOUT is a payout's row, and stands for its lines
    and transfers.
    """

    KEY = 0
    PURCHASE = 1
    ORDER = 2
    ATTEMPT = 3
    REFUND = 4
    PARCEL = 5
    STOCK = 6
    QUOTA = 7
    BUDGET = 8
    PAYOUT = 9
    COMMISSION = 10
    ACCOUNT = 11
    DAY = 12


class LockOrderBroken(Exception):
    """A lock of a lower rank was asked for after one of a higher rank."""


def enter_rank(rank: Rank) -> None:
    """Note that locks of `rank` are taken now; raises LockOrderBroken when a higher one is held already."""
    scope = current_scope()
    if scope is None:
        raise OutsideScope("locks are taken inside a scope")
    if rank < scope.locked:
        raise LockOrderBroken(f"{rank.name} after {Rank(scope.locked).name}")
    scope.locked = rank


def lock_rows(rank: Rank, model: type[models.Model], ids: Iterable[UUID]) -> list[UUID]:
    """Lock the rows of `model` with these ids in key order; returns those that exist."""
    scope = current_scope()
    enter_rank(rank)
    wanted = sorted(set(ids))
    if not wanted:
        return []
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select id from {table} where merchant_id = %s and id = any(%s)"  # noqa: S608 a model's table
            " order by id for no key update",
            [scope.merchant if scope else None, wanted],
        )
        return [row[0] for row in cursor.fetchall()]
