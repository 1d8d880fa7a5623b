"""What no law keeps any more goes by itself."""

from __future__ import annotations

from datetime import timedelta

from tests.faces.console.support import paid_order
from tests.support.builders import make_shop
from tests.trade.reviews.support import a_buyer, receive, received_lines
from tongdao.compliance.retention.operations import sweep_lapsed
from tongdao.compliance.retention.operations.lapsing import lapse
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import DeliveryAddress, Order

LONG = timedelta(days=400)


def test_addresses_go_when_their_trade_ended_long_enough_ago() -> None:
    """Placed on one day: one is completed at once, one much later, one never."""
    shop, buyer = make_shop(), a_buyer()
    received_lines(shop, buyer)
    later, never = (paid_order(shop, person_id=buyer.id) for _ in range(2))
    with clock.shifted(LONG):
        receive(shop, later)
    bound = clock.now() + timedelta(minutes=1)
    assert lapse(shop.merchant_id, bound - timedelta(days=1)) == 0
    assert lapse(shop.merchant_id, bound) == 1
    assert lapse(shop.merchant_id, bound) == 0
    with merchant_scope(shop.merchant_id):
        kept = DeliveryAddress.objects.filter(erased_at__isnull=True)
        assert {order.id for order in Order.objects.filter(purchase__in=kept.values("purchase_id"))} == {
            later,
            never,
        }
        gone = DeliveryAddress.objects.get(erased_at__isnull=False)
        assert (gone.recipient, gone.phone, gone.detail) == ("—", "—", "—")
    assert lapse(shop.merchant_id, bound + LONG) == 1


def test_it_looks_once_an_hour() -> None:
    with clock.shifted(timedelta(days=40)):
        sweep_lapsed(clock.now())
        assert sweep_lapsed(clock.now()) == 0
