"""What tells one state of a product's reviews from another (foundation.fragments). Parameter: `handle`."""

from __future__ import annotations

from tongdao.foundation.fragments import Mark, rows_mark
from tongdao.goods.catalog.reading.marks import THE_PRODUCT

# One row however many reviews there are: whatever happens to one of them writes it.
REVIEWS = Mark(
    rows_mark(
        f"review_tally as row where row.merchant_id = %(merchant)s and row.product_id in ({THE_PRODUCT})"
    )
)
