"""The pages on which goods are made and changed, one or many: part of table.PAGES."""

from __future__ import annotations

from tongdao.faces.console.guard import Page
from tongdao.faces.console.pages import (
    batches,
    bulk_prices,
    bulk_switch,
    import_back,
    product_edit,
    product_grid,
    product_options,
    product_pictures,
    product_returns,
    stocks,
)

PRODUCT = "products/<uuid:product_id>"
BATCH = "batches/<uuid:batch_id>"
RUN = "imports/<uuid:run_id>"

GOODS_PAGES: tuple[Page, ...] = (
    Page(
        "product_new", "products/new", "goods.edit", product_edit.new, product_edit.create, section="products"
    ),
    Page(
        "product_edit",
        f"{PRODUCT}/edit",
        "goods.edit",
        product_edit.edit,
        product_edit.change,
        section="products",
    ),
    Page(
        "product_grid",
        f"{PRODUCT}/grid",
        "goods.edit",
        product_grid.show,
        product_grid.save,
        section="products",
        own_scopes=True,
    ),
    Page(
        "product_options",
        f"{PRODUCT}/options",
        "goods.edit",
        product_options.show,
        product_options.act,
        section="products",
    ),
    Page(
        "product_pictures",
        f"{PRODUCT}/pictures",
        "goods.edit",
        product_pictures.show,
        product_pictures.act,
        section="products",
        own_scopes=True,
    ),
    Page(
        "returns",
        f"{PRODUCT}/returns",
        "goods.edit",
        product_returns.show,
        product_returns.save,
        section="products",
    ),
    Page(
        "bulk_prices",
        "products/prices",
        "goods.edit",
        bulk_prices.show,
        bulk_prices.act,
        section="products",
        own_scopes=True,
    ),
    Page(
        "bulk_switch",
        "products/switch",
        "goods.edit",
        bulk_switch.show,
        bulk_switch.act,
        section="products",
        own_scopes=True,
    ),
    Page("batches", "batches", "goods.read", batches.show),
    Page("batch", BATCH, "goods.read", batches.one, section="batches"),
    Page("batch_undo", f"{BATCH}/undo", "goods.edit", act=batches.undo, back="batch", section="batches"),
    Page(
        "batch_cancel", f"{BATCH}/cancel", "goods.edit", act=batches.cancel, back="batch", section="batches"
    ),
    Page("stocks", "stock", "goods.read", stocks.show),
    Page(
        "stock_take", "stock/take", "goods.edit", stocks.take, stocks.count, section="stocks", own_scopes=True
    ),
    Page(
        "import_undo", f"{RUN}/undo", "goods.edit", import_back.confirm, import_back.undo, section="imports"
    ),
    Page("products_file", "imports/file", "goods.edit", import_back.export, section="imports"),
)
