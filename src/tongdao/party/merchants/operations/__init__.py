from tongdao.party.merchants.operations.accounts import connect_account, current_account, current_fee_bps
from tongdao.party.merchants.operations.opening import open_merchant
from tongdao.party.merchants.operations.staff import add_staff, change_role, remove_staff

__all__ = [
    "add_staff",
    "change_role",
    "connect_account",
    "current_account",
    "current_fee_bps",
    "open_merchant",
    "remove_staff",
]
