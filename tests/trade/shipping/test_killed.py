"""A program killed between any two steps of booking: the sweep goes on, and nothing is done twice."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest

from tests.conftest import Cluster
from tests.trade.shipping.sandbox import CarrierSandbox, CutLine, Endpoint
from tests.trade.shipping.support import EVERY_PARCEL, ON_HAND, Shop
from tongdao.foundation import clock
from tongdao.trade.shipping.operations import sweep_parcels

PROGRAM = """
import sys
from uuid import UUID
import django
django.setup()
from tongdao.trade.shipping.operations import book_parcel
book_parcel(UUID(sys.argv[1]), UUID(sys.argv[2]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "moment", "state"),
    [
        ("/label/order", "before", "requested"),  # the gateway has heard nothing
        ("/label/order", "after", "requested"),  # it has booked, and nobody wrote it down
        ("/poll", "before", "shipped"),  # written down, and nobody follows it
        ("/poll", "after", "shipped"),  # followed, and nobody knows
    ],
)
def test_killed_at(
    shop: Shop,
    sandbox: CarrierSandbox,
    endpoint: Endpoint,
    cluster: Cluster,
    path: str,
    moment: str,
    state: str,
) -> None:
    with closing(CutLine(sandbox, path, moment)) as line:
        _kill_and_resume(line, shop, sandbox, cluster, state)


def _kill_and_resume(
    line: CutLine, shop: Shop, sandbox: CarrierSandbox, cluster: Cluster, state: str
) -> None:
    shop.connect(sandbox.access(url=line.url))
    order = shop.paid_order(2)
    parcel_id = shop.pack(order)
    argv = [sys.executable, "-c", PROGRAM, str(shop.merchant_id), str(parcel_id)]
    program = subprocess.Popen(argv, env=cluster.environ, stderr=subprocess.DEVNULL)
    line.victim = program
    line.armed.set()
    assert program.wait(60) == -9
    assert (line.cuts, shop.parcel(parcel_id).state) == (1, state)
    sweep_parcels(clock.now() + timedelta(minutes=5), limit=EVERY_PARCEL)
    parcel = shop.parcel(parcel_id)
    (booked,) = sandbox.parcels(parcel_id.hex)
    assert (booked["number"], booked["followed"]) == (parcel.waybill_no, "polling")
    assert shop.stock(order) == (ON_HAND - 2, 0, ON_HAND - 2)
    assert shop.events(parcel_id).count("parcel.shipped") == 1
    sandbox.control("advance", number=parcel.waybill_no, steps=20)
    sweep_parcels(clock.now() + timedelta(hours=5), limit=EVERY_PARCEL)
    assert shop.parcel(parcel_id).state == "delivered"
