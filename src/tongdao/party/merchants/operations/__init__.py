from tongdao.party.merchants.operations.accounts import connect_account, current_account
from tongdao.party.merchants.operations.agreements import accept_agreement, publish_agreement
from tongdao.party.merchants.operations.brands import add_brand, rename_brand
from tongdao.party.merchants.operations.company import confirm_company, set_company
from tongdao.party.merchants.operations.invitations import (
    accept_invitation,
    find_invitation,
    invite_staff,
    open_invitation,
    revoke_invitation,
)
from tongdao.party.merchants.operations.licences import add_licence, licence_settled, withdraw_licence
from tongdao.party.merchants.operations.opening import open_merchant
from tongdao.party.merchants.operations.pages import add_page, edit_page, remove_page
from tongdao.party.merchants.operations.payouts import set_payout_minimum
from tongdao.party.merchants.operations.roles import archive_role, create_role, edit_role, role_named
from tongdao.party.merchants.operations.staff import add_staff, change_role, remove_staff
from tongdao.party.merchants.operations.storefronts import edit_storefront
from tongdao.party.merchants.operations.suspending import ask_selling, resume_merchant, suspend_merchant
from tongdao.party.merchants.operations.wechat import connect_wechat, share_ticket, sign_in_app, wechat_app

__all__ = [
    "accept_agreement",
    "accept_invitation",
    "add_brand",
    "add_licence",
    "add_page",
    "add_staff",
    "archive_role",
    "ask_selling",
    "change_role",
    "confirm_company",
    "connect_account",
    "connect_wechat",
    "create_role",
    "current_account",
    "edit_page",
    "edit_role",
    "edit_storefront",
    "find_invitation",
    "invite_staff",
    "licence_settled",
    "open_invitation",
    "open_merchant",
    "publish_agreement",
    "remove_page",
    "remove_staff",
    "rename_brand",
    "resume_merchant",
    "revoke_invitation",
    "role_named",
    "set_company",
    "set_payout_minimum",
    "share_ticket",
    "sign_in_app",
    "suspend_merchant",
    "wechat_app",
    "withdraw_licence",
]
