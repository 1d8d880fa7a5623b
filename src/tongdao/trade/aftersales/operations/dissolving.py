"""Orders whose buying group did not come together undo themselves; nobody has to ask for the money.

`terms.promotions` lists an order for as long as it holds a seat of a dissolved group, and whatever ends the
order gives the seat back in the same transaction. So a turn that dies at any point is taken up by the next,
and whoever pays in the last moment is listed too, and gets the money back.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.sweeping import work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.terms.promotions.operations import sweep_groups
from tongdao.terms.promotions.queries import orders_of_dissolved
from tongdao.trade.aftersales.operations.cancelling import GROUP_DISSOLVED, cancel_for_dissolved_group
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.gateways import GatewayRefused
from tongdao.trade.payments.operations import close_purchase

log = logging.getLogger(__name__)


def sweep_dissolved_groups(now: datetime, limit: int = 200) -> int:
    """Dissolve the groups whose time has passed, and undo their orders; how many rows were worked off."""
    dissolved = sweep_groups(now, limit)
    rows = orders_of_dissolved(now, limit)
    return dissolved + work_off(rows, undo_seat, "undoing an order of a dissolved group")


def undo_seat(merchant_id: UUID, order_id: UUID) -> None:
    """Close the order if it is not paid, else cancel it with all its money back. Opens its own scopes.

    Safe to repeat at any point. Raises GatewayDown: the order stays `closing` until the channel answers.
    """
    with merchant_scope(merchant_id):
        state, purchase_id = Order.objects.values_list("state", "purchase_id").get(pk=order_id)
    if state in ("placed", "closing"):
        try:
            if close_purchase(merchant_id, purchase_id, reason=GROUP_DISSOLVED, actor=SYSTEM):
                return
        except GatewayRefused as error:
            log.warning("purchase %s stays closing: %s", purchase_id, error)
            return
    try:
        with merchant_scope(merchant_id):
            cancel_for_dissolved_group(order_id, actor=SYSTEM)
    except Refusal as refusal:
        log.warning("order %s of a dissolved group stays: %s", order_id, refusal.code)
