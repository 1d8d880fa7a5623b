"""Reading the freight templates in force, and one template whole."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.terms.agreements.freight import FreightTerms, Rule, Template
from tongdao.terms.agreements.models import FreightAssignment, FreightRule, FreightTemplate


def read_freight(product_ids: Iterable[UUID]) -> FreightTerms:
    """The templates for these products, in the merchant's scope. Three queries; one without a template."""
    rows = list(FreightTemplate.objects.filter(archived_at__isnull=True))
    if not rows:
        return FreightTerms()
    templates = _templates(rows)
    default = next((templates[row.id] for row in rows if row.is_default), None)
    pairs = FreightAssignment.objects.filter(product_id__in=set(product_ids))
    assigned = dict(pairs.values_list("product_id", "template_id"))
    return FreightTerms(default, {product: templates[id] for product, id in assigned.items()})


def _templates(rows: list[FreightTemplate]) -> dict[UUID, Template]:
    rules: dict[UUID, list[FreightRule]] = {row.id: [] for row in rows}
    for rule in FreightRule.objects.filter(template_id__in=list(rules)):
        rules[rule.template_id].append(rule)
    return {row.id: template_of(row, rules[row.id]) for row in rows}


def template_of(row: FreightTemplate, rules: Iterable[FreightRule]) -> Template:
    """The template as freight is reckoned with it."""
    regions: dict[str, Rule] = {}
    elsewhere: Rule | None = None
    for rule in rules:
        shape = _rule(rule)
        regions |= dict.fromkeys(rule.prefixes, shape)
        elsewhere = elsewhere if rule.prefixes else shape
    return Template(
        template_id=row.id,
        name=row.name,
        version=row.version,
        volume_divisor=row.volume_divisor,
        parcel_most_g=row.parcel_most_g,
        regions=regions,
        elsewhere=elsewhere,
    )


def _rule(row: FreightRule) -> Rule:
    return Rule(
        first_g=row.first_g,
        first_fee_fen=Fen(row.first_fee_fen),
        step_g=row.step_g,
        step_fee_fen=Fen(row.step_fee_fen),
        free_from_fen=None if row.free_from_fen is None else Fen(row.free_from_fen),
        not_served=row.not_served,
    )
