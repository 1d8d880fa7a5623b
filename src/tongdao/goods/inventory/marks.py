"""What tells one state of the stock that visitors see from another (see foundation.fragments).

By what is shown, not by the rows: an order changes a row that looks as before. Parameters besides those of
goods.catalog.reading.marks: `most`, the number of units from which on more of them look the same.
"""

from __future__ import annotations

from tongdao.foundation.fragments import Mark
from tongdao.goods.catalog.reading.marks import PAGE_OF_PRODUCTS, THE_PRODUCT


def _left(products: str) -> str:
    return (
        "(select md5(string_agg(concat(st.id, ' ', least(st.on_hand - st.reserved, %(most)s::int)), ','"  # noqa: S608
        " order by st.id)) from sku s join stock st on st.merchant_id = s.merchant_id and st.sku_id = s.id"
        f" where s.merchant_id = %(merchant)s and s.product_id in ({products}))"
    )


PRODUCT_STOCK = Mark(_left(THE_PRODUCT))
SHELF_STOCK = Mark(_left(PAGE_OF_PRODUCTS))
