from tongdao.terms.promotions.queries.deals import (
    CouponTag,
    Deal,
    Deals,
    GiftTag,
    deals,
    flash_sales,
)
from tongdao.terms.promotions.queries.groups import (
    GroupView,
    Waiting,
    group_view,
    groups_awaited,
    open_groups,
    orders_of_dissolved,
    waiting_orders,
    waiting_seats,
)
from tongdao.terms.promotions.queries.holding import HeldCoupon, Standing, coupons_for
from tongdao.terms.promotions.queries.listing import (
    Phase,
    PromotionRow,
    Used,
    promotion_list,
    promotion_record,
    uses_of,
)
from tongdao.terms.promotions.queries.offering import OfferBook, ask_offers, ask_used, read_offers

__all__ = [
    "CouponTag",
    "Deal",
    "Deals",
    "GiftTag",
    "GroupView",
    "HeldCoupon",
    "OfferBook",
    "Phase",
    "PromotionRow",
    "Standing",
    "Used",
    "Waiting",
    "ask_offers",
    "ask_used",
    "coupons_for",
    "deals",
    "flash_sales",
    "group_view",
    "groups_awaited",
    "open_groups",
    "orders_of_dissolved",
    "promotion_list",
    "promotion_record",
    "read_offers",
    "uses_of",
    "waiting_orders",
    "waiting_seats",
]
