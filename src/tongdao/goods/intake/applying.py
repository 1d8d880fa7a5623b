"""One chunk of a file, applied in the open merchant_scope."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.goods.catalog.importing import ParsedProduct
from tongdao.goods.intake.holding import Held, Shelf, lock_held, look, one_chunk_at_a_time
from tongdao.goods.intake.plan_images import plan_images
from tongdao.goods.intake.plan_skus import plan_skus
from tongdao.goods.intake.plans import ProductPlan, begin_plan, claim_codes, end_plan
from tongdao.goods.intake.problems import Problem
from tongdao.goods.intake.report import Counts
from tongdao.goods.intake.writing import write_plans
from tongdao.goods.inventory.models import Stock
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
    products: Sequence[ParsedProduct], how: Intake, claimed: MutableMapping[str, str]
) -> tuple[Counts, list[Problem]]:
    """Bring the shop to what the products say. What is so already costs no write.

    `claimed` are SKU codes that earlier products of a dry run took, by handle; it is added to.
    """
    if not products:
        return Counts(), []
    one_chunk_at_a_time()
    shelf = look(products)
    plans = _plan(products, shelf, how, claimed)
    if any(plan.changed for plan in plans):
        changed = {plan.product.handle for plan in plans if plan.changed}
        lock_held(held for handle, held in shelf.held.items() if handle in changed)
        plans = _plan(products, look(products), how, claimed)
    problems = [problem for plan in plans for problem in plan.problems]
    plans = [plan for plan in plans if not plan.left_out]
    write_plans(plans, source=how.source, actor=how.actor)
    counts = sum((plan.counts() for plan in plans), Counts())
    return counts + _set_stock(plans, how, problems), sorted(problems, key=lambda problem: problem.line)


def _plan(
    products: Sequence[ParsedProduct], shelf: Shelf, how: Intake, claimed: MutableMapping[str, str]
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


def _set_stock(plans: Sequence[ProductPlan], how: Intake, problems: list[Problem]) -> Counts:
    """Counts below what open orders hold are reported; their neighbours are set."""
    wanted = {sku_id: count for plan in plans for sku_id, count in plan.stock.items()}
    node_id = how.node_id or own_node().id
    rows = Stock.objects.filter(node_id=node_id, sku_id__in=list(wanted))
    now = {row.sku_id: row for row in rows}
    differ = [key for key, (units, _) in wanted.items() if key not in now or now[key].on_hand != units]
    lock_rows(Rank.STOCK, Stock, [now[key].id for key in differ if key in now])
    for row in rows.filter(sku_id__in=differ, reserved__gt=0):
        units, line = wanted[row.sku_id]
        if units < row.reserved:
            args = {"promised": row.reserved}
            problems.append(Problem(line, "Variant Inventory Qty", "below_promised", args))
            differ.remove(row.sku_id)
    counts = {key: wanted[key][0] for key in differ}
    if not counts:
        return Counts()
    changed = set_on_hand(counts, node_id=node_id, reason=how.source, source=how.import_id, actor=how.actor)
    return Counts(stock_changed=changed)
