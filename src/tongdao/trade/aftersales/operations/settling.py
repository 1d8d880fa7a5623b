"""The end of a case: the buyer has the money."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.trade.aftersales.events import AfterSaleSettled
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.operations.moving import case_ended
from tongdao.trade.aftersales.states import AFTER_SALE
from tongdao.trade.orders.models import Order


def settle_cases(refund_id: UUID, *, actor: Actor) -> None:
    """The channel has paid the refund back: its cases are settled. Doing it again changes nothing."""
    cases = dict(AfterSale.objects.filter(refund_id=refund_id).values_list("id", "order_id"))
    lock_rows(Rank.ORDER, Order, cases.values())
    for id in claim(AFTER_SALE, "granted", "settled", AfterSale, list(cases), ended_at=clock.now()):
        case = AfterSale.objects.get(pk=id)
        payload = AfterSaleSettled(order_id=case.order_id, person_id=case.person_id)
        record(payload, subject=case, actor=actor)
        case_ended(case.order_id)
