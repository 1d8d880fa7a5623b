"""The console's navigation as data. What a role may not see is not in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongdao.faces.kit.shapes import NavGroup, NavItem
from tongdao.party.merchants.permissions import Permission

Entry = tuple[str, Promise, str, Permission]
MENU: tuple[tuple[Promise | str, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            ("home", _("Today"), "home", "orders.read"),
            ("orders", _("Orders"), "order", "orders.read"),
            ("to_ship", _("To ship"), "truck", "orders.read"),
            ("talks", _("Conversations"), "service", "orders.read"),
            ("cases", _("After-sale"), "return", "orders.read"),
            ("members", _("Members"), "people", "members.read"),
            ("reviews", _("Reviews"), "leaf", "reviews.read"),
        ),
    ),
    (
        _("Goods"),
        (
            ("products", _("Products"), "box", "goods.read"),
            ("stocks", _("Stock"), "box", "goods.read"),
            ("batches", _("Bulk changes"), "tag", "goods.read"),
            ("imports", _("Import"), "plus", "goods.edit"),
        ),
    ),
    (
        _("Reach"),
        (
            ("promotions", _("Promotions"), "leaf", "promotions.read"),
            ("links", _("Links"), "share", "links.create"),
            ("promoters", _("Promoters"), "people", "promoters.manage"),
            ("plan", _("Commission"), "tag", "promoters.manage"),
        ),
    ),
    (
        _("Money"),
        (
            ("money", _("Books"), "money", "money.read"),
            ("commissions", _("Commissions"), "tag", "money.read"),
            ("payout_batches", _("Payouts"), "money", "money.read"),
            ("refunds", _("Refunds"), "return", "money.read"),
        ),
    ),
    (
        _("Shop"),
        (
            ("staff", _("Staff"), "me", "staff.manage"),
            ("channels", pgettext_lazy("money and parcels", "Accounts"), "shield", "channels.connect"),
            ("freight", _("Freight"), "box", "store.edit"),
            ("settings", _("Settings"), "settings", "store.edit"),
        ),
    ),
    (
        _("Company"),
        (
            ("company", _("Company"), "home", "company.edit"),
            ("licences", _("Licences"), "shield", "company.edit"),
            ("agreements", _("Agreements"), "tag", "company.edit"),
            ("changes", _("Changes"), "search", "events.read"),
            ("jobs", _("Jobs"), "waiting", "lists.export"),
        ),
    ),
)


def groups(
    may: Callable[[Permission], bool],
    url: Callable[[str], str],
    section: str,
    counts: Mapping[str, int] | None = None,
) -> list[NavGroup]:
    """Groups that have at least one place this role may go to. `counts`: what waits there, by place."""
    waiting = counts or {}
    shown = [
        NavGroup(
            str(label),
            [
                NavItem(url(name), str(text), icon, name == section, waiting.get(name) or None)
                for name, text, icon, need in entries
                if may(need)
            ],
        )
        for label, entries in MENU
    ]
    return [group for group in shown if group.entries]
