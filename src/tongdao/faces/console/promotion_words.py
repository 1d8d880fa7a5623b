"""Promotions in words and numbers: kinds, states, single rules, and what all of them together do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongdao.faces.console.words import PROMOTION_KINDS as KINDS
from tongdao.faces.kit.money_text import percent, yuan


def kind_name(kind: str) -> str:
    return str(KINDS[kind][0])


def moment(value: datetime | str) -> str:
    at = parse_datetime(value) if isinstance(value, str) else value
    return date_format(localtime(at), "Y-m-d H:i") if at else str(value)


def _money(value: int) -> str:
    return f"¥{yuan(value)}"


def _percent(value: int) -> str:
    return f"{percent(value)}%"


def _goods(value: object) -> str:
    many = len(value) if isinstance(value, list | tuple) else 0
    if not many:
        return _("all goods")
    return ngettext("%(count)d product", "%(count)d products", many) % {"count": many}


def _yes(value: object) -> str:
    return _("yes") if value else _("no")


RULES: Mapping[str, tuple[Promise, Callable[[Any], str]]] = {
    "title": (gettext_lazy("Title"), str),
    "price_fen": (gettext_lazy("Price"), _money),
    "off_fen": (gettext_lazy("Amount off"), _money),
    "off_bps": (gettext_lazy("Percentage off"), _percent),
    "most_off_fen": (gettext_lazy("At most off"), _money),
    "threshold_fen": (gettext_lazy("For goods from"), _money),
    "gift_units": (gettext_lazy("Units given"), str),
    "group_size": (gettext_lazy("Buyers in a group"), str),
    "group_hours": (gettext_lazy("Hours to fill it"), str),
    "product_ids": (gettext_lazy("Holds for"), _goods),
    "stacks": (gettext_lazy("Together with other coupons"), _yes),
    "on_reduced": (gettext_lazy("Also on reduced goods"), _yes),
    "per_member": (gettext_lazy("A person at most"), str),
    "quota": (gettext_lazy("In all at most"), str),
    "starts_at": (gettext_lazy("Begins"), moment),
    "ends_at": (gettext_lazy("Ends"), moment),
}


def changed_rules(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """One line for each rule that differs: its name, what it was, what it is."""
    names = [name for name in RULES if name in old or name in new]
    return [
        f"{RULES[name][0]}: {rule_text(name, old.get(name))} → {rule_text(name, new.get(name))}"
        for name in names
        if old.get(name) != new.get(name)
    ]


def rule_text(name: str, value: object) -> str:
    if value is None:
        return _("no limit") if name in ("per_member", "quota", "most_off_fen") else "—"
    return RULES[name][1](value)
