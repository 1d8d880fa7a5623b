"""Which SKU a variant of the file is: by its code if it has one, else by its options, else a new one."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from tongdao.goods.catalog.importing import ParsedProduct, ParsedVariant
from tongdao.goods.catalog.models import ProductImage, Sku
from tongdao.goods.catalog.operations.pricing import MOST_FEN
from tongdao.goods.intake.holding import Held
from tongdao.goods.intake.plans import Priced, ProductPlan, assign, is_others
from tongdao.goods.intake.problems import Problem
from tongdao.goods.inventory.operations.count import MOST_UNITS

KEY_BYTES_MAX = 2000  # what an index of the database holds
SEPARATOR = "\x1f"

Matched = list[tuple[ParsedVariant, Sku | None]]


def plan_skus(
    plan: ProductPlan,
    parsed: ParsedProduct,
    held: Held,
    images: Mapping[str, ProductImage],
    owners: Mapping[str, str],
    currency: str,
) -> None:
    """Decide each SKU of the product; variants that cannot go in are reported and left out."""
    fit = [variant for variant in parsed.variants if _fits(plan, variant, owners)]
    matched = _without_clashes(plan, _match(fit, held), held)
    for position, (variant, sku) in enumerate(matched, 1):
        is_new = sku is None
        row = sku or Sku(product=plan.product, currency=currency, price_fen=variant.price, position=position)
        _fill(plan, row, variant, position, images, is_new)
        _plan_stock(plan, row, variant)
    kept = {sku.id for sku in held.skus} - {sku.id for _, sku in matched if sku}
    _withdraw(plan, parsed, [sku for sku in held.skus if sku.id in kept])
    if plan.is_new and not matched:
        plan.left_out = True
        plan.problems.append(Problem(parsed.line, "", "no_sku_left", {"value": parsed.handle[:40]}))


def option_key(values: tuple[str, ...]) -> str:
    return SEPARATOR.join(values)


def _fits(plan: ProductPlan, variant: ParsedVariant, owners: Mapping[str, str]) -> bool:
    problem = None
    if max(variant.price, variant.compare_at or 0) > MOST_FEN:
        problem = Problem(variant.line, "Variant Price", "too_dear")
    elif len(option_key(variant.option_values).encode()) > KEY_BYTES_MAX:
        problem = Problem(variant.line, "Option1 Value", "too_long_here")
    elif is_others(variant.sku_code, plan.product.handle, owners):
        args = {"value": (variant.sku_code or "")[:40]}
        problem = Problem(variant.line, "Variant SKU", "code_taken", args)
    if problem:
        plan.problems.append(problem)
    return problem is None


def _match(variants: list[ParsedVariant], held: Held) -> Matched:
    by_code = {sku.code: sku for sku in held.skus if sku.code}
    found = {index: by_code.get(variant.sku_code or "") for index, variant in enumerate(variants)}
    taken = {sku.id for sku in found.values() if sku}
    by_key = {sku.option_key: sku for sku in held.skus if sku.id not in taken}
    return [
        (variant, found[index] or by_key.get(option_key(variant.option_values)))
        for index, variant in enumerate(variants)
    ]


def _without_clashes(plan: ProductPlan, matched: Matched, held: Held) -> Matched:
    """Leave out variants whose options belong to a SKU that stays; each may make another one stay."""
    while True:
        used = {sku.id for _, sku in matched if sku}
        staying = {sku.option_key for sku in held.skus if sku.id not in used}
        clash = next((pair for pair in matched if option_key(pair[0].option_values) in staying), None)
        if clash is None:
            return matched
        plan.problems.append(Problem(clash[0].line, "", "options_taken"))
        matched = [pair for pair in matched if pair is not clash]


def _fill(
    plan: ProductPlan,
    sku: Sku,
    variant: ParsedVariant,
    position: int,
    images: Mapping[str, ProductImage],
    is_new: bool,
) -> None:
    picture: UUID | None = images[variant.image_url].id if variant.image_url in images else sku.image_id
    key = option_key(variant.option_values)
    moved = assign(sku, code=variant.sku_code or sku.code, option_key=key)
    changed = assign(
        sku,
        position=position,
        option_values=list(variant.option_values),
        weight_g=variant.grams or sku.weight_g,  # a file that states none takes none away
        barcode=variant.barcode,
        requires_shipping=variant.requires_shipping,
        image_id=picture,
    )
    if sku.archived:  # laid aside by hand; a file that names it brings it back
        sku.archived, sku.saleable, changed = False, True, True
    if is_new:
        sku.compare_at_fen = variant.compare_at
        plan.new_skus.append(sku)
        return
    priced = _reprice(plan, sku, variant)
    plan.told = plan.told or moved or changed
    if moved:
        plan.moved_skus.append(sku)
    if moved or changed or priced:
        plan.changed_skus.append(sku)
    else:
        plan.unchanged_skus += 1


def _reprice(plan: ProductPlan, sku: Sku, variant: ParsedVariant) -> bool:
    old, old_compare_at = int(sku.price_fen), sku.compare_at_fen
    if not assign(sku, price_fen=variant.price, compare_at_fen=variant.compare_at):
        return False
    sku.price_version += 1
    plan.priced.append(Priced(sku, old, old_compare_at))
    return True


def _plan_stock(plan: ProductPlan, sku: Sku, variant: ParsedVariant) -> None:
    if variant.stock is None:
        return
    if variant.stock > MOST_UNITS:
        plan.problems.append(Problem(variant.line, "Variant Inventory Qty", "count_range"))
        return
    plan.stock[sku.id] = (variant.stock, variant.line)


def _withdraw(plan: ProductPlan, parsed: ParsedProduct, kept: list[Sku]) -> None:
    """SKUs without a value for each of today's options could not be chosen on any page."""
    misfits = [sku for sku in kept if sku.saleable and len(sku.option_values) != len(parsed.options)]
    for sku in misfits:
        sku.saleable = False
    if misfits:
        plan.told = True
        plan.changed_skus += misfits
        plan.problems.append(Problem(parsed.line, "", "options_changed", {"count": len(misfits)}))
