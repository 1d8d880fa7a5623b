"""The tenant, a legal company, and what it owns: brands, storefronts, staff, papers, payment accounts."""

from tongdao.party.merchants.models.account import MerchantAccount
from tongdao.party.merchants.models.company import Brand, CompanyProfile, Merchant
from tongdao.party.merchants.models.domain import ShopDomain
from tongdao.party.merchants.models.kept import KeptText
from tongdao.party.merchants.models.papers import (
    AgreementAcceptance,
    AgreementKind,
    AgreementVersion,
    Licence,
)
from tongdao.party.merchants.models.payouts import PayoutMinimum
from tongdao.party.merchants.models.staff import Role, StaffInvitation, StaffMember, StaffRole
from tongdao.party.merchants.models.storefront import Storefront, StorefrontPage
from tongdao.party.merchants.models.suspension import Suspension, SuspensionReason
from tongdao.party.merchants.models.wechat import WechatApp, WechatKind

__all__ = [
    "AgreementAcceptance",
    "AgreementKind",
    "AgreementVersion",
    "Brand",
    "CompanyProfile",
    "KeptText",
    "Licence",
    "Merchant",
    "MerchantAccount",
    "PayoutMinimum",
    "Role",
    "ShopDomain",
    "StaffInvitation",
    "StaffMember",
    "StaffRole",
    "Storefront",
    "StorefrontPage",
    "Suspension",
    "SuspensionReason",
    "WechatApp",
    "WechatKind",
]
