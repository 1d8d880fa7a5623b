from tongdao.goods.catalog.operations.pricing import set_price
from tongdao.goods.catalog.operations.publishing import set_published, set_saleable

__all__ = ["set_price", "set_published", "set_saleable"]
