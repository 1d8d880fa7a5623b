"""A merchant with goods and paid orders, written directly: ordering and paying have tests of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Event
from tongdao.foundation.ids import human_number, uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.inventory.models import Reservation, Stock, StockMovement
from tongdao.party.members.models import Member
from tongdao.party.network.models import Partner
from tongdao.rulebook.divisions import VERSION
from tongdao.trade.orders.models import Allocation, DeliveryAddress, Order, OrderLine, Purchase
from tongdao.trade.orders.states import ORDER
from tongdao.trade.shipping.gateway import Access, Party
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.operations import connect_carrier, pack_parcel

STAFF = Actor("staff", uuid7())
SENDER = Party("同道茶铺", "0571-88880000", "浙江省杭州市西湖区龙井路1号")
PHONE = "13912345678"
STREET = "科技南十二路2号1栋301室"
ON_HAND = 100
EVERY_PARCEL = 1_000_000  # a sweep takes the oldest first: those that all the tests before left must fit too
PRICE = Fen(1_000)


@dataclass
class PaidOrder:
    """`allocations` in the order of the lines."""

    id: UUID
    allocations: list[UUID]


class Shop:
    def __init__(self) -> None:
        self.merchant_id = uuid7()
        self.stocks: list[UUID] = []
        with self.scope():
            self.node = Partner.objects.create(kind="self", name="自有仓")

    @contextmanager
    def scope(self) -> Iterator[None]:
        with merchant_scope(self.merchant_id):
            yield

    def connect(self, access: Access) -> UUID:
        with self.scope():
            return connect_carrier(access, SENDER, actor=STAFF)

    def paid_order(self, *quantities: int, nodes: int = 1) -> PaidOrder:
        """A paid order with a line of each quantity; with two `nodes` every second line lies elsewhere."""
        with self.scope():
            order = self._order()
            allocations = [
                self._line(order, position, quantity, position % nodes)
                for position, quantity in enumerate(quantities)
            ]
            claim(ORDER, "placed", "paid", Order, [order.id], paid_at=clock.now())
        return PaidOrder(order.id, allocations)

    def pack(self, order: PaidOrder, waybill_no: str | None = None, carrier: str = "zhongtong") -> UUID:
        with self.scope():
            return pack_parcel(order.id, "all", carrier, waybill_no, actor=STAFF).parcel_id

    def parcel(self, parcel_id: UUID) -> Parcel:
        with self.scope():
            return Parcel.objects.get(id=parcel_id)

    def stock(self, order: PaidOrder, line: int = 0) -> tuple[int, int, int]:
        """(on hand, reserved, sum of all movements) of a line's stock."""
        with self.scope():
            stock = Reservation.objects.get(id=order.allocations[line]).stock
            moved = StockMovement.objects.filter(stock=stock).values_list("delta", flat=True)
            return stock.on_hand, stock.reserved, sum(moved)

    def events(self, subject: UUID) -> list[str]:
        with self.scope():
            found = Event.objects.filter(subject_id=subject).order_by("seq")
            return list(found.values_list("name", flat=True))

    def _order(self) -> Order:
        now, person = clock.now(), uuid7()
        member = Member.objects.create(person_id=person)
        times = {"placed_at": now, "pay_by": now + timedelta(minutes=30)}
        purchase = Purchase.objects.create(
            person_id=person, member=member, storefront_id=uuid7(), currency="CNY", total_fen=PRICE, **times
        )
        DeliveryAddress.objects.create(
            purchase=purchase,
            person_id=person,
            recipient="张三丰",
            phone=PHONE,
            detail=STREET,
            division_code="440305",
            division_version=VERSION,
        )
        return Order.objects.create(
            purchase=purchase,
            number=human_number(now),
            person_id=person,
            seller_id=self.node.id,
            currency="CNY",
            goods_fen=PRICE,
            freight_fen=Fen(0),
            total_fen=PRICE,
            **times,
        )

    def _line(self, order: Order, position: int, quantity: int, node: int) -> UUID:
        place = self.node if node == 0 else Partner.objects.create(kind="factory", name="工厂仓")
        product = Product.objects.create(handle=str(uuid7()), title="明前龙井")
        sku = Sku.objects.create(product=product, position=0, currency="CNY", price_fen=PRICE)
        stock = Stock.objects.create(sku=sku, node=place, on_hand=ON_HAND, reserved=quantity)
        StockMovement.objects.create(stock=stock, delta=ON_HAND, reason="count", at=clock.now())
        line = OrderLine.objects.create(
            order=order,
            position=position,
            product_id=product.id,
            sku_id=sku.id,
            title="明前龙井",
            option_text="50 克",
            quantity=quantity,
            price_version=1,
            list_price_fen=PRICE,
            paid_fen=Fen(PRICE * quantity),
            seller_id=place.id,
        )
        allocation = Allocation.objects.create(line=line, node_id=place.id, quantity=quantity)
        Reservation.objects.create(id=allocation.id, stock=stock, quantity=quantity)
        return allocation.id
