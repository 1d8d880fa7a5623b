"""What rules of a commission plan are for, and what they pay, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tongdao.faces.kit.money_text import percent, yuan
from tongdao.faces.lists.company_words import GOODS
from tongdao.faces.lists.words import CHANNELS
from tongdao.goods.catalog.models import Product, Sku
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.queries import rule_named, rules_named

Titles = Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule: what it is for, and what it pays."""

    about: str
    pays: str


def rule_words(rules: Sequence[Rule]) -> list[RuleWords]:
    """Of the rules in their order; goods by their titles. In the merchant's scope."""
    titles = _titles(rules)
    return [
        RuleWords(capfirst(_about(rule, titles)) or _all_goods(position), pays(rule))
        for position, rule in enumerate(rules, 1)
    ]


def _all_goods(position: int) -> str:
    return _("All other goods") if position > 1 else _("All goods")


def grade_words(grades: Sequence[Grade]) -> list[str]:
    """What each grade takes, easiest first."""
    return [_grade(grade) for grade in grades]


def _grade(grade: Grade) -> str:
    told = _("%(name)s: own sales to others of ¥%(sum)s in 90 days") % {
        "name": grade.name,
        "sum": yuan(grade.least_fen),
    }
    if grade.most_refunded_bps == 10_000:
        return told
    return _("%(grade)s, at most %(rate)s%% of the orders given back") % {
        "grade": told,
        "rate": percent(grade.most_refunded_bps),
    }


def pays(rule: Rule) -> str:
    """ "12.5%, at least ¥1.00 a piece"."""
    if rule.unit_fen is not None:
        parts = [_("¥%(sum)s a piece") % {"sum": yuan(rule.unit_fen)}]
    else:
        parts = [f"{percent(rule.rate_bps or 0)}%"]
    if rule.least_fen is not None:
        parts.append(_("at least ¥%(sum)s a piece") % {"sum": yuan(rule.least_fen)})
    if rule.most_fen is not None:
        parts.append(_("at most ¥%(sum)s a piece") % {"sum": yuan(rule.most_fen)})
    if rule.budget_fen is not None:
        parts.append(_("while a budget lasts"))
    if rule.pays_own:
        parts.append(_("own orders too"))
    return _(", ").join(parts)


def frozen_words(names: Collection[str]) -> dict[str, str]:
    """Of what order lines froze, such as "plan:3.2": which rule of which version, and what it pays."""
    words, rules = _("plan %(version)d, rule %(rule)d: %(pays)s"), rules_named(names)
    return {
        name: words % {"version": place[0], "rule": place[1], "pays": pays(rules[name])}
        for name in rules
        for place in [rule_named(name)]
    }


def _titles(rules: Sequence[Rule]) -> Titles:
    products = Product.objects.filter(pk__in={rule.product_id for rule in rules if rule.product_id})
    titles = dict(products.values_list("id", "title"))
    skus = Sku.objects.filter(pk__in={rule.sku_id for rule in rules if rule.sku_id})
    for id, title, options in skus.values_list("id", "product__title", "option_values"):
        titles[id] = " · ".join([title, *options])
    return titles


def _about(rule: Rule, titles: Titles) -> str:
    """All that has to hold, one after another; empty for a rule that always does."""
    parts = [titles.get(id, _("goods that are gone")) for id in (rule.product_id, rule.sku_id) if id]
    if rule.category:
        parts.append(str(GOODS.get(rule.category, rule.category)))
    if rule.channel:
        place = str(CHANNELS.get(rule.channel, rule.channel))
        parts.append(_("by a link in %(place)s") % {"place": place})
    if rule.grade:
        parts.append(_("grade %(grade)s") % {"grade": rule.grade})
    if rule.starts_at:
        parts.append(_("from %(when)s") % {"when": _moment(rule.starts_at)})
    if rule.ends_at:
        parts.append(_("until %(when)s") % {"when": _moment(rule.ends_at)})
    return _(", ").join(parts)


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
