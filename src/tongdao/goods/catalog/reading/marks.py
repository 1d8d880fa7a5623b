"""What tells one state of a product, or of a page of products, from another (see foundation.fragments).

Parameters: `handle` for a product; for a page `category` (None: all), `first`, `many`, and `buyable` (only
products of which something is on sale, as on the shelves).
"""

from __future__ import annotations

from tongdao.foundation.fragments import Mark, rows_mark

THE_PRODUCT = "select p.id from product p where p.merchant_id = %(merchant)s and p.handle = %(handle)s"
_SHOWN = (
    "p.merchant_id = %(merchant)s and p.published"
    " and (%(category)s::text is null or p.product_type = %(category)s)"
    " and (not %(buyable)s or exists (select 1 from sku s where s.merchant_id = p.merchant_id"
    " and s.product_id = p.id and s.saleable and s.price_fen > 0))"
)
PAGE_OF_PRODUCTS = (
    f"select p.id from product p where {_SHOWN}"  # noqa: S608 (constants of this file)
    " order by p.created_at desc, p.id desc offset %(first)s limit %(many)s"
)


def _whole(products: str) -> str:
    """Products with their SKUs and pictures. A price change writes its SKU's row, so the history is in it."""
    mine = f"row where row.merchant_id = %(merchant)s and row.product_id in ({products})"
    return ", ".join(
        (
            rows_mark(f"product as row where row.merchant_id = %(merchant)s and row.id in ({products})"),
            rows_mark(f"sku as {mine}"),
            rows_mark(f"product_image as {mine}"),
        )
    )


PRODUCT = Mark(f"(select concat_ws(' ', {_whole(THE_PRODUCT)}))")
SHELF = Mark(
    f"(with page as materialized ({PAGE_OF_PRODUCTS}) select concat_ws(' ',"  # noqa: S608
    f" (select count(*) from product p where {_SHOWN}), {_whole('select id from page')}))"
)
CATEGORIES = Mark(
    "(select md5(string_agg(concat(kind, ' ', many), ',' order by kind)) from"  # noqa: S608
    f" (select p.product_type as kind, count(*) as many from product p where {_SHOWN} group by 1) as kinds)"
)
