"""Writing what was planned: one statement a table, whatever the number of products."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, models

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.bulk import insert_statement, rows_json
from tongdao.foundation.events import Code, as_row, record_many
from tongdao.foundation.events.recording import Row
from tongdao.goods.catalog.events import ProductCreated, ProductUpdated, SkuPriced
from tongdao.goods.catalog.models import PriceChange, Sku
from tongdao.goods.intake.plans import Priced, ProductPlan

PRODUCT = (
    *("title", "body_html", "vendor", "product_type", "tags", "option_names", "published"),
    *("return_exclusion", "version"),
)
IMAGE = ("position", "alt")
SKU = (
    *("position", "code", "option_values", "option_key", "price_fen", "compare_at_fen", "price_version"),
    *("weight_g", "barcode", "requires_shipping", "saleable", "archived", "image_id"),
)
# Two SKUs may swap their codes or options: unique constraints look after each row, so all step aside first.
STEP_ASIDE = "update sku set code = '', option_key = id::text where id = any(%s)"


def write_plans(plans: Sequence[ProductPlan], *, source: str, actor: Actor) -> None:
    """Products, pictures, SKUs, price history and events of all plans, in the open merchant_scope."""
    _insert([plan.product for plan in plans if plan.is_new])
    _update([plan.product for plan in plans if plan.changed and not plan.is_new], (*PRODUCT, "updated_at"))
    _insert([image for plan in plans for image in plan.new_images])
    _update([image for plan in plans for image in plan.changed_images], IMAGE)
    moved = [sku.id for plan in plans for sku in plan.moved_skus]
    if moved:
        with connection.cursor() as cursor:
            cursor.execute(STEP_ASIDE, [moved])
    _update([sku for plan in plans for sku in plan.changed_skus], SKU)
    _insert([sku for plan in plans for sku in plan.new_skus])
    _insert([_history(sku) for plan in plans for sku in _newly_priced(plan)])
    record_many([event for plan in plans for event in _events(plan, Code(source), actor)])


def _newly_priced(plan: ProductPlan) -> list[Sku]:
    return [*plan.new_skus, *(priced.sku for priced in plan.priced)]


def _history(sku: Sku) -> PriceChange:
    return PriceChange(
        sku=sku,
        version=sku.price_version,
        price_fen=sku.price_fen,
        compare_at_fen=sku.compare_at_fen,
        at=clock.now(),
    )


def _events(plan: ProductPlan, source: Code, actor: Actor) -> list[Row]:
    if plan.is_new:
        created = ProductCreated(source=source, sku_count=len(plan.new_skus))
        return [as_row(created, subject=plan.product, actor=actor)]
    rows = [_priced(plan, each, actor) for each in plan.priced]
    if plan.told:
        rows.append(as_row(ProductUpdated(source=source), subject=plan.product, actor=actor))
    return rows


def _priced(plan: ProductPlan, priced: Priced, actor: Actor) -> Row:
    sku = priced.sku
    return as_row(
        SkuPriced(product_id=plan.product.id, price_version=sku.price_version),
        subject=sku,
        actor=actor,
        old={"price_fen": priced.old_price_fen, "compare_at_fen": priced.old_compare_at_fen},
        new={"price_fen": int(sku.price_fen), "compare_at_fen": sku.compare_at_fen},
    )


def _insert(rows: Sequence[models.Model]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(insert_statement(type(rows[0])), [rows_json(rows)])


def _update(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_update_statement(type(rows[0]), columns), [rows_json(rows)])


def _update_statement(model: type[models.Model], columns: Sequence[str]) -> str:
    """Set `columns` of rows that are named by merchant and id."""
    table = connection.ops.quote_name(model._meta.db_table)
    kinds = {str(field.column): str(field.db_type(connection)) for field in model._meta.local_concrete_fields}
    typed = ", ".join(f"{name} {kinds[name]}" for name in ("merchant_id", "id", *columns))
    sets = ", ".join(f"{name} = row.{name}" for name in columns)
    return (
        f"update {table} set {sets} from jsonb_to_recordset(%s::jsonb) as row({typed})"  # noqa: S608 names of the model
        f" where {table}.merchant_id = row.merchant_id and {table}.id = row.id"
    )
