"""What tells one state of the offers that visitors see from another (see foundation.fragments).

Parameters: `now`; THE_GROUPS asks for `handle`, GOODS for `most`, the number of units from which on more of
them look the same. A counter is marked by what is shown of it: an order changes a row that looks as before.
"""

from __future__ import annotations

from tongdao.foundation.fragments import Mark
from tongdao.goods.catalog.reading.marks import THE_PRODUCT
from tongdao.terms.promotions.queries.deals import AHEAD

FEW = 10
"""From so many units down a sale has few left."""

_LIVE = (
    "p.merchant_id = %(merchant)s and p.stopped_at is null and p.code = '' and p.ends_at > %(now)s"
    f" and p.starts_at <= %(now)s + interval '{AHEAD.days} days'"
)
_LEFT = f"case when p.quota <= p.used then 0 when p.quota - p.used <= {FEW} then 1 else 2 end"

OFFERS = Mark(
    "(select md5(string_agg(concat_ws(' ', p.id, p.version, p.starts_at <= %(now)s," + _LEFT + "), ','"  # noqa: S608 constants
    f" order by p.id)) from promotion p where {_LIVE})"
)
"""All offers that run or are announced: made, changed, stopped, begun, ended, few left, gone."""

THE_GROUPS = Mark(
    "(select md5(string_agg(concat_ws(' ', g.id, g.taken), ',' order by g.id)) from (select g.id, g.taken"  # noqa: S608 constants
    " from promotion p join sku s on s.merchant_id = p.merchant_id and s.id = p.sku_id"
    " join buying_group g on g.merchant_id = p.merchant_id and g.promotion_id = p.id"
    f" where {_LIVE} and s.product_id in ({THE_PRODUCT}) and g.state = 'open' and g.deadline > %(now)s"
    " and g.taken < g.size order by g.deadline limit 20) g)"
)
"""The groups of one product that can be joined."""

GOODS = Mark(
    "(select md5(string_agg(concat_ws(' ', s.id, s.xmin, pr.xmin,"  # noqa: S608 constants
    " least(st.on_hand - st.reserved, %(most)s::int)), ',' order by s.id, st.id))"
    f" from (select distinct p.merchant_id, p.sku_id from promotion p where {_LIVE}) p"
    " join sku s on s.merchant_id = p.merchant_id and s.id = p.sku_id"
    " join product pr on pr.merchant_id = s.merchant_id and pr.id = s.product_id"
    " left join stock st on st.merchant_id = s.merchant_id and st.sku_id = s.id)"
)
"""The goods that are on offer: their prices, names and stock."""
