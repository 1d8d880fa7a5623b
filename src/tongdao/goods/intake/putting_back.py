"""Rows of an import put back, noun by noun, in the open scope: why each could not be, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.clock import today
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.goods.catalog.models import ImageState, Product, ProductImage, Sku
from tongdao.goods.catalog.objecting import price_objections
from tongdao.goods.catalog.operations import set_prices
from tongdao.goods.catalog.operations.licensing import held_for
from tongdao.goods.catalog.operations.pricing import NewPrice
from tongdao.goods.intake.keeping import columns_of, digest_of
from tongdao.goods.intake.models import ImportChange
from tongdao.goods.inventory.models import Stock, StockMovement
from tongdao.goods.inventory.operations import set_on_hand

CHANGED = "changed_since"
REASON = "undo"
STEP_ASIDE = "update sku set code = '', option_key = id::text where merchant_id = %s and id = any(%s)"

Changes = Sequence[ImportChange]
Why = dict[UUID, str]  # by change; empty: it is back


def _rows(model: type[models.Model], changes: Changes) -> dict[UUID, Any]:
    """Locked, in key order."""
    found = model._default_manager.select_for_update(no_key=True, of=("self",))
    return {row.pk: row for row in found.filter(pk__in=[each.row_id for each in changes]).order_by("pk")}


def _touched(row: models.Model | None, change: ImportChange) -> bool:
    """Whether somebody changed it since the import."""
    if row is None:
        return True
    if change.before is None:
        return bool(digest_of(row, change.noun) != change.after)
    now = columns_of(row, change.noun)
    return any(now[name] != value for name, value in change.after.items())


def _restore(row: models.Model, change: ImportChange) -> None:
    for name, value in (change.before or {}).items():
        setattr(row, name, UUID(value) if name == "image_id" and value else value)


def stock_back(changes: Changes, node_id: UUID, run_id: UUID, actor: Actor) -> Why:
    """Where the import's count was the last thing that moved the stock, and promises allow it."""
    mine = Stock.objects.filter(node_id=node_id, sku_id__in=[each.row_id for each in changes])
    lock_rows(Rank.STOCK, Stock, mine.values_list("id", flat=True))
    stocks = {stock.sku_id: stock for stock in mine.all()}
    last = StockMovement.objects.filter(stock__in=list(stocks.values())).order_by("stock_id", "-at", "-id")
    latest = dict(last.distinct("stock_id").values_list("stock__sku_id", "source"))
    why: Why = {}
    for each in changes:
        stock = stocks[each.row_id]
        moved = latest.get(each.row_id) != run_id or stock.on_hand != each.after["on_hand"]
        short = each.before is not None and each.before["on_hand"] < stock.reserved
        why[each.id] = CHANGED if moved else "below_promised" if short else ""
    counts = {each.row_id: each.before["on_hand"] for each in changes if each.before and not why[each.id]}
    if counts:
        set_on_hand(counts, node_id=node_id, reason=REASON, actor=actor)
    return why


def skus_back(changes: Changes, merchant_id: UUID) -> Why:
    """Made ones are laid aside (their price history stays), changed ones get their columns again."""
    skus = _rows(Sku, changes)
    why = {each.id: CHANGED if _touched(skus.get(each.row_id), each) else "" for each in changes}
    back = [each for each in changes if not why[each.id]]
    for each in back:
        sku = skus[each.row_id]
        if each.before is None:
            sku.archived, sku.saleable, sku.held_for, sku.option_key = True, False, "", str(sku.id)
    _keep_apart([each for each in back if each.before is not None], skus, why)
    back = [each for each in back if not why[each.id]]
    with connection.cursor() as cursor:
        cursor.execute(STEP_ASIDE, [merchant_id, [each.row_id for each in back]])
    for each in back:
        _restore(skus[each.row_id], each)
    columns = ["archived", "saleable", "held_for", "position", "code", "option_values", "option_key"]
    columns += ["weight_g", "barcode", "requires_shipping", "image_id"]
    Sku.objects.bulk_update([skus[each.row_id] for each in back], columns)
    return why


def _keep_apart(back: Changes, skus: Mapping[UUID, Sku], why: Why) -> None:
    """A code or options that another SKU has taken since stay taken."""
    others = Sku.objects.exclude(pk__in=list(skus))
    for each in back:
        before = each.before or {}
        code, key = before.get("code"), before.get("option_key")
        if code and others.filter(code=code).exists():
            why[each.id] = "code_taken"
        elif key and others.filter(product_id=each.product_id, option_key=key).exists():
            why[each.id] = "options_taken"


def prices_back(changes: Changes, actor: Actor) -> Why:
    skus = _rows(Sku, changes)
    why = {}
    for each in changes:
        sku = skus.get(each.row_id)
        why[each.id] = CHANGED if sku is None or sku.price_version != each.after["price_version"] else ""
    wanted = {each.id: _price(skus[each.row_id], each) for each in changes if not why[each.id]}
    against = price_objections({new.sku_id: new.price for new in wanted.values()}, clock.now())
    for each in changes:
        if each.id in wanted and (objection := against.get(each.row_id)):
            why[each.id] = objection.code
    set_prices([new for id, new in wanted.items() if not why[id]], reason=REASON, actor=actor)
    return why


def _price(sku: Sku, change: ImportChange) -> NewPrice:
    before = change.before or {}
    compare = before.get("compare_at_fen", sku.compare_at_fen)
    return NewPrice(sku.id, Fen(before.get("price_fen", sku.price_fen)), compare)


def images_back(changes: Changes) -> Why:
    """Made ones are removed as staff removes them, changed ones get their place and words again."""
    images = _rows(ProductImage, changes)
    why = {each.id: CHANGED if _touched(images.get(each.row_id), each) else "" for each in changes}
    back = [each for each in changes if not why[each.id]]
    for each in back:
        image = images[each.row_id]
        if each.before is None:
            image.removed_file, image.file = image.file or image.removed_file, ""
            image.state = ImageState.REMOVED
        _restore(image, each)
    columns = ["position", "alt", "file", "removed_file", "state"]
    ProductImage.objects.bulk_update([images[each.row_id] for each in back], columns)
    return why


def products_back(changes: Changes) -> Why:
    """Made ones leave the shop; they stay in the list, since their price history is kept for ever."""
    products = _rows(Product, changes)
    day = today()
    why = {}
    for each in changes:
        product = products.get(each.row_id)
        shows = each.before is not None and each.before.get("published") is True
        held = held_for(product, day) if product and shows else None
        why[each.id] = CHANGED if _touched(product, each) else str(held or "")
        if why[each.id]:
            continue
        if each.before is None:
            products[each.row_id].published = False
        _restore(products[each.row_id], each)
    columns = ["title", "body_html", "vendor", "product_type", "tags", "option_names", "published"]
    columns += ["return_exclusion"]
    back = [products[each.row_id] for each in changes if not why[each.id]]
    Product.objects.bulk_update(back, columns)
    return why
