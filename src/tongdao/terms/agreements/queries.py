"""Reading the freight templates in force, and one template whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Count

from tongdao.foundation.money import Fen
from tongdao.foundation.reading import Asking, ask, read
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.terms.agreements.freight import FreightTerms, Rule, Template
from tongdao.terms.agreements.models import FreightAssignment, FreightRule, FreightTemplate
from tongdao.terms.agreements.operations.drafts import TemplateDraft, draft_of

_IN_USE = """
select id, name, version, volume_divisor, parcel_most_g, is_default, (
  select coalesce(json_agg(json_build_array(prefixes, first_g, first_fee_fen, step_g, step_fee_fen,
    free_from_fen, not_served) order by position), '[]')::text
  from freight_rule rule where rule.merchant_id = template.merchant_id and rule.template_id = template.id)
from freight_template template where merchant_id = %s and archived_at is null
"""
_ASSIGNED = """
select product_id, template_id from freight_assignment where merchant_id = %s and product_id = any(%s)
"""


def read_freight(product_ids: Iterable[UUID]) -> FreightTerms:
    """The templates for these products, in the merchant's scope. Two statements; one without a template."""
    templates = read(ask_templates())
    return read(ask_freight(templates, product_ids))


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates in use, by id, and the one that serves where none is named."""

    by_id: Mapping[UUID, Template]
    default: Template | None


def ask_templates() -> Asking[Templates]:
    """All templates in use."""
    rows = yield from ask(_IN_USE, [current_merchant()])
    found = {row[0]: _template(*row[:5], row[6]) for row in rows}
    return Templates(found, next((found[row[0]] for row in rows if row[5]), None))


def ask_freight(templates: Templates, product_ids: Iterable[UUID]) -> Asking[FreightTerms]:
    """The templates of these products. Nothing is asked while there is no template."""
    if not templates.by_id:
        return FreightTerms()
    pairs = yield from ask(_ASSIGNED, [current_merchant(), list(set(product_ids))])
    return FreightTerms(templates.default, {product: templates.by_id[id] for product, id in pairs})


@lru_cache(maxsize=256)
def _template(
    id: UUID, name: str, version: int, volume_divisor: int, parcel_most_g: int | None, rules: str
) -> Template:
    """Made once for all that is written of it, since every batch of orders reads it again."""
    shapes = [FreightRule(**dict(zip(_RULE, values, strict=True))) for values in json.loads(rules)]
    row = FreightTemplate(
        id=id, name=name, version=version, volume_divisor=volume_divisor, parcel_most_g=parcel_most_g
    )
    return template_of(row, shapes)


_RULE = ("prefixes", "first_g", "first_fee_fen", "step_g", "step_fee_fen", "free_from_fen", "not_served")


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


@dataclass(frozen=True, slots=True)
class TemplateRecord:
    """A template in use as its staff sees it. `product_count`: products that are assigned to it."""

    row: FreightTemplate
    draft: TemplateDraft
    product_count: int


def template_records() -> list[TemplateRecord]:
    """All templates in use, the default first, then by name."""
    rows = list(
        FreightTemplate.objects.filter(archived_at__isnull=True).order_by("-is_default", "name", "id")
    )
    counts = FreightAssignment.objects.values_list("template_id").annotate(Count("id"))
    products = dict(counts)
    rules: dict[UUID, list[FreightRule]] = {row.id: [] for row in rows}
    for rule in FreightRule.objects.filter(template_id__in=list(rules)).order_by("position"):
        rules[rule.template_id].append(rule)
    return [TemplateRecord(row, draft_of(row, rules[row.id]), products.get(row.id, 0)) for row in rows]


def template_record(template_id: UUID) -> TemplateRecord:
    """One template in use. Raises NotFound."""
    found = next((each for each in template_records() if each.row.id == template_id), None)
    if found is None:
        raise NotFound()
    return found


def read_template(template_id: UUID) -> FreightTerms:
    """Terms under which everything is sent under this one template, for trying it. Raises NotFound."""
    row = FreightTemplate.objects.filter(pk=template_id, archived_at__isnull=True).first()
    if row is None:
        raise NotFound()
    return FreightTerms(template_of(row, row.rules.all()))
