"""A small shop with purchases at every stage, and the operations that meet in it. No HTTP: the channel's word
is given as a notice, and closing does both of its halves in the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from tests.interleaving.harness import Work
from tests.support.builders import Shop, a_request, make_shop, place_one
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, SYSTEM, Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.operations import set_on_hand
from tongdao.party.merchants.models import MerchantAccount
from tongdao.party.people.operations import create_guest
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.orders.models import PaymentSchedule
from tongdao.trade.orders.operations import Placed, begin_close, complete_order, finish_close, place
from tongdao.trade.orders.operations.closing import lock_purchase
from tongdao.trade.orders.wishing import Wish
from tongdao.trade.payments.gateways import PaidNotice
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.payments.operations import capture
from tongdao.trade.payments.states import ATTEMPT
from tongdao.trade.shipping.operations import pack_parcel

PRICE = 12_800
Stage = Literal["unpaid", "paid", "shipped"]
STAGES: tuple[Stage, ...] = ("unpaid", "paid", "shipped")


@dataclass(frozen=True)
class Sale:
    """A purchase of one order, with two attempts to pay it."""

    placed: Placed
    buyer: Actor
    attempts: tuple[str, str]

    @property
    def purchase_id(self) -> UUID:
        return self.placed.purchase_id

    @property
    def order_id(self) -> UUID:
        return self.placed.order_ids[0]


class World:
    """A shop with a purchase at each of `stages`, and one unit of stock more than they took."""

    def __init__(self, stages: Collection[Stage] = STAGES) -> None:
        self.stock = len(stages) + 1
        self.shop: Shop = make_shop((PRICE,), stock=self.stock)
        with merchant_scope(self.shop.merchant_id):
            self.account = _account()
        self.sales = {stage: self.sell() for stage in stages}
        for stage in set(stages) - {"unpaid"}:
            self.pay(self.sales[stage])()
        if "shipped" in stages:
            self.pack(self.sales["shipped"])()
        self.buyer = create_guest().id
        self.keys = [uuid7().hex, uuid7().hex]

    @property
    def unpaid(self) -> Sale:
        return self.sales["unpaid"]

    @property
    def paid(self) -> Sale:
        return self.sales["paid"]

    @property
    def shipped(self) -> Sale:
        return self.sales["shipped"]

    def sell(self) -> Sale:
        request = a_request(self.shop)
        placed = place_one(request, self.shop)
        with merchant_scope(self.shop.merchant_id):
            attempts = tuple(
                _attempt(placed.purchase_id, self.account, product) for product in ("h5", "native")
            )
        return Sale(placed, Actor("person", request.person_id), (attempts[0], attempts[1]))

    def request(self, key: int) -> Wish:
        """One unit, priced now."""
        return a_request(self.shop, key=self.keys[key], person_id=self.buyer)

    def place(self, key: int) -> Work:
        """Place one unit; the same `key` asks for the same."""
        request = self.request(key)
        return lambda: place(self.shop.merchant_id, [request])[0]

    def place_both(self) -> Work:
        """Both requests in one batch."""
        requests = [self.request(1), self.request(0)]
        return lambda: place(self.shop.merchant_id, requests)

    def pay(self, sale: Sale, attempt: int = 0) -> Work:
        return lambda: self._scoped(lambda: capture(notice(sale.attempts[attempt]), actor=CHANNEL))

    def expire(self, sale: Sale) -> Work:
        """What close_purchase does, when the channel says that nothing was paid."""

        def work() -> list[UUID]:
            with merchant_scope(self.shop.merchant_id):
                if not begin_close(sale.purchase_id, reason="unpaid", actor=SYSTEM):
                    return []
            with merchant_scope(self.shop.merchant_id):
                lock_purchase(sale.purchase_id)
                rows = PaymentAttempt.objects.filter(purchase_id=sale.purchase_id)
                ids = lock_rows(Rank.ATTEMPT, PaymentAttempt, rows.values_list("id", flat=True))
                claim(ATTEMPT, "open", "closed", PaymentAttempt, ids)
                claim(ATTEMPT, "created", "closed", PaymentAttempt, ids)
                return finish_close(sale.purchase_id, actor=SYSTEM)

        return work

    def cancel(self, sale: Sale) -> Work:
        return lambda: self._scoped(
            lambda: cancel_order(sale.order_id, reason="changed_mind", actor=sale.buyer).id
        )

    def pack(self, sale: Sale) -> Work:
        waybill = f"YT{uuid7().int % 10**13:013d}"
        return lambda: self._scoped(
            lambda: pack_parcel(sale.order_id, "all", "yuantong", waybill, actor=self.shop.owner)
        )

    def complete(self, sale: Sale) -> Work:
        return lambda: self._scoped(lambda: complete_order(sale.order_id, actor=sale.buyer).id)

    def recount(self, units: int) -> Work:
        """Staff count the shelf: so many units."""
        counts = {self.shop.skus[0]: units}
        return lambda: self._scoped(
            lambda: set_on_hand(counts, node_id=self.shop.node_id, reason="count", actor=self.shop.owner)
        )

    def _scoped(self, work: Work) -> object:
        with merchant_scope(self.shop.merchant_id):
            return work()


def notice(trade_no: str) -> PaidNotice:
    """The channel says that it was paid in full."""
    return PaidNotice(
        trade_no, "paid", amount_fen=Fen(PRICE), paid_at=clock.now(), channel_no=f"ch-{trade_no[:20]}"
    )


def _account() -> MerchantAccount:
    return MerchantAccount.objects.create(
        channel="wechatpay",
        mode="direct",
        mchid="1900000001",
        appid="wx0000000000000000",
        certificate_serial="00",
        private_key="-",
        api_v3_key="-",
        platform_key_id="-",
        platform_public_key="-",
        gateway_url="http://127.0.0.1",
        fee_bps=60,
        callback_token=uuid7().hex,
        effective_from=clock.now(),
    )


def _attempt(purchase_id: UUID, account: MerchantAccount, product: str) -> str:
    now = clock.now()
    attempt = PaymentAttempt.objects.create(
        schedule=PaymentSchedule.objects.get(purchase_id=purchase_id),
        purchase_id=purchase_id,
        account=account,
        trade_no=uuid7().hex,
        product=product,
        amount_fen=PRICE,
        currency="CNY",
        created_at=now,
        expires_at=now + timedelta(minutes=20),
        check_at=now + timedelta(minutes=1),
    )
    claim(ATTEMPT, "created", "open", PaymentAttempt, [attempt.id])
    return attempt.trade_no
