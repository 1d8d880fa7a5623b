"""Merging in words: what comes along, in numbers, and how it came to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.party.people.models import PersonMerge

TABLES = {
    "order": gettext_lazy("Orders"),
    "refund": gettext_lazy("Refunds"),
    "review": gettext_lazy("Reviews"),
    "kept_address": gettext_lazy("Addresses"),
    "favourite": gettext_lazy("Favourites"),
    "cart_line": gettext_lazy("Goods in carts"),
    "promoter": gettext_lazy("Shops recommended for"),
    "staff_member": gettext_lazy("Shops worked for"),
}
"""What a buyer knows by name, by table; everything else comes along as well."""


def brought(counts: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    """The lines of a preview: name and number."""
    return [(str(label), counts[table]) for table, label in TABLES.items() if counts.get(table)]


def named_merge(merge: PersonMerge) -> str:
    if merge.reason == "guest_signed_in":
        return _("Ordered in this or another browser before signing in")
    if merge.merchant_id is not None:
        return _("A shop says that this account is yours, too")
    return _("An account that you added")
