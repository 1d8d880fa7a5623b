"""Freight of an order: pure, whole integers, the same for every order of the items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from uuid import UUID

from tongdao.foundation.money import Fen, split
from tongdao.terms.agreements.freight.packing import Load, pack
from tongdao.terms.agreements.freight.shapes import (
    FreightItem,
    FreightQuote,
    FreightTerms,
    ParcelQuote,
    Rule,
    Template,
)

MOST_FEN = Fen(100_000_000)
"""A parcel never costs more than a million yuan, whatever was typed: sums fit the database."""

NO_TEMPLATE = "freight:none"


def freight(items: Sequence[FreightItem], division_code: str | None, templates: FreightTerms) -> FreightQuote:
    """What it costs to send `items` to a division (GB/T 2260, six digits).

    Items of one template travel together, in parcels of their own, and reach `free_from_fen` together.
    Items that need no shipping and items without a template cost nothing. Without an address (None) the total
    is what every region served would pay if they all pay the same, otherwise None: tell it with the address.
    """
    groups = _by_template(items, templates)
    version = _version(template for template, _ in groups)
    if division_code is None:
        return _anywhere(groups, version)
    parcels: list[ParcelQuote] = []
    unserved: list[UUID] = []
    shares: dict[UUID, Fen] = {}
    for template, group in groups:
        rule = template.rule_for(division_code)
        if rule is None:
            unserved += sorted({item.sku_id for item in group})
            continue
        priced = _parcels(template, rule, group)
        parcels += priced
        shares |= _shares(template, group, _total(priced))
    return FreightQuote(_total(parcels), tuple(parcels), tuple(unserved), version, shares)


def _anywhere(groups: list[tuple[Template, list[FreightItem]]], version: str) -> FreightQuote:
    total, shares = 0, dict[UUID, Fen]()
    for template, group in groups:
        fees = {_total(_parcels(template, rule, group)) for rule in template.served()}
        if len(fees) != 1:
            return FreightQuote(None, (), (), version)
        (fee,) = fees
        total += fee
        shares |= _shares(template, group, fee)
    return FreightQuote(Fen(total), (), (), version, shares)


def _by_template(
    items: Iterable[FreightItem], templates: FreightTerms
) -> list[tuple[Template, list[FreightItem]]]:
    """What is to be sent, by template, in the order of the templates' ids; free goods are left out."""
    groups: dict[UUID, tuple[Template, list[FreightItem]]] = {}
    for item in items:
        template = templates.of(item.product_id)
        if template is not None and item.requires_shipping and item.quantity > 0:
            groups.setdefault(template.template_id, (template, []))[1].append(item)
    return [groups[key] for key in sorted(groups)]


def _parcels(template: Template, rule: Rule, group: list[FreightItem]) -> list[ParcelQuote]:
    goods = sum(item.goods_fen for item in group)
    free = rule.free_from_fen is not None and goods >= rule.free_from_fen
    return [_parcel(template, rule, load, free) for load in pack(group, template)]


def _parcel(template: Template, rule: Rule, load: Load, free: bool) -> ParcelQuote:
    weight = template.chargeable_g(load.weight_g, load.volume_cm3)
    steps = max(0, -(-(weight - rule.first_g) // rule.step_g))
    fee = 0 if free else min(rule.first_fee_fen + steps * rule.step_fee_fen, MOST_FEN)
    return ParcelQuote(template.template_id, weight, Fen(fee), load.count)


def _total(parcels: Iterable[ParcelQuote]) -> Fen:
    return Fen(sum(parcel.fee_fen * parcel.count for parcel in parcels))


def _shares(template: Template, group: list[FreightItem], fee: Fen) -> dict[UUID, Fen]:
    """A template's fee over its own items, by chargeable weight; by units where nothing weighs anything."""
    rows = sorted(group, key=lambda item: item.sku_id)
    weights = [template.chargeable_g(item.weight_g, item.volume_cm3) * item.quantity for item in rows]
    parts = split(fee, weights if any(weights) else [item.quantity for item in rows])
    shares: dict[UUID, Fen] = {}
    for item, part in zip(rows, parts, strict=True):
        shares[item.sku_id] = Fen(shares.get(item.sku_id, 0) + part)
    return shares


def _version(used: Iterable[Template]) -> str:
    """A short name of the templates used, each in its version."""
    names = "+".join(f"{template.template_id}@{template.version}" for template in used)
    return f"freight:{sha256(names.encode()).hexdigest()[:16]}" if names else NO_TEMPLATE
