"""Codes in the words of the desk: states, roles, entrances, accounts, promotions, reviews."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongdao.faces.kit.shapes import Tone
from tongdao.finance.ledger.chart import AccountRef
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.permissions import Rights
from tongdao.terms.promotions.models import Kind

ROLES: dict[Role, tuple[Promise, Promise]] = {
    Role.OWNER: (_("Owner"), _("Everything, staff and accounts included")),
    Role.OPERATIONS: (_("Operations"), _("Goods, orders, shipping, links and promoters")),
    Role.SERVICE: (_("Service"), _("Looks after buyers: sees orders and addresses, cancels for a buyer")),
    Role.FINANCE: (_("Finance"), _("Books and refunds, and sees orders")),
    Role.READ_ONLY: (_("Read only"), _("Sees goods and orders, changes nothing")),
}

ORDER_STATES: dict[str, tuple[Promise, Tone]] = {
    "placed": (_("To be paid"), "waiting"),
    "paid": (_("Paid"), ""),
    "completed": (_("Completed"), "success"),
    "closing": (_("Closing"), "waiting"),
    "closed": (_("Closed"), ""),
    "cancelled": (_("Cancelled"), ""),
}

PARCEL_STATES: dict[str, tuple[Promise, Tone]] = {
    "requested": (_("Waybill asked for"), "waiting"),
    "shipped": (_("Shipped"), ""),
    "cancelling": (_("Is taken back"), "waiting"),
    "in_transit": (_("On its way"), ""),
    "delivered": (_("Delivered"), "success"),
    "void": (_("Void"), "error"),
}

REFUND_STATES: dict[str, tuple[Promise, Tone]] = {
    "requested": (_("To be sent"), "waiting"),
    "accepted": (_("At the channel"), "waiting"),
    "succeeded": (_("Paid back"), "success"),
    "failed": (_("Held up"), "error"),
}

IMPORT_STATES: dict[str, tuple[Promise, Tone]] = {
    "queued": (_("Waiting"), "waiting"),
    "running": (_("Running"), "waiting"),
    "done": (_("Imported"), "success"),
    "failed": (_("Failed"), "error"),
    "undoing": (_("Being undone"), "waiting"),
    "undone": (_("Undone"), ""),
}

EXPORT_STATES: dict[str, tuple[Promise, Tone]] = {
    "queued": (_("Waiting"), "waiting"),
    "running": (_("Running"), "waiting"),
    "done": (_("Ready"), "success"),
    "failed": (_("Failed"), "error"),
    "cancelled": (_("Cancelled"), ""),
    "expired": (_("No longer kept"), ""),
}

REFUND_REASONS: dict[str, Promise] = {
    "cancelled": _("Order cancelled"),
    "late_payment": _("Paid after the order was closed"),
    "double_payment": _("Paid twice"),
    "group_dissolved": _("Its group did not form"),
    "partly": _("Part of an order"),
    "refunded": _("What was left of an order"),
}

GIVE_BACK_REASONS: dict[str, Promise] = {
    "damaged": _("Arrived damaged"),
    "missing": _("Something was missing"),
    "wrong_item": _("Another item arrived"),
    "quality": _("Not as described"),
    "too_late": _("Arrived too late"),
    "agreed": _("Agreed with the buyer"),
    "other": _("Another reason"),
}

FREIGHT_RULES: dict[str, Promise] = {
    "none": _("No freight"),
    "share": _("Their share of the freight"),
    "rest": _("All freight that is left"),
}

CANCEL_REASONS: dict[str, Promise] = {
    "changed_mind": _("The buyer changed their mind"),
    "wrong_item": _("Wrong item ordered"),
    "wrong_address": _("Wrong address"),
    "too_slow": _("Takes too long"),
    "other": _("Another reason"),
    "group_dissolved": _("Its group did not form"),
}

CHANNELS: dict[str, Promise] = {
    "direct": _("Direct"),
    "moments": _("WeChat Moments"),
    "chat": _("WeChat chat"),
    "qzone": _("Qzone"),
    "weibo": _("Weibo"),
    "article": _("Article"),
    "forum": _("Forum"),
    "video": _("Video"),
    "poster": _("Poster"),
    "outlet": _("Outlet"),
}

SHARES: dict[str, Promise] = {
    "seller": _("Yours"),
    "promoter": _("Promoter's commission"),
    "channel_fee": _("Payment channel"),
}

ACCOUNTS: dict[str, tuple[Promise, Promise]] = {
    "external.buyer": (_("Buyers"), _("What came in from buyers, less what went back")),
    "external.payee": (_("Paid out to others"), _("Has reached those who were owed it")),
    "buyer_funds": (_("Payments not yet shared out"), _("Paid, and not yet anybody's share")),
    "held.seller": (_("Held for the seller"), _("Yours once the goods can no longer be given back")),
    "held.promoter": (
        _("Held for a promoter"),
        _("Commission until the goods can no longer be given back"),
    ),
    "released.seller": (_("Due to the seller"), _("Yours")),
    "released.promoter": (_("Due to a promoter"), _("Commission earned")),
    "claimed.promoter": (_("Being paid out"), _("Taken by a payout that is under way")),
    "owed_back.promoter": (_("Owed back by a promoter"), _("Paid out for goods given back later")),
    "channel_fee": (_("Payment channel's fee"), _("Kept by the payment channel")),
    "tax_withheld": (_("Tax withheld"), _("Kept back from payouts for the tax office")),
    "platform_fee": (_("Platform's fee"), _("What the platform asks for its part")),
    "coupon_cost": (_("Discounts borne by others"), _("What others than the seller put in")),
    "refund_due": (_("Refunds on their way"), _("Promised back to buyers and not yet there")),
}

MOVES: dict[str, Promise] = {
    "payment": _("Payment received"),
    "capture": _("Shared out"),
    "release": _("Released"),
    "refund": _("Promised back"),
    "refunded": _("Paid back"),
    "reversal": _("Taken back"),
    "given_back": _("Shares given back"),
    "payout": _("Paid out"),
}

PROMOTION_KINDS: dict[str, tuple[Promise, Promise, str]] = {
    Kind.COUPON: (
        _("Coupon"),
        _("An amount or a percentage off, for everybody or for who knows its code"),
        "tag",
    ),
    Kind.FLASH: (
        _("Flash sale"),
        _("One item at a lower price for a while, with a quota of its own"),
        "waiting",
    ),
    Kind.GROUP_BUY: (
        _("Group buy"),
        _("A lower price for buyers who fill a group in time; else all get their money back"),
        "people",
    ),
    Kind.GIFT: (
        _("Gift"),
        _("Something on top with orders above an amount, while it lasts"),
        "box",
    ),
}
"""Name, what it is, and its icon."""

PROMOTION_PHASES: dict[str, tuple[Promise, Tone]] = {
    "scheduled": (_("Coming"), "waiting"),
    "running": (_("Running"), "success"),
    "used_up": (_("Used up"), "waiting"),
    "ended": (_("Over"), ""),
    "stopped": (_("Stopped"), "error"),
}

REVIEW_STATES: dict[str, tuple[Promise, Tone]] = {
    "shown": (_("Shown"), "success"),
    "folded": (_("Folded"), "waiting"),
    "taken_down": (_("Taken down by law"), "error"),
}


def role_name(role: str) -> str:
    """Of a role of the house; one of the merchant's own has a name of its own."""
    return str(ROLES[Role(role)][0]) if role else str(_("A role of its own"))


def rights_name(rights: Rights) -> str:
    return role_name(rights.role) if rights.role else rights.label


def state(table: dict[str, tuple[Promise, Tone]], code: str) -> tuple[str, Tone]:
    """(words, tone); a code that is new here is shown as it is."""
    words, tone = table.get(code, (code, ""))
    return str(words), tone  # type: ignore[return-value]  # the default's tone is the literal ""


def account_name(account: AccountRef) -> str:
    words = ACCOUNTS.get(account.kind)
    return str(words[0]) if words else account.kind
