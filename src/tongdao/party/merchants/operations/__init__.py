from tongdao.party.merchants.operations.accounts import ask_fee_bps, connect_account, current_account
from tongdao.party.merchants.operations.opening import open_merchant
from tongdao.party.merchants.operations.staff import add_staff, change_role, remove_staff

__all__ = [
    "add_staff",
    "ask_fee_bps",
    "change_role",
    "connect_account",
    "current_account",
    "open_merchant",
    "remove_staff",
]
