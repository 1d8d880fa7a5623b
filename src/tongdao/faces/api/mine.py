"""What a buyer keeps at a store: favourites, coupons, addresses."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, store_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.pictures import picture_url
from tongdao.faces.api.shapes import Limit, Offset, Page, Slug
from tongdao.faces.api.wishes import AddressIn
from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.favourites.operations import drop_favourite, keep_favourite
from tongdao.goods.favourites.queries import FavouriteView, favourites_of
from tongdao.terms.promotions.queries import HeldCoupon, Standing, coupons_for
from tongdao.trade.addressbook.models import KeptAddress
from tongdao.trade.addressbook.operations import (
    change_address,
    delete_address,
    keep_address,
    make_address_default,
)
from tongdao.trade.addressbook.queries import kept_addresses
from tongdao.trade.orders.queries.saving import CouponUse, coupon_uses

router = Router(tags=["buying"])


class FavouriteOut(Schema):
    """`from_fen` is null when nothing of it is sold any more."""

    product_id: UUID
    title: str
    handle: str | None
    picture_url: str | None
    from_fen: int | None
    change_fen: int = Field(description="Lowest public price now, above that of when it was kept")
    kept_at: datetime


class MyCouponOut(Schema):
    """Exactly one of `off_fen` and `off_bps`."""

    promotion_id: UUID
    title: str
    standing: Standing
    left: int | None = Field(description="How often I may still use it; null: no limit")
    threshold_fen: int
    off_fen: int | None
    off_bps: int | None
    most_off_fen: int | None
    product_ids: list[UUID] = Field(description="Empty: all goods")
    starts_at: datetime
    ends_at: datetime


class CouponUseOut(Schema):
    promotion_id: UUID
    order_id: UUID
    title: str
    saved_fen: int
    returned: bool = Field(description="The order was undone")


class MyCouponsOut(Schema):
    offered: list[MyCouponOut]
    used: list[CouponUseOut]


class KeptAddressIn(AddressIn):
    default: bool = Field(False, strict=True)


class KeptAddressOut(Schema):
    address_id: UUID
    recipient: str
    phone: str
    detail: str
    division_code: str
    division_version: str
    default: bool


@operation(
    router, "GET", "/stores/{slug}/favourites", need="person", answer=Page[FavouriteOut], refuses=[404]
)
def list_favourites(request: Call, slug: Slug, limit: Limit = 20, offset: Offset = 0) -> Page[FavouriteOut]:
    """What I keep in mind at this store, the latest first."""
    with merchant_scope(store_of(slug).merchant_id):
        found = favourites_of(request.auth.id, offset=offset, limit=limit + 1)
    return Page(items=[_favourite(view) for view in found[:limit]], more=len(found) > limit)


@operation(
    router,
    "PUT",
    "/stores/{slug}/favourites/{product_id}",
    need="person",
    answer=None,
    status=204,
    refuses=[404, 409],
)
def add_favourite(request: Call, slug: Slug, product_id: UUID) -> None:
    """Keep a product in mind."""
    with merchant_scope(store_of(slug).merchant_id):
        keep_favourite(request.auth.id, product_id)


@operation(
    router,
    "DELETE",
    "/stores/{slug}/favourites/{product_id}",
    need="person",
    answer=None,
    status=204,
    refuses=[404],
)
def remove_favourite(request: Call, slug: Slug, product_id: UUID) -> None:
    """Let it go. What is not kept is not found."""
    with merchant_scope(store_of(slug).merchant_id):
        if not drop_favourite(request.auth.id, product_id):
            raise NotFound()


@operation(router, "GET", "/stores/{slug}/coupons", need="person", answer=MyCouponsOut, refuses=[404])
def list_my_coupons(request: Call, slug: Slug) -> MyCouponsOut:
    """Coupons that are offered to all, as I can use them, and what I used on my latest orders."""
    with merchant_scope(store_of(slug).merchant_id):
        offered, used = coupons_for(request.auth.id, clock.now()), coupon_uses(request.auth.id)
    return MyCouponsOut(offered=[_coupon(one) for one in offered], used=[_use(one) for one in used])


@operation(
    router, "GET", "/stores/{slug}/addresses", need="person", answer=list[KeptAddressOut], refuses=[404]
)
def list_addresses(request: Call, slug: Slug) -> list[KeptAddressOut]:
    """My addresses at this store, the default one first."""
    with merchant_scope(store_of(slug).merchant_id):
        return _book(request)


@operation(
    router,
    "POST",
    "/stores/{slug}/addresses",
    need="person",
    answer=list[KeptAddressOut],
    status=201,
    refuses=[404, 409],
)
def add_address(request: Call, slug: Slug, body: KeptAddressIn) -> list[KeptAddressOut]:
    """Keep one more; the first is the default."""
    with merchant_scope(store_of(slug).merchant_id):
        keep_address(request.auth.id, body.address(), default=body.default)
        return _book(request)


@operation(
    router,
    "PUT",
    "/stores/{slug}/addresses/{address_id}",
    need="person",
    answer=list[KeptAddressOut],
    refuses=[404],
)
def edit_address(request: Call, slug: Slug, address_id: UUID, body: KeptAddressIn) -> list[KeptAddressOut]:
    """Write it anew; orders that were placed keep theirs."""
    with merchant_scope(store_of(slug).merchant_id):
        change_address(request.auth.id, address_id, body.address())
        if body.default:
            make_address_default(request.auth.id, address_id)
        return _book(request)


@operation(
    router,
    "DELETE",
    "/stores/{slug}/addresses/{address_id}",
    need="person",
    answer=None,
    status=204,
    refuses=[404],
)
def remove_address(request: Call, slug: Slug, address_id: UUID) -> None:
    """Delete it; orders that were placed keep theirs."""
    with merchant_scope(store_of(slug).merchant_id):
        delete_address(request.auth.id, address_id)


def _favourite(view: FavouriteView) -> FavouriteOut:
    card = view.card
    return FavouriteOut(
        product_id=view.product_id,
        title=view.title,
        handle=card.handle if card else None,
        picture_url=picture_url(card.picture) if card else None,
        from_fen=card.from_fen if card else None,
        change_fen=view.change_fen,
        kept_at=view.kept_at,
    )


def _coupon(held: HeldCoupon) -> MyCouponOut:
    row = held.promotion
    return MyCouponOut(
        promotion_id=row.id,
        title=row.title,
        standing=held.standing,
        left=held.left,
        threshold_fen=row.threshold_fen,
        off_fen=row.off_fen,
        off_bps=row.off_bps,
        most_off_fen=row.most_off_fen,
        product_ids=list(row.product_ids),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def _use(use: CouponUse) -> CouponUseOut:
    return CouponUseOut(
        promotion_id=use.promotion_id,
        order_id=use.order_id,
        title=use.title,
        saved_fen=use.off_fen,
        returned=use.returned,
    )


def _book(request: Call) -> list[KeptAddressOut]:
    return [_address(row) for row in kept_addresses(request.auth.id)]


def _address(row: KeptAddress) -> KeptAddressOut:
    return KeptAddressOut(
        address_id=row.id,
        recipient=row.recipient,
        phone=row.phone,
        detail=row.detail,
        division_code=row.division_code,
        division_version=row.division_version,
        default=row.is_default,
    )
