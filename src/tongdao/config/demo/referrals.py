"""Two more who come by the demo promoter's link: one has paid and waits, one has not paid yet."""

from __future__ import annotations

import logging

from tongdao.config.demo.buying import Stage, order, pay
from tongdao.config.demo.people import demo_person
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.gateways import GatewayDown, GatewayRefused

log = logging.getLogger(__name__)
WAITING = (  # sign-in name, shown name, SKU code, has paid
    ("yuhe@demo.example", "雨禾", "TX-BZ-Q1", True),
    ("songbai@demo.example", "松柏", "TX-WL-50", False),
)


def fill_referrals(stage: Stage, password: str) -> int:
    """Those who have not ordered yet do; returns how many. What is not for sale any more is left out."""
    return sum(_refer(stage, password, *each) for each in WAITING)


def _refer(stage: Stage, password: str, sign_in_name: str, shown_name: str, code: str, paid: bool) -> bool:
    buyer = Actor("person", demo_person(sign_in_name, shown_name, password).id)
    with merchant_scope(stage.merchant_id):
        there = Order.objects.filter(person_id=buyer.id).exists() if buyer.id else True
        sku_id = Sku.objects.filter(code=code).values_list("id", flat=True).first()
    if there or sku_id is None:
        return False
    try:
        placed = order(stage, sku_id, buyer)
        if paid:
            pay(stage, placed.purchase_id, buyer)
    except (Refusal, GatewayDown, GatewayRefused) as error:
        log.warning("%s buys nothing in the demo: %s", sign_in_name, error)
        return False
    return True
