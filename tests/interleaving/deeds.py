"""What people and machines do in the market at the same time. Each is a work: one transaction or a few."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from uuid import UUID

from django.db import connection

from tests.interleaving.harness import Work
from tests.interleaving.market import Market, Sale
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.models import Stock
from tongdao.goods.inventory.operations import set_on_hand
from tongdao.terms.promotions.operations import change_promotion, stop_promotion
from tongdao.terms.promotions.operations.groups import dissolve_group
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.aftersales.operations.cancelling import cancel_for_dissolved_group
from tongdao.trade.orders.operations import begin_close, finish_close
from tongdao.trade.orders.operations.closing import lock_purchase
from tongdao.trade.payments.gateways import PaidNotice
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.payments.operations import capture_many
from tongdao.trade.payments.operations.noticing import Message, take_messages
from tongdao.trade.payments.states import ATTEMPT


def scoped(market: Market, deed: Callable[[], object]) -> Work:
    def work() -> object:
        with merchant_scope(market.merchant_id):
            return deed()

    return work


def told(sale: Sale, attempt: int = 0) -> PaidNotice:
    """The channel's word that it was paid in full."""
    number = sale.trade_nos[attempt]
    return PaidNotice(
        number,
        "paid",
        amount_fen=sale.placed.total_fen,
        paid_at=clock.now(),
        channel_no=f"ch-{number[:20]}",
    )


def pay(market: Market, *sales: Sale, attempt: int = 0) -> Work:
    """One batch."""
    notices = [told(sale, attempt) for sale in sales]
    return scoped(market, lambda: capture_many(notices, actor=CHANNEL))


def hear(market: Market, *notices: PaidNotice) -> Work:
    """Messages as they come in through the callback: the same notice is the same message."""
    messages = [Message(hashlib.sha256(one.trade_no.encode()).digest(), one) for one in notices]
    return lambda: take_messages(market.merchant_id, messages)


def expire(market: Market, sale: Sale) -> Work:
    """What `close_purchase` does, when the channel says that nothing was paid."""

    def work() -> list[UUID]:
        purchase = sale.placed.purchase_id
        with merchant_scope(market.merchant_id):
            if not begin_close(purchase, reason="unpaid", actor=SYSTEM):
                return []
        with merchant_scope(market.merchant_id):
            lock_purchase(purchase)
            rows = PaymentAttempt.objects.filter(purchase_id=purchase)
            ids = lock_rows(Rank.ATTEMPT, PaymentAttempt, rows.values_list("id", flat=True))
            claim(ATTEMPT, "open", "closed", PaymentAttempt, ids)
            claim(ATTEMPT, "created", "closed", PaymentAttempt, ids)
            return finish_close(purchase, actor=SYSTEM)

    return work


def cancel(market: Market, sale: Sale) -> Work:
    return scoped(market, lambda: cancel_order(sale.order_id, reason="changed_mind", actor=sale.buyer).id)


def dissolve(market: Market, sale: Sale) -> Work:
    """The group's time is over: it dissolves if a seat is free, and a paid order of it is undone."""
    group = market.group
    assert group is not None
    with merchant_scope(market.merchant_id), connection.cursor() as cursor:
        cursor.execute(
            "update buying_group set deadline = now() - interval '1 minute'"
            " where merchant_id = %s and id = %s",
            [market.merchant_id, group],
        )

    def work() -> object:
        with merchant_scope(market.merchant_id):
            if not dissolve_group(group, actor=SYSTEM):
                return None
        with merchant_scope(market.merchant_id):
            return cancel_for_dissolved_group(sale.order_id, actor=SYSTEM).id

    return work


def recount(market: Market, units: int) -> Work:
    """Staff find so many units more or fewer on every shelf."""

    def deed() -> int:
        counts = {row.sku_id: max(0, row.on_hand + units) for row in Stock.objects.all()}
        return set_on_hand(counts, node_id=market.shop.node_id, reason="count", actor=market.shop.owner)

    return scoped(market, deed)


def change_quota(market: Market, promotion_id: UUID, more: int) -> Work:
    """Staff give out more uses, or fewer."""

    def deed() -> object:
        with connection.cursor() as cursor:
            cursor.execute(
                "select quota from promotion where merchant_id = %s and id = %s",
                [market.merchant_id, promotion_id],
            )
            (quota,) = cursor.fetchone()
        return change_promotion(promotion_id, quota=max(1, quota + more), actor=market.shop.owner).version

    return scoped(market, deed)


def change_title(market: Market, promotion_id: UUID) -> Work:
    """A new version of a running offer: what was priced by the old one is refused."""
    return scoped(
        market, lambda: change_promotion(promotion_id, title=uuid7().hex, actor=market.shop.owner).version
    )


def stop(market: Market, promotion_id: UUID) -> Work:
    return scoped(market, lambda: stop_promotion(promotion_id, actor=market.shop.owner).version)
