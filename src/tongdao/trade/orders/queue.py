"""How web processes place: requests wait in line, and this process's committer places them in batches."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from tongdao.foundation.committing import GroupCommit
from tongdao.foundation.tenancy import assert_outside_scope
from tongdao.trade.orders.operations.placing import Placed, place
from tongdao.trade.orders.wishing import Spoken, Wish

placing: GroupCommit[Wish | Spoken, Placed] = GroupCommit("place", place)
"""One for each process. Limits: 64 wishes a batch, 1,000 waiting a merchant, 4,000 in all."""


def submit(merchant_id: UUID, wish: Wish | Spoken) -> Placed:
    """Place `wish` with whatever else waits. Raises its refusal, TokenInvalid, or QueueFull at once.

    Call it outside any scope: who waits holds no connection, or the committer would find none.
    """
    assert_outside_scope()
    connection.close()
    return placing.submit(merchant_id, wish)
