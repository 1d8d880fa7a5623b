"""A sale whose buyer may have something to complain of, and what both sides do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from tests.faces.promoter.support import Earner, make_earner, make_promoted_shop
from tests.support.builders import Shop
from tongdao.foundation import clock
from tongdao.foundation.actors import CARRIER, SYSTEM, Actor
from tongdao.foundation.attachments import Kept, path_of
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.inventory.models import Stock
from tongdao.rulebook.divisions import VERSION
from tongdao.trade.aftersales.eligibility import Offer, offers
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations import CaseWish, open_case, refuse_case
from tongdao.trade.aftersales.operations.sending_back import return_signed
from tongdao.trade.aftersales.operations.timing import let_pass
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.operations import open_dispute, state_case
from tongdao.trade.orders.models import Allocation, Order, OrderLine
from tongdao.trade.orders.wishing import Address
from tongdao.trade.payments.models import Refund
from tongdao.trade.shipping.carriers import Status
from tongdao.trade.shipping.gateway import Scan, Trace
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.operations import pack_parcel, set_return_address
from tongdao.trade.shipping.operations.scanning import apply_trace, lock_return

STAFF = Actor("staff", uuid7())


@dataclass(frozen=True)
class Sale:
    """Some units sold to one buyer of `earner`'s shop."""

    earner: Earner
    order_id: UUID

    @property
    def order(self) -> Order:
        with merchant_scope(self.earner.shop.merchant_id):
            return Order.objects.get(pk=self.order_id)

    @property
    def line(self) -> OrderLine:
        with merchant_scope(self.earner.shop.merchant_id):
            return OrderLine.objects.get(order_id=self.order_id)

    @property
    def buyer(self) -> Actor:
        return Actor("person", self.order.person_id)

    def pack(self, units: int | None = None) -> None:
        with merchant_scope(self.earner.shop.merchant_id):
            allocation = Allocation.objects.get(line__order_id=self.order_id)
            items = {allocation.id: units or allocation.quantity - allocation.packed}
            waybill = f"SF{uuid7().int % 10**10:010d}"
            pack_parcel(self.order_id, items, "shunfeng", waybill, actor=SYSTEM)

    def arrive(self) -> None:
        """The carrier has handed over what is on its way."""
        with merchant_scope(self.earner.shop.merchant_id):
            Parcel.objects.filter(order_id=self.order_id, state="shipped").update(
                state="delivered", delivered_at=clock.now()
            )

    def ask(self, kind: str, reason: str, units: int = 1, **wish: object) -> AfterSale:
        line, buyer = self.line, self.buyer
        with merchant_scope(self.earner.shop.merchant_id):
            asked = CaseWish(self.order_id, kind, {line.id: units}, reason, **wish)  # type: ignore[arg-type]
            return open_case(asked, actor=buyer)

    def do(self, act: Callable[..., AfterSale], case: AfterSale, *args: object, **more: object) -> AfterSale:
        with merchant_scope(self.earner.shop.merchant_id):
            return act(case.id, *args, actor=more.pop("actor", STAFF), **more)

    def offered(self, *, later: timedelta = timedelta()) -> dict[str, Offer]:
        with merchant_scope(self.earner.shop.merchant_id):
            found = offers(Order.objects.get(pk=self.order_id), now=clock.now() + later)
            return {offer.kind: offer for offer in found}

    def case(self, case: AfterSale) -> AfterSale:
        with merchant_scope(self.earner.shop.merchant_id):
            return AfterSale.objects.select_related("refund").get(pk=case.id)

    def pass_time(self, case: AfterSale, by: timedelta) -> AfterSale:
        """The clock stands `by` later, and the sweep has passed."""
        with clock.shifted(by), merchant_scope(self.earner.shop.merchant_id):
            let_pass(case.id, clock.now())
        return self.case(case)

    def stock(self) -> tuple[int, int]:
        with merchant_scope(self.earner.shop.merchant_id):
            row = Stock.objects.get()
            return row.on_hand, row.reserved

    def refunds(self) -> list[int]:
        with merchant_scope(self.earner.shop.merchant_id):
            return sorted(Refund.objects.values_list("amount_fen", flat=True))


def arrived_line(shop: Shop, order_id: UUID) -> UUID:
    """The first line of a paid order, all of which is packed and handed over by now."""
    with merchant_scope(shop.merchant_id):
        line = OrderLine.objects.filter(order_id=order_id).order_by("position")[0]
        rows = Allocation.objects.filter(line__order_id=order_id)
        set_return_address(BACK_TO, actor=STAFF)
    with merchant_scope(shop.merchant_id):
        if items := {row.id: row.quantity - row.packed for row in rows if row.quantity > row.packed}:
            pack_parcel(order_id, items, "shunfeng", f"SF{uuid7().int % 10**10:010d}", actor=SYSTEM)
    with merchant_scope(shop.merchant_id):
        parcels = Parcel.objects.filter(order_id=order_id, state="shipped")
        parcels.update(state="delivered", delivered_at=clock.now())
    return line.id


BACK_TO = Address("王仓管", "13800001234", "云栖小镇 1 号仓", "330106", VERSION)


def takes_back(shop: Shop) -> None:
    """It has said where goods go back to."""
    with merchant_scope(shop.merchant_id):
        set_return_address(BACK_TO, note="请附上订单号", actor=STAFF)


def shown_picture() -> Kept:
    name = f"{uuid7()}.webp"
    return Kept(file=f"m/case/{name}", type="image/webp", bytes=12, width=1, height=1, sha256="0" * 64)


def scanned(sale: Sale, case: AfterSale, status: Status, text: str, *, at: datetime | None = None) -> UUID:
    """The carrier says so of what was sent back; the waybill's id."""
    with merchant_scope(sale.earner.shop.merchant_id):
        parcel_id = AfterSale.objects.values_list("return_parcel_id", flat=True).get(pk=case.id)
        assert parcel_id is not None
        parcel = lock_return(parcel_id)
        scan = Scan(status, text, "杭州市", at or clock.now())
        apply_trace(parcel, Trace(parcel.carrier, parcel.waybill_no, (scan,)), actor=CARRIER)
    return parcel_id


def handed_over(sale: Sale, case: AfterSale, *, at: datetime | None = None) -> AfterSale:
    """The carrier says that it has handed over what was sent back, and the case knows."""
    parcel_id = scanned(sale, case, Status.DELIVERED, "快件已签收", at=at)
    with merchant_scope(sale.earner.shop.merchant_id):
        return_signed(parcel_id)
    return sale.case(case)


def sold(units: int = 3, *, arrived: bool = True) -> Sale:
    earner = make_earner(make_promoted_shop())
    takes_back(earner.shop)
    sale = Sale(earner, earner.sell(units))
    if arrived:
        sale.pack()
        sale.arrive()
    return sale


def do(sale: Sale, act: Callable[..., Any], *args: Any, **more: Any) -> Any:
    with merchant_scope(sale.earner.shop.merchant_id):
        return act(*args, **more)


def refused_sale(units: int = 3) -> tuple[Sale, AfterSale]:
    sale = sold(units)
    case = sale.ask("refund_only", "quality")
    return sale, sale.do(refuse_case, case, "as_described", text="出库前有质检")


def disputed(units: int = 3) -> tuple[Sale, AfterSale, Dispute]:
    sale, case = refused_sale(units)
    dispute = do(sale, open_dispute, case.id, "茶叶受潮，照片为证", side=Side.BUYER, actor=sale.buyer)
    return sale, case, dispute


def heard(units: int = 3) -> tuple[Sale, AfterSale, Dispute]:
    """… and the seller has stated its case."""
    sale, case, dispute = disputed(units)
    do(sale, state_case, dispute.id, "包装完好", side=Side.SELLER, actor=STAFF)
    return sale, case, dispute


def keep_privately(file: str, content: bytes) -> None:
    """As it is kept when somebody sends it: what lies there is for nobody else on the machine."""
    Path(settings.PRIVATE_ROOT).mkdir(mode=0o700, exist_ok=True)
    path_of(file).parent.mkdir(parents=True, exist_ok=True)
    path_of(file).write_bytes(content)
