"""Buying in the demo, all of it real: by a promoter's link, paid at the payment sandbox, received."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import httpx

from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.ids import token
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.operations import current_account
from tongdao.reach.traffic.operations import follow_link
from tongdao.rewards.commissions.operations import release_orders
from tongdao.rulebook import divisions
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.orders.operations import Placed, complete_order, place, prepare
from tongdao.trade.orders.wishing import Address, Wanted
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.payments.operations import refresh_purchase, start_payment
from tongdao.trade.shipping.operations import pack_parcel

log = logging.getLogger(__name__)
WHERE = Address("林小满", "13800138001", "文三路 90 号 2 单元", "330106", divisions.VERSION)
PATIENCE = 20  # seconds for one answer of the sandbox


@dataclass(frozen=True, slots=True)
class Stage:
    """Where it happens: the shop, the link that buyers come by, the sandbox's control, and who serves."""

    merchant_id: UUID
    storefront_id: UUID
    link: str
    control: httpx.Client
    staff: Actor


@contextmanager
def stage_at(
    merchant_id: UUID, storefront_id: UUID, sandbox: Path, *, link: str, staff: Actor
) -> Iterator[Stage | None]:
    """`sandbox` is the payment sandbox's folder; None where it is not there or does not answer."""
    with merchant_scope(merchant_id):
        gateway = current_account().gateway_url if (sandbox / "control.token").exists() else ""
    if not gateway:
        yield None
        return
    secret = (sandbox / "control.token").read_text("utf-8")
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=f"{gateway}/_control", headers=headers, timeout=PATIENCE) as control:
        yield Stage(merchant_id, storefront_id, link, control, staff) if _answers(control) else None


def _answers(control: httpx.Client) -> bool:
    try:
        control.get("/info").raise_for_status()
    except httpx.HTTPError as error:
        log.warning("nobody buys in the demo: the payment sandbox does not answer (%s)", error)
        return False
    return True


def order(stage: Stage, sku_id: UUID, buyer: Actor) -> Placed:
    """Come by the link and order one. Raises what refuses it."""
    assert buyer.id
    visitor = uuid4()
    follow_link(stage.link, visitor=visitor)
    wish = prepare(
        [Wanted(sku_id, 1)],
        key=f"demo-{token(20)}",
        person_id=buyer.id,
        visitor=visitor,
        storefront_id=stage.storefront_id,
        address=WHERE,
    )
    placed = place(stage.merchant_id, [wish])[0]
    if isinstance(placed, Refusal):
        raise placed
    return placed


def pay(stage: Stage, purchase_id: UUID, buyer: Actor) -> None:
    """At the sandbox. Raises what the channel's client raises."""
    assert buyer.id
    started = start_payment(stage.merchant_id, purchase_id, "native", person_id=buyer.id)
    with merchant_scope(stage.merchant_id):
        trade_no = PaymentAttempt.objects.get(pk=started.attempt_id).trade_no
    stage.control.post("/pay", json={"out_trade_no": trade_no}).raise_for_status()
    refresh_purchase(stage.merchant_id, purchase_id)


def receive(stage: Stage, sku_id: UUID, buyer: Actor) -> UUID:
    """Order, pay, pack, receive; the line. Raises what refuses it, and what the channel's client raises.

    Its shares are released at once, as if the time for giving back were over: the demo has no week to wait.
    """
    placed = order(stage, sku_id, buyer)
    pay(stage, placed.purchase_id, buyer)
    order_id = placed.order_ids[0]
    with merchant_scope(stage.merchant_id):
        pack_parcel(order_id, "all", "zhongtong", f"DEMO{token(12)}", actor=stage.staff)
    with merchant_scope(stage.merchant_id):
        order_received = complete_order(order_id, actor=buyer)
        if order_received.release_at:
            release_orders([order_id], order_received.release_at, actor=SYSTEM)
        lines = OrderLine.objects.filter(order_id=order_id, sku_id=sku_id).order_by("position")
        return lines.values_list("id", flat=True)[0]
