from tongdao.goods.catalog.operations.licensing import classify_product, sweep_licences
from tongdao.goods.catalog.operations.pricing import set_price, set_prices
from tongdao.goods.catalog.operations.publishing import set_published, set_saleable
from tongdao.goods.catalog.operations.returning import set_return_exclusion
from tongdao.goods.catalog.operations.sizing import set_size

__all__ = [
    "classify_product",
    "set_price",
    "set_prices",
    "set_published",
    "set_return_exclusion",
    "set_saleable",
    "set_size",
    "sweep_licences",
]
