"""What a merchant offers below its public prices: coupons, flash sales, group buys, gifts."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator, AwareDatetime
from pydantic_core import PydanticCustomError

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.filtering import Filters, filters_of, rows_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Limit, Offset, Page, Text
from tongdao.faces.lists.registry import LISTS
from tongdao.foundation import clock
from tongdao.terms.promotions import operations
from tongdao.terms.promotions.checking import MOST_FEN, MOST_UNITS
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.queries import PromotionRow, promotion_record
from tongdao.terms.promotions.queries.listing import row_of

router = Router(tags=["promotions"])
DESK = "/merchants/{merchant_id}"
ALL = f"{DESK}/promotions"
ONE = f"{ALL}/{{promotion_id}}"
MOST_PRODUCTS = 500
YEARS = range(2000, 2200)


def _near(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise PydanticCustomError("far_away", "a moment of this or the next century")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_near)]
Amount = Annotated[int, Field(strict=True, ge=1, le=MOST_FEN)]
Most = Annotated[int, Field(strict=True, ge=1, le=MOST_UNITS)]
Part = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Title = Annotated[Text, Field(min_length=1, max_length=60)]
Threshold = Annotated[int, Field(strict=True, ge=0, le=MOST_FEN)]
Products = Annotated[list[UUID], Field(max_length=MOST_PRODUCTS)]
Shown = Literal["scheduled", "running", "used_up", "ended", "stopped"]

if TYPE_CHECKING:
    PromotionFilters = Filters
else:
    PromotionFilters = filters_of("promotions")


class PromotionIn(Input):
    title: Title
    starts_at: Moment
    ends_at: Moment
    per_member: Most | None = Field(None, description="Units or uses a buyer may have; null: no limit")
    quota: Most | None = Field(None, description="Units or uses in all; null: no limit")


class CouponIn(PromotionIn):
    """Exactly one of `off_fen` and `off_bps`."""

    off_fen: Amount | None = None
    off_bps: Part | None = Field(None, description="Ten-thousandths off")
    most_off_fen: Amount | None = Field(None, description="What a part comes to at most")
    threshold_fen: Threshold = Field(0, description="Eligible goods for at least so much")
    code: str = Field(
        "", pattern=r"^([A-Za-z0-9_-]{3,20})?$", description="Only for who types it; empty: for everybody"
    )
    product_ids: Products = Field([], description="Only these; none: all goods")
    stacks: bool = Field(False, description="Goes together with others that stack")
    on_reduced: bool = Field(False, description="Also for goods at a flash or group price")


class FlashSaleIn(PromotionIn):
    sku_id: UUID
    price_fen: Amount = Field(description="Of one unit; below the lowest price of the last days")


class GroupBuyIn(FlashSaleIn):
    group_size: int = Field(strict=True, ge=2, le=100, description="Orders that have to be paid")
    group_hours: int = Field(strict=True, ge=1, le=168, description="Time for it, from the first order")


class GiftIn(PromotionIn):
    sku_id: UUID
    gift_units: int = Field(strict=True, ge=1, le=99, description="Units with each order")
    threshold_fen: Threshold = Field(0, description="With eligible goods for at least so much")
    product_ids: Products = Field([], description="Eligible goods; none: all")


class PromotionChangeIn(Input):
    """What is left out stays as it is. Which of them a kind has says its creation."""

    title: Title = Field(default_factory=str)
    starts_at: Moment = Field(default_factory=clock.now)
    ends_at: Moment = Field(default_factory=clock.now)
    per_member: Most | None = None
    quota: Most | None = None
    threshold_fen: Threshold = Field(default_factory=int)
    off_fen: Amount | None = None
    off_bps: Part | None = None
    most_off_fen: Amount | None = None
    price_fen: Amount = Field(default_factory=int)
    product_ids: Products = Field(default_factory=list)


class PromotionOut(Schema):
    """`used` units or uses are held by orders, which saved `given_fen` by it."""

    promotion_id: UUID
    kind: Kind
    phase: Shown = Field(description="Where it is in its time, now")
    title: str
    code: str
    sku_id: UUID | None
    product_ids: list[UUID]
    threshold_fen: int
    off_fen: int | None
    off_bps: int | None
    most_off_fen: int | None
    price_fen: int | None
    gift_units: int | None
    group_size: int | None
    group_hours: int | None
    per_member: int | None
    quota: int | None
    used: int
    given_fen: int
    stacks: bool
    on_reduced: bool
    starts_at: datetime
    ends_at: datetime
    stopped_at: datetime | None
    version: int


@operation(router, "GET", ALL, need="promotions.read", answer=Page[PromotionOut])
def list_promotions(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[PromotionFilters, Query()],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[PromotionOut]:
    """Promotions of all kinds and times, the newest first. Those used up are running too."""
    rows = rows_of(LISTS["promotions"], filters, limit + 1, offset)
    return Page(items=[_out(row_of(row, clock.now())) for row in rows[:limit]], more=len(rows) > limit)


@operation(router, "GET", ONE, need="promotions.read", answer=PromotionOut)
def read_promotion(request: Call, merchant_id: UUID, promotion_id: UUID) -> PromotionOut:
    """One promotion with its rules and figures."""
    return _one(promotion_id)


@operation(
    router, "POST", f"{DESK}/coupons", need="promotions.edit", answer=PromotionOut, status=201, refuses=[409]
)
def create_coupon(request: Call, merchant_id: UUID, body: CouponIn) -> PromotionOut:
    """An amount or a part off what the eligible goods cost."""
    return _one(operations.create_coupon(**body.model_dump(), actor=as_staff(request)).id)


@operation(
    router,
    "POST",
    f"{DESK}/flash-sales",
    need="promotions.edit",
    answer=PromotionOut,
    status=201,
    refuses=[409],
)
def create_flash_sale(request: Call, merchant_id: UUID, body: FlashSaleIn) -> PromotionOut:
    """One SKU at a lower price for a while."""
    return _one(operations.create_flash_sale(**body.model_dump(), actor=as_staff(request)).id)


@operation(
    router,
    "POST",
    f"{DESK}/group-buys",
    need="promotions.edit",
    answer=PromotionOut,
    status=201,
    refuses=[409],
)
def create_group_buy(request: Call, merchant_id: UUID, body: GroupBuyIn) -> PromotionOut:
    """One SKU at a lower price for buyers who fill a group in time; else all have their money back."""
    return _one(operations.create_group_buy(**body.model_dump(), actor=as_staff(request)).id)


@operation(
    router, "POST", f"{DESK}/gifts", need="promotions.edit", answer=PromotionOut, status=201, refuses=[409]
)
def create_gift(request: Call, merchant_id: UUID, body: GiftIn) -> PromotionOut:
    """Units of a SKU on top, above an amount."""
    return _one(operations.create_gift(**body.model_dump(), actor=as_staff(request)).id)


@operation(router, "PATCH", ONE, need="promotions.edit", answer=PromotionOut, refuses=[409])
def change_promotion(
    request: Call, merchant_id: UUID, promotion_id: UUID, body: PromotionChangeIn
) -> PromotionOut:
    """Other rules from now on; orders placed before keep theirs."""
    changes = body.model_dump(include=body.model_fields_set)
    operations.change_promotion(promotion_id, **changes, actor=as_staff(request))
    return _one(promotion_id)


@operation(router, "POST", f"{ONE}/stop", need="promotions.edit", answer=PromotionOut)
def stop_promotion(request: Call, merchant_id: UUID, promotion_id: UUID) -> PromotionOut:
    """End it now; orders that hold it go on. Again is no error."""
    operations.stop_promotion(promotion_id, actor=as_staff(request))
    return _one(promotion_id)


def _one(promotion_id: UUID) -> PromotionOut:
    return _out(promotion_record(promotion_id, clock.now()))


def _out(row: PromotionRow) -> PromotionOut:
    fields = {name: getattr(row, name) for name in PromotionOut.model_fields if name != "promotion_id"}
    return PromotionOut(promotion_id=row.id, **fields)
