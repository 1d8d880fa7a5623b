"""A process that does all else at the same time, each on a thread, until its input ends: `SHOP SEED`.

Payments and refunds told in batches, cancelling, the sweep over unpaid orders, stock-takes of several SKUs,
new prices and new quotas.
"""

from __future__ import annotations

import hashlib
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import django

django.setup()

from django.db import connections  # noqa: E402 (Django comes first)

from tests.soak.counting import Count, counted, say  # noqa: E402
from tests.soak.shop import STOCK, SoakShop, shop_from  # noqa: E402
from tongdao.foundation import clock  # noqa: E402
from tongdao.foundation.actors import CHANNEL, Actor  # noqa: E402
from tongdao.foundation.ids import uuid7  # noqa: E402
from tongdao.foundation.money import Fen  # noqa: E402
from tongdao.foundation.refusals import NotFound  # noqa: E402
from tongdao.foundation.tenancy import merchant_scope  # noqa: E402
from tongdao.goods.catalog.operations import set_price  # noqa: E402
from tongdao.goods.inventory.models import Stock  # noqa: E402
from tongdao.goods.inventory.operations import set_on_hand  # noqa: E402
from tongdao.terms.promotions.models import Promotion  # noqa: E402
from tongdao.terms.promotions.operations import change_promotion  # noqa: E402
from tongdao.trade.aftersales.operations import cancel_order  # noqa: E402
from tongdao.trade.orders.models import Order, PaymentSchedule  # noqa: E402
from tongdao.trade.payments.gateways import PaidNotice, RefundNotice  # noqa: E402
from tongdao.trade.payments.models import PaymentAttempt, Refund  # noqa: E402
from tongdao.trade.payments.operations import capture_many, sweep_unpaid  # noqa: E402
from tongdao.trade.payments.operations.noticing import Message, take_messages  # noqa: E402

BATCH = 32
Deed = Callable[[SoakShop, random.Random], object]


def pay(shop: SoakShop, draw: random.Random) -> None:
    """The oldest or the newest of those who wait for payment; then the same is told again, as messages."""
    with merchant_scope(shop.merchant):
        oldest_or_newest = draw.choice(["id", "-id"])
        rows = PaymentSchedule.objects.filter(state="due").order_by(oldest_or_newest)[:BATCH]
        attempts = [an_attempt(shop, row) for row in rows]
        PaymentAttempt.objects.bulk_create(attempts)
        notices = [
            PaidNotice(
                one.trade_no,
                "paid",
                amount_fen=Fen(one.amount_fen),
                paid_at=one.created_at,
                channel_no=f"ch-{one.trade_no[:20]}",
            )
            for one in attempts
        ]
        capture_many(notices, actor=CHANNEL)
    tell(shop, draw, notices)


def an_attempt(shop: SoakShop, schedule: PaymentSchedule) -> PaymentAttempt:
    now = clock.now()
    return PaymentAttempt(
        schedule=schedule,
        purchase_id=schedule.purchase_id,
        account_id=UUID(shop.account_id),
        trade_no=uuid7().hex,
        product="h5",
        amount_fen=schedule.amount_fen,
        currency=schedule.currency,
        created_at=now,
        expires_at=now + timedelta(minutes=20),
        check_at=now + timedelta(minutes=1),
    )


def refund(shop: SoakShop, draw: random.Random) -> None:
    with merchant_scope(shop.merchant):
        rows = Refund.objects.filter(state__in=["requested", "accepted"]).order_by("-id")[:BATCH]
        notices = [RefundNotice(one.refund_no, "succeeded", "ch", Fen(one.amount_fen)) for one in rows]
    tell(shop, draw, notices)


def tell(shop: SoakShop, draw: random.Random, notices: list[PaidNotice] | list[RefundNotice]) -> None:
    messages = [Message(hashlib.sha256(repr(one).encode()).digest(), one) for one in notices]
    messages += draw.sample(messages, len(messages) // 4)
    draw.shuffle(messages)
    take_messages(shop.merchant, messages)


def cancel(shop: SoakShop, draw: random.Random) -> None:
    with merchant_scope(shop.merchant):
        order = Order.objects.filter(state="paid").order_by(draw.choice(["id", "-id"])).first()
        if order is None:
            raise NotFound()
        cancel_order(order.id, reason="changed_mind", actor=Actor("person", order.person_id))


def sweep(shop: SoakShop, draw: random.Random) -> None:
    """As if a day had passed: the oldest that nobody has paid are closed."""
    sweep_unpaid(clock.now() + timedelta(days=1), limit=BATCH)


def take_stock(shop: SoakShop, draw: random.Random) -> None:
    with merchant_scope(shop.merchant):
        rows = Stock.objects.filter(sku_id__in=draw.sample(shop.skus, 8))
        counts = {row.sku_id: row.reserved + draw.randint(50, STOCK) for row in rows}
        set_on_hand(counts, node_id=UUID(shop.node_id), reason="count", actor=shop.owner)


def price(shop: SoakShop, draw: random.Random) -> None:
    with merchant_scope(shop.merchant):
        for sku in draw.sample(shop.skus, 3):
            set_price(UUID(sku), Fen(draw.randint(900, 2_000)), actor=shop.owner)


def give_out_coupons(shop: SoakShop, draw: random.Random) -> None:
    with merchant_scope(shop.merchant):
        used = Promotion.objects.get(pk=shop.coupon_id).used
        change_promotion(UUID(shop.coupon_id), quota=used + draw.randint(1, 400), actor=shop.owner)


DEEDS: tuple[Deed, ...] = (pay, refund, cancel, sweep, take_stock, price, give_out_coupons)
PAUSES = {price: 1.0, give_out_coupons: 4.0, take_stock: 0.2}  # seconds; the others go on without


def keep(shop: SoakShop, deed: Deed, over: threading.Event, seed: str, count: Count) -> None:
    draw = random.Random(f"{seed} {deed.__name__}")
    while not over.wait(PAUSES.get(deed, 0.05)):
        counted(deed.__name__, lambda: deed(shop, draw), count)
    connections.close_all()


def main(shop: SoakShop, seed: str) -> Count:
    over, counts = threading.Event(), [Counter[str]() for _ in DEEDS]
    threads = [
        threading.Thread(target=keep, args=(shop, deed, over, seed, count))
        for deed, count in zip(DEEDS, counts, strict=True)
    ]
    for thread in threads:
        thread.start()
    sys.stdin.read()  # until whoever started us says that it is over
    over.set()
    for thread in threads:
        thread.join()
    return sum(counts, Counter())


if __name__ == "__main__":
    say(main(shop_from(sys.argv[1]), sys.argv[2]))
