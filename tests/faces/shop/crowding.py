"""A line in front of the committer that is too long, made by a real lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.builders import Shop, a_request
from tests.tenancy.catalogue import superuser
from tongdao.trade.orders.queue import placing, submit

BLOCKED = (
    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
)


@contextmanager
def a_full_line(shop: Shop) -> Iterator[None]:
    """The committer is held up by somebody's order, and nobody waits in line for longer than a moment."""
    patience, placing.patience = placing.patience, 0.05
    with superuser() as admin:
        admin.execute("begin")
        admin.execute("select 1 from stock where merchant_id = %s for update", [shop.merchant_id])
        first = threading.Thread(target=submit, args=(shop.merchant_id, a_request(shop)))
        first.start()
        with superuser() as watch:
            while not watch.execute(BLOCKED).fetchone()[0]:  # type: ignore[index]  # count(*) is one row
                time.sleep(0.02)
        try:
            yield
        finally:
            placing.patience = patience
            admin.execute("rollback")
            first.join(30)
