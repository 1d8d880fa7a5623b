"""Names of tables and columns for people: what foundation.personal calls by look-ups."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import pgettext_lazy

from tongdao.foundation.money import Fen, format_yuan
from tongdao.rulebook import divisions


def _(text: str) -> Any:
    """Under a context of their own: the same short words mean something else on other pages."""
    return pgettext_lazy("take-out", text)


TABLES: dict[str, Any] = {
    "access_token": _("Programs that were signed in"),
    "after_sale": _("After-sale cases"),
    "after_sale_file": _("Pictures and videos of after-sale cases"),
    "after_sale_item": _("Goods of after-sale cases"),
    "after_sale_word": _("What was said in after-sale cases"),
    "agreement_acceptance": _("Agreements that you accepted"),
    "authenticator": _("Authenticator app"),
    "dispute": _("Disputes before the platform"),
    "dispute_file": _("Pictures and videos of disputes"),
    "dispute_ruling": _("Rulings of the platform"),
    "dispute_statement": _("What was said in disputes"),
    "browser_session": _("Devices that are signed in"),
    "cart_line": _("Cart"),
    "commission_plan": _("Commission plans that you published"),
    "dispatch": _("Orders that you shipped together as staff"),
    "delivery_address": _("Names, numbers and addresses on orders"),
    "erasure": _("Requests to be erased"),
    "export_run": _("Files that you made from lists as staff"),
    "favourite": _("Favourites"),
    "goods_batch": _("Changes of many goods that you made as staff"),
    "identity": _("What you sign in with"),
    "import_run": _("Product files that you imported as staff"),
    "kept_address": _("Address book"),
    "list_choice": _("How you want lists to look as staff"),
    "member": _("Membership of shops"),
    "member_consent": _("What you said yes or no to at shops"),
    "member_facts": _("Sums of what you bought"),
    "member_merge": _("Accounts that became one, at shops"),
    "message": _("Conversations about your orders"),
    "message_file": _("Pictures and videos in these conversations"),
    "notice_choice": _("How you want to be told"),
    "operator_deed": _("What you did for the platform"),
    "order": _("Orders"),
    "order_key": _("Finding your orders by phone"),
    "order_note": _("Notes of staff on your orders"),
    "order_line": _("Goods that you ordered"),
    "parcel": _("Parcels"),
    "passkey": _("Passkeys"),
    "payee": _("How you want to be paid"),
    "payment_attempt": _("Payments"),
    "payout": _("Commission that was paid out to you"),
    "person": _("Account"),
    "person_consent": _("What you said yes or no to"),
    "person_merge": _("Accounts that became one"),
    "platform_operator": _("Work for the platform"),
    "promoter": _("Name as promoter"),
    "promoter_consent": _("Promoter agreements that you accepted"),
    "promoter_grade": _("Your grades as promoter"),
    "promotion_use": _("Offers that you used"),
    "purchase": _("Purchases"),
    "recovery_code": _("Recovery codes"),
    "refund": _("Refunds"),
    "return_parcel": _("Parcels that you sent back"),
    "return_scan": _("Where they were on their way back"),
    "review": _("Reviews, without your name"),
    "review_picture": _("Pictures of your reviews"),
    "saved_filter": _("Filters that you named as staff"),
    "share_link": _("Your links"),
    "staff_invitation": _("Invitations to work for a shop"),
    "staff_member": _("Work for shops"),
    "take_out": _("Copies of your data"),
    "touch": _("Visits through links, without your name"),
    "tracking_event": _("Where parcels were"),
    "transfer": _("Transfers to you"),
}
COLUMNS: dict[str, Any] = {
    "message__at": _("On"),
    "message__talk__order__number": _("Order"),
    "type": _("Kind of file"),
    "bytes": _("Bytes"),
    "act": _("What"),
    "added_at": _("Added on"),
    "age_from": _("Declared age"),
    "agreement__title": _("Agreement"),
    "agreement__version": _("Version"),
    "amount_fen": _("Amount"),
    "answer": _("Seller's answer"),
    "area": _("Place"),
    "asked_at": _("Asked on"),
    "at": _("On"),
    "bank": _("Bank"),
    "bill_no": _("Number of the transfer"),
    "captured_at": _("Paid on"),
    "card": _("Card number"),
    "carrier": _("Carrier"),
    "channel": _("Channel"),
    "channel_no": _("No. at the channel"),
    "checked_at": _("Checked on"),
    "word__aftersale__order__number": _("Order"),
    "word__said_at": _("Said on"),
    "statement__dispute__aftersale__order__number": _("Order"),
    "statement__said_at": _("Said on"),
    "aftersale__order__number": _("Order"),
    "dispute__aftersale__order__number": _("Order"),
    "opened_by": _("Called by"),
    "outcome": _("Ruled for"),
    "ruled_at": _("Ruled on"),
    "claimed_at": _("Begun on"),
    "completed_at": _("Completed on"),
    "confirmed_at": _("Confirmed on"),
    "created_at": _("Made on"),
    "currency": _("Currency"),
    "delivered_at": _("Delivered on"),
    "detail": _("Address"),
    "device": _("Device"),
    "division_code": _("Region"),
    "done_at": _("Done on"),
    "due_at": _("Due on"),
    "effective_from": _("From"),
    "ended_at": _("Ended on"),
    "expires_at": _("Good until"),
    "face": _("Where"),
    "file": _("File"),
    "file_name": _("File"),
    "first_paid_at": _("First paid on"),
    "follow_up": _("Follow-up"),
    "followed_up_at": _("Followed up on"),
    "for_whom": _("For"),
    "freight_fen": _("Freight"),
    "from_fen": _("Price then"),
    "given": _("Yes or no"),
    "goods_fen": _("Goods"),
    "grade": _("Grade"),
    "granted_at": _("Since"),
    "id": _("No."),
    "is_default": _("Default"),
    "joined_at": _("Since"),
    "kept_at": _("Kept on"),
    "kind": _("Kind"),
    "last_paid_at": _("Last paid on"),
    "left_at": _("Until"),
    "line__title": _("Goods"),
    "listed_occupation": _("Listed occupation"),
    "merged_at": _("Joined on"),
    "name": _("Name"),
    "noun": _("List"),
    "number": _("No."),
    "off_fen": _("Saved"),
    "opened_at": _("Opened on"),
    "option_text": _("Choice"),
    "order__number": _("Order"),
    "orders": _("Orders"),
    "orders_paid": _("Paid orders"),
    "paid_at": _("Paid on"),
    "paid_fen": _("Amount paid"),
    "policies__consented": _("You gave up returning it without a reason"),
    "part": _("Part"),
    "parted_at": _("Parted on"),
    "payee": _("Account at WeChat"),
    "phone": _("Phone"),
    "placed_at": _("Placed on"),
    "product__title": _("Product"),
    "promotion__title": _("Offer"),
    "proof": _("Number at the bank"),
    "proposed_at": _("Proposed on"),
    "published_at": _("Published on"),
    "purpose": _("Purpose"),
    "quantity": _("Quantity"),
    "ready_at": _("Ready on"),
    "real_name": _("Real name"),
    "reason": _("Reason"),
    "recipient": _("Recipient"),
    "refund_no": _("No."),
    "refunded": _("Given back"),
    "refunded_fen": _("Refunded"),
    "requested_at": _("Asked on"),
    "review__line__title": _("Goods"),
    "revoked_at": _("Ended on"),
    "role": _("Role"),
    "said_at": _("Said on"),
    "sales_fen": _("Own sales"),
    "saved_at": _("Kept on"),
    "scanned_at": _("On"),
    "seen_at": _("Last seen on"),
    "settled_at": _("Settled on"),
    "shipped_at": _("Shipped on"),
    "shown_name": _("Name"),
    "sku__product__title": _("Product"),
    "stars": _("Stars"),
    "side": _("Written by"),
    "state": _("State"),
    "succeeded_at": _("Arrived on"),
    "talk__order__number": _("Order"),
    "text": _("Text"),
    "title": _("Goods"),
    "token": _("Link"),
    "total_fen": _("Total"),
    "trade_no": _("No."),
    "undone_at": _("Undone on"),
    "units": _("Units"),
    "used_at": _("Used on"),
    "valid_from": _("From"),
    "valid_to": _("Until"),
    "value": _("Value"),
    "verified_at": _("Proven on"),
    "version": _("Version"),
    "wanted": _("Yes or no"),
    "way": _("By which way"),
    "waybill_no": _("Waybill"),
    "parcel__waybill_no": _("Waybill"),
    "written_at": _("Written on"),
}
VALUES: dict[str, Any] = {
    "asked": _("asked for"),
    "browser": _("browser"),
    "buyer": _("the buyer"),
    "cancelled": _("cancelled"),
    "captured": _("paid"),
    "closed": _("closed"),
    "completed": _("completed"),
    "delivered": _("delivered"),
    "email": _("e-mail"),
    "paid": _("paid"),
    "phone": _("mobile number"),
    "placed": _("placed"),
    "promoter": _("the promoter"),
    "ready": _("ready"),
    "staff": _("the shop"),
    "shown": _("shown"),
    "succeeded": _("arrived"),
    "taken_down": _("taken down"),
    "wechat": _("WeChat"),
}
"""Codes that people meet most; others are shown as they are."""
LAWS: dict[str, Any] = {
    "retention.accounting": _("accounting archives: 30 years"),
    "retention.identity": _("E-Commerce Law: 3 years"),
    "retention.invoices": _("invoice law: 5 years"),
    "retention.logs": _("Cybersecurity Law Art. 21: 6 months"),
    "retention.rule_versions": _("E-Commerce Law: 3 years"),
    "retention.tax_papers": _("tax law: 10 years"),
    "retention.trade_records": _("E-Commerce Law Art. 31: 3 years"),
}


def title_of(table: str) -> str:
    return str(TABLES[table])


def label_of(column: str) -> str:
    return str(COLUMNS[column])


def laws_of(names: tuple[str, ...]) -> str:
    """The laws that keep something, in words; without one it stays because it names nobody."""
    told = list(dict.fromkeys(str(LAWS[name]) for name in names))
    return " · ".join(told) if told else now("it names nobody any more")


def shown(column: str, value: object) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return "—"
    if column.endswith("_fen") and isinstance(value, int):
        return format_yuan(Fen(value)) if value >= 0 else str(value)
    if column.endswith("division_code"):
        return _region(str(value))
    if isinstance(value, bool):
        return now("yes") if value else now("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    code = column.rpartition("__")[2] in ("state", "kind", "side")
    return str(VALUES.get(str(value), value) if code else value)


def _region(code: str) -> str:
    try:
        return divisions.full_name(code)
    except divisions.UnknownDivision:
        return code
