from tongdao.terms.promotions.operations.changing import change_promotion, stop_promotion
from tongdao.terms.promotions.operations.creating import (
    create_coupon,
    create_flash_sale,
    create_gift,
    create_group_buy,
)
from tongdao.terms.promotions.operations.groups import SeatsPaid, dissolve_group, seats_paid, sweep_groups
from tongdao.terms.promotions.operations.returning import return_uses

__all__ = [
    "SeatsPaid",
    "change_promotion",
    "create_coupon",
    "create_flash_sale",
    "create_gift",
    "create_group_buy",
    "dissolve_group",
    "return_uses",
    "seats_paid",
    "stop_promotion",
    "sweep_groups",
]
