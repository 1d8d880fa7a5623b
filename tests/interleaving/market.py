"""A shop where everything is scarce, used for many histories: each finds fresh buyers and new scarcity.

What an earlier history left stays and must stay sound, so that a check of the whole shop is one of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection

from tests.interleaving.harness import Work
from tests.interleaving.world import _account
from tests.support.builders import Shop, a_request, make_shop
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.operations import create_guest
from tongdao.terms.promotions.models import PromotionUse
from tongdao.terms.promotions.operations import (
    create_coupon,
    create_flash_sale,
    create_gift,
    create_group_buy,
)
from tongdao.terms.promotions.pricing import Choice
from tongdao.trade.orders.models import PaymentSchedule
from tongdao.trade.orders.operations import Placed, place
from tongdao.trade.orders.wishing import Wish
from tongdao.trade.payments.models import PaymentAttempt

PRICES = (12_800, 6_600, 9_900, 500)
NO_COUPON = Choice(coupons=())
# Counters may only rise here: what is left is set anew by raising the bound, as staff would.
REFILL = """
with counted as (
  update stock set on_hand = reserved + %(units)s where merchant_id = %(merchant)s
  returning id, on_hand
), moved as (
  insert into stock_movement (id, merchant_id, stock_id, delta, reason, at)
  select gen_random_uuid(), %(merchant)s, c.id, c.on_hand - s.on_hand, 'count', now()
  from counted c join stock s on s.id = c.id where c.on_hand <> s.on_hand
)
update promotion set quota = greatest(used, 0) + %(uses)s where merchant_id = %(merchant)s
"""


@dataclass(frozen=True)
class Sale:
    """A purchase of one order that nobody has paid yet, and the two numbers under which it can be paid."""

    placed: Placed
    buyer: Actor
    trade_nos: tuple[str, str]

    @property
    def order_id(self) -> UUID:
        return self.placed.order_ids[0]


class Market:
    """Four SKUs (tea, a flash sale, a group buy, a gift) and a coupon of two uses, one for each member."""

    def __init__(self) -> None:
        self.shop: Shop = make_shop(PRICES, stock=1)
        self.tea, self.flash, self.grouped, self.sample = self.shop.skus
        now = clock.now()
        period = {"starts_at": now, "ends_at": now + timedelta(days=30)}
        owner = self.shop.owner
        with merchant_scope(self.shop.merchant_id):
            self.account = _account()
            self.coupon = create_coupon(
                title="券",
                off_fen=Fen(1_000),
                threshold_fen=Fen(10_000),
                per_member=1,
                quota=2,
                actor=owner,
                **period,
            )
            self.flash_sale = create_flash_sale(
                title="秒杀",
                sku_id=self.flash,
                price_fen=Fen(3_300),
                per_member=2,
                quota=2,
                actor=owner,
                **period,
            )
            self.group_buy = create_group_buy(
                title="拼团",
                sku_id=self.grouped,
                price_fen=Fen(7_000),
                group_size=2,
                group_hours=24,
                quota=3,
                actor=owner,
                **period,
            )
            self.gift = create_gift(
                title="赠品",
                sku_id=self.sample,
                gift_units=1,
                threshold_fen=Fen(20_000),
                actor=owner,
                **period,
            )
        self.begin()

    @property
    def merchant_id(self) -> UUID:
        return self.shop.merchant_id

    def begin(self, units: int = 2, uses: int = 2) -> None:
        """A new history: so many units of each SKU are free, so many uses of each offer, and new buyers."""
        with merchant_scope(self.merchant_id), connection.cursor() as cursor:
            cursor.execute(REFILL, {"merchant": self.merchant_id, "units": units, "uses": uses})
        self.buyers = [create_guest().id for _ in range(3)]
        self.keys = [uuid7().hex for _ in range(3)]
        self.group: UUID | None = None

    def wish(
        self, *skus: UUID, buyer: int = 0, quantity: int = 1, choice: Choice = NO_COUPON, key: str = ""
    ) -> Wish:
        return a_request(
            self.shop,
            quantity,
            person_id=self.buyers[buyer],
            skus=skus,
            choice=choice,
            key=key or uuid7().hex,
        )

    def with_coupon(self, buyer: int = 0, key: str = "", sku: UUID | None = None) -> Wish:
        """Tea, or two of something cheaper."""
        choice = Choice(coupons=(self.coupon.id,))
        return self.wish(sku or self.tea, buyer=buyer, quantity=2 if sku else 1, choice=choice, key=key)

    def price(self, sku: UUID) -> int:
        return PRICES[self.shop.skus.index(sku)]

    def joining(self, buyer: int = 0) -> Wish:
        """A seat in the group of this history; in a new one where there is none."""
        choice = Choice(coupons=(), group=self.group, open_group=self.group is None)
        return self.wish(self.grouped, buyer=buyer, choice=choice)

    def place(self, *wishes: Wish) -> Work:
        """All of them in one batch; a refusal of a lone one is raised, as its buyer gets it."""

        def work() -> list[Placed | Refusal]:
            answers = place(self.merchant_id, wishes)
            if len(answers) == 1 and isinstance(answers[0], Refusal):
                raise answers[0]
            return answers

        return work

    def sell(self, *wishes: Wish) -> list[Sale]:
        """Purchases that stand, each with two attempts to pay it. None of them may be refused."""
        placed = place(self.merchant_id, wishes)
        with merchant_scope(self.merchant_id):
            return [self._sale(one, wish.person_id) for one, wish in zip(placed, wishes, strict=True)]

    def open_group(self) -> Sale:
        """The third buyer opens a group with a seat free."""
        (sale,) = self.sell(self.joining(buyer=2))
        with merchant_scope(self.merchant_id):
            self.group = PromotionUse.objects.get(order_id=sale.order_id).group_id
        return sale

    def _sale(self, placed: Placed | Refusal, person_id: UUID) -> Sale:
        if isinstance(placed, Refusal):
            raise placed
        now = clock.now()
        schedule = PaymentSchedule.objects.get(purchase_id=placed.purchase_id)
        rows = [
            PaymentAttempt(
                schedule=schedule,
                purchase_id=placed.purchase_id,
                account=self.account,
                trade_no=uuid7().hex,
                product=product,
                amount_fen=placed.total_fen,
                currency=placed.currency,
                created_at=now,
                expires_at=now + timedelta(minutes=20),
                check_at=now + timedelta(minutes=1),
            )
            for product in ("h5", "native")
        ]
        PaymentAttempt.objects.bulk_create(rows)
        return Sale(placed, Actor("person", person_id), (rows[0].trade_no, rows[1].trade_no))
