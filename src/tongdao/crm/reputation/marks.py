"""What tells one state of a product's standing from another (foundation.fragments). Parameter: `handle`."""

from __future__ import annotations

from tongdao.foundation.fragments import Mark, rows_mark
from tongdao.goods.catalog.reading.marks import THE_PRODUCT

PRODUCT_STANDING = Mark(
    rows_mark(
        "standing as row where row.merchant_id = %(merchant)s and row.kind = 'product'"
        f" and row.subject_id in ({THE_PRODUCT})"
    )
)
