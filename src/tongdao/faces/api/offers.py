"""What a store offers below its public prices, and its buying groups, as any visitor may see them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from tongdao.faces.api.access import store_of
from tongdao.faces.api.documents import document
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Slug
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.terms.promotions.marks import FEW, GOODS, OFFERS
from tongdao.terms.promotions.models import Promotion
from tongdao.terms.promotions.queries import CouponTag, Deal, Deals, GiftTag, deals, group_view
from tongdao.trade.routing.queries import route

router = Router(tags=["catalogue"])
Left = Literal["sold_out", "few", "available"]


class DealOut(Schema):
    """A flash price, or the price in a group."""

    promotion_id: UUID
    title: str
    sku_id: UUID
    price_fen: int
    base_fen: int | None = Field(
        description="May be shown crossed out: the lowest price of the days before; null: nothing may"
    )
    starts_at: datetime
    ends_at: datetime
    running: bool = Field(description="false: announced, starts within a week")
    left_hint: Left = Field(description="How it looks now; never a promise")
    per_member: int | None = Field(description="Units that one person may have; null: no limit")
    group_size: int | None = Field(description="Seats to be paid; null: no group")
    group_hours: int | None = Field(description="Time to fill them; else the money goes back by itself")


class CouponOut(Schema):
    """A coupon for everybody; the best are used by themselves. One of `off_fen` and `off_bps` is set."""

    promotion_id: UUID
    title: str
    threshold_fen: int
    off_fen: int | None
    off_bps: int | None = Field(description="Ten-thousandths")
    most_off_fen: int | None
    per_member: int | None
    stacks: bool = Field(description="Goes together with others that do")
    on_reduced: bool = Field(description="Also for goods at a flash or group price")
    ends_at: datetime


class GiftOut(Schema):
    """Units that come on top of an order of `threshold_fen` or more, while they last."""

    promotion_id: UUID
    title: str
    sku_id: UUID
    units: int
    threshold_fen: int
    ends_at: datetime


class OffersOut(Schema):
    flash_sales: list[DealOut]
    group_buys: list[DealOut]
    coupons: list[CouponOut]
    gifts: list[GiftOut]


class GroupOut(Schema):
    """A buying group. Who sits in it is nobody's to see."""

    group_id: UUID
    promotion_id: UUID
    title: str
    sku_id: UUID
    price_fen: int
    currency: str
    size: int
    taken: int = Field(description="Seats that orders hold, paid or not")
    paid: int
    deadline: datetime
    state: str = Field(description="open, formed or dissolved")
    joinable: bool = Field(description="Send `group_id` with a purchase of the SKU to take a seat")


@operation(router, "GET", "/stores/{slug}/offers", need="nobody", answer=OffersOut, refuses=[404])
def list_offers(request: HttpRequest, slug: Slug) -> HttpResponse:
    """What runs or is announced: flash sales, group prices, coupons without a code, gifts."""
    return document(request, slug, marks=(OFFERS, GOODS), facts={"most": FEW + 1}, make=_all)


@operation(router, "GET", "/stores/{slug}/groups/{group_id}", need="nobody", answer=GroupOut, refuses=[404])
def read_group(request: HttpRequest, slug: Slug, group_id: UUID) -> GroupOut:
    """A buying group: its seats, its deadline, and whether it can be joined."""
    with merchant_scope(store_of(slug).merchant_id):
        view = group_view(group_id, clock.now())
        currency = Sku.objects.values_list("currency", flat=True).get(pk=view.sku_id)
    return GroupOut(
        group_id=view.group_id,
        promotion_id=view.promotion_id,
        title=view.title,
        sku_id=view.sku_id,
        price_fen=view.price_fen,
        currency=currency,
        size=view.size,
        taken=view.taken,
        paid=view.paid,
        deadline=view.deadline,
        state=view.state,
        joinable=view.joinable,
    )


def _all() -> OffersOut:
    now = clock.now()
    live = Promotion.objects.filter(
        stopped_at__isnull=True, ends_at__gt=now, sku__saleable=True, sku__product__published=True
    )
    ids = list(live.values_list("sku_id", flat=True).distinct())
    left = {id: source.available for id, source in route(id for id in ids if id).items()}
    return offers_out(deals(now, skus=[id for id in ids if id]), left)


def offers_out(found: Deals, left: Mapping[UUID, int]) -> OffersOut:
    """`left`: units of each SKU."""
    return OffersOut(
        flash_sales=[_deal(deal, left) for deal in found.flash],
        group_buys=[_deal(deal, left) for deal in found.groups],
        coupons=[_coupon(coupon) for coupon in found.coupons if not coupon.used_up],
        gifts=[_gift(gift) for gift in found.gifts if not gift.used_up],
    )


def _deal(deal: Deal, left: Mapping[UUID, int]) -> DealOut:
    stock = left.get(deal.sku_id, 0)
    units = stock if deal.left is None else min(deal.left, stock)
    return DealOut(
        promotion_id=deal.promotion_id,
        title=deal.title,
        sku_id=deal.sku_id,
        price_fen=deal.price_fen,
        base_fen=deal.base_fen,
        starts_at=deal.starts_at,
        ends_at=deal.ends_at,
        running=deal.running,
        left_hint="sold_out" if units < 1 else "few" if units <= FEW else "available",
        per_member=deal.per_member,
        group_size=deal.group_size,
        group_hours=deal.group_hours,
    )


def _coupon(coupon: CouponTag) -> CouponOut:
    return CouponOut.from_orm(coupon)


def _gift(gift: GiftTag) -> GiftOut:
    return GiftOut.from_orm(gift)
