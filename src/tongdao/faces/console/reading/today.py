"""The few counts that say what a desk has to do today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from tongdao.faces.lists.nouns.reviews import VIEWS
from tongdao.faces.lists.standing import sold_out, to_ship, troubled
from tongdao.foundation import clock
from tongdao.goods.catalog.models import Product
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.disputes.waiting import for_seller, soon_for_seller
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import Refund
from tongdao.trade.reviews.models import Review
from tongdao.trade.shipping.queries import failed_dispatches


@dataclass(frozen=True, slots=True)
class Today:
    """`refunds` is None for who does not see money; `ship_by` is the earliest promise among `to_ship`.

    `reviews`: those that wait for an answer, nought for who gives none. `unshipped`: orders that dispatches
    left out, the latest of these being `dispatch_id`. `case_due`: when the first of `cases` is due;
    `cases_soon`: of how many the shop's time is nearly over.
    """

    to_ship: int
    ship_by: datetime | None
    parcels: int
    refunds: int | None
    sold_out: int
    products: int
    orders_ever: bool
    reviews: int
    unshipped: int
    dispatch_id: UUID | None
    cases: int
    case_due: datetime | None
    cases_soon: int

    @property
    def quiet(self) -> bool:
        waiting = (self.to_ship, self.parcels, self.refunds, self.sold_out, self.reviews, self.unshipped)
        return not any((*waiting, self.cases))


def count_soon(now: datetime) -> int:
    """After-sale cases of which the shop's time to move is nearly over."""
    return AfterSale.objects.filter(soon_for_seller(now)).count()


def today(*, with_money: bool, with_reviews: bool) -> Today:
    left_out = failed_dispatches()
    cases = AfterSale.objects.filter(for_seller())
    waiting = to_ship().aggregate(first=Min("ship_by"))
    return Today(
        to_ship=to_ship().count(),
        ship_by=waiting["first"],
        parcels=troubled().count(),
        refunds=Refund.objects.filter(state="failed").count() if with_money else None,
        sold_out=sold_out().count(),
        products=Product.objects.count(),
        orders_ever=Order.objects.exists(),
        reviews=Review.objects.filter(VIEWS["open"]).count() if with_reviews else 0,
        unshipped=sum(left_out.values()),
        dispatch_id=next(iter(left_out), None),
        cases=cases.count(),
        case_due=cases.aggregate(first=Min("due_at"))["first"],
        cases_soon=count_soon(clock.now()),
    )
