"""The operations as one would write them without their locks. All else in them is the product's own."""

from __future__ import annotations

from uuid import UUID

from tests.interleaving.harness import Work
from tests.interleaving.world import Sale, World, notice
from tongdao.finance.ledger.operations import post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL
from tongdao.foundation.ids import uuid7
from tongdao.foundation.reading import read
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.goods.inventory.models import Stock
from tongdao.trade.aftersales.operations.cancelling import BY_BUYER, cancel_locked
from tongdao.trade.aftersales.refusals import AlreadyShipped, OrderNotCancellable
from tongdao.trade.orders.deciding import Locked, decide
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.orders.operations import paying, placing
from tongdao.trade.orders.operations.paying import StandingOrder
from tongdao.trade.orders.operations.writing import draft_purchase, write_purchases
from tongdao.trade.orders.queries.terms import ask_common
from tongdao.trade.orders.wishing import Wish
from tongdao.trade.payments.deciding import StandingAttempt
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.payments.operations import capturing
from tongdao.trade.shipping.models import Parcel, ParcelItem
from tongdao.trade.shipping.refusals import OrderNotShippable


def place_unlocked(world: World, wish: Wish) -> Work:
    """Read what is left, decide, write: neither key nor stock is locked."""

    def work() -> bool:
        with merchant_scope(world.shop.merchant_id):
            left = {row.id: row.on_hand - row.reserved for row in Stock.objects.all()}
            skus = {row.id: (row.price_version, row.saleable) for row in Sku.objects.all()}
            requests = [request for request, _ in placing._price([wish], read(ask_common([wish.asked])))]
            locked = Locked(left, skus, {})
            decision = decide(requests, locked)
            if not decision.accepted:
                raise decision.refused[0]
            write_purchases([draft_purchase(each) for each in requests], locked.promotions)
            return True

    return work


def capture_unlocked(world: World, sale: Sale, attempt: int = 0) -> Work:
    """Note a payment: neither purchase nor attempt is locked."""

    def work() -> str:
        told = notice(sale.attempts[attempt])
        with merchant_scope(world.shop.merchant_id):
            row = PaymentAttempt.objects.values_list(*capturing.FIELDS).get(trade_no=told.trade_no)
            told_of = StandingAttempt(*row)
            if told_of.state == "captured":
                return "repeated"
            found = Order.objects.filter(purchase_id=told_of.purchase_id).values_list(*paying.FIELDS)
            orders = {told_of.purchase_id: [StandingOrder(*one) for one in found]}
            payments = capturing.Payments({told_of.trade_no: told_of}, orders)
            answers, drafts = capturing.settle_captures([told], payments, actor=CHANNEL)
            post_transactions(drafts, actor=CHANNEL)
            return str(answers[0])

    return work


def cancel_unlocked(world: World, sale: Sale) -> Work:
    """Cancel: the order is read, not locked."""

    def work() -> UUID:
        with merchant_scope(world.shop.merchant_id):
            order = Order.objects.get(pk=sale.order_id)
            allocations = list(Allocation.objects.filter(line__order=order))
            if order.state != "paid":
                raise OrderNotCancellable()
            if any(one.packed for one in allocations):
                raise AlreadyShipped()
            return cancel_locked(order, "other", BY_BUYER, sale.buyer, id=uuid7()).id

    return work


def pack_unlocked(world: World, sale: Sale) -> Work:
    """Pack for a waybill that comes later: the order is read, not locked."""

    def work() -> UUID:
        with merchant_scope(world.shop.merchant_id):
            order = Order.objects.get(pk=sale.order_id)
            if order.state != "paid":
                raise OrderNotShippable()
            allocation = Allocation.objects.get(line__order=order)
            Allocation.objects.filter(pk=allocation.pk).update(packed=allocation.quantity)
            parcel = Parcel.objects.create(
                order=order,
                person_id=order.person_id,
                node_id=allocation.node_id,
                carrier="ems",
                callback_token=sale.attempts[0],
                callback_salt="salt",
                requested_at=clock.now(),
            )
            ParcelItem.objects.create(parcel=parcel, allocation=allocation, quantity=allocation.quantity)
            return parcel.id

    return work
