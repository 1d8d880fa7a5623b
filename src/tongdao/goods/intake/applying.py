"""One chunk of a file, applied in the open merchant_scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.goods.catalog.importing import ParsedProduct
from tongdao.goods.intake.holding import Held, Shelf, lock_held, look, one_chunk_at_a_time
from tongdao.goods.intake.keeping import Before, keep_changes, look_before
from tongdao.goods.intake.plan_images import plan_images
from tongdao.goods.intake.plan_skus import plan_skus
from tongdao.goods.intake.plans import ProductPlan, begin_plan, claim_codes, end_plan
from tongdao.goods.intake.problems import Problem
from tongdao.goods.intake.report import Counts
from tongdao.goods.intake.stock import keep_promises, lock_stock, on_hand
from tongdao.goods.intake.writing import write_plans
from tongdao.goods.inventory.operations import set_on_hand
from tongdao.party.network.operations import own_node

NOTHING = Held()


@dataclass(frozen=True, slots=True)
class Intake:
    """How products come in. `node_id`: whose stock is counted (None: the merchant's own)."""

    currency: str
    source: str
    actor: Actor
    node_id: UUID | None = None
    import_id: UUID | None = None  # the row that stock movements name as their cause


def apply_products(
    products: Sequence[ParsedProduct], how: Intake, claimed: Mapping[str, str]
) -> tuple[Counts, list[Problem]]:
    """Bring the shop to what the products say. What is so already costs no write.

    `claimed` are SKU codes that earlier products of a dry run would have taken, by handle.
    """
    if not products:
        return Counts(), []
    one_chunk_at_a_time()
    shelf = look(products)
    plans = _plan(products, shelf, how, claimed)
    changed = {plan.product.handle for plan in plans if plan.changed}
    before: Before = {}
    if changed:
        lock_held(held for handle, held in shelf.held.items() if handle in changed)
        shelf = look(products)
        before = look_before(shelf.held.values()) if how.import_id else {}
        plans = _plan(products, shelf, how, claimed)
    counts, problems = _write([plan for plan in plans if not plan.left_out], how, before)
    problems += [problem for plan in plans for problem in plan.problems]
    return counts, sorted(problems, key=lambda problem: problem.line)


def _write(plans: Sequence[ProductPlan], how: Intake, before: Before) -> tuple[Counts, list[Problem]]:
    node_id = how.node_id or own_node().id
    recount = lock_stock(plans, node_id)
    write_plans(plans, source=how.source, actor=how.actor)
    problems = keep_promises(recount, node_id)
    counts = sum((plan.counts() for plan in plans), Counts())
    units = {sku_id: count for sku_id, (count, _) in recount.items()}
    if how.import_id:
        there = on_hand(units, node_id)
        moved = {sku_id: (there.get(sku_id, 0), count) for sku_id, count in units.items()}
        keep_changes(how.import_id, plans, before, moved)
    if not recount:
        return counts, problems
    changed = set_on_hand(units, node_id=node_id, reason=how.source, source=how.import_id, actor=how.actor)
    return counts + Counts(stock_changed=changed), problems


def _plan(
    products: Sequence[ParsedProduct], shelf: Shelf, how: Intake, claimed: Mapping[str, str]
) -> list[ProductPlan]:
    owners = {**claimed, **shelf.owners}
    now, plans = clock.now(), []
    for parsed in products:
        held = shelf.held.get(parsed.handle, NOTHING)
        plan = begin_plan(parsed, held, now)
        images = plan_images(plan, parsed, held)
        plan_skus(plan, parsed, held, images, owners, how.currency)
        end_plan(plan, now)
        if not plan.left_out:
            claim_codes(plan, owners)
        plans.append(plan)
    return plans
