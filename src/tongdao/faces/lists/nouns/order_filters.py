"""How orders are found: by number, phone, goods, promoter, entrance, and how far their shipping is."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tongdao.faces.lists.shapes import Walk, Wanted
from tongdao.faces.lists.standing import troubled, unpacked
from tongdao.foundation import clock
from tongdao.goods.catalog.models import Sku
from tongdao.goods.search.queries import find_products
from tongdao.trade.lookup.handlers import sku_key
from tongdao.trade.lookup.models import OrderKey
from tongdao.trade.lookup.queries import MOST_SKUS, orders_by_number_end, orders_by_phone_end
from tongdao.trade.orders.models import OrderLine, TouchCandidate
from tongdao.trade.orders.states import ORDER
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.states import FOLLOWED

Rows = QuerySet[Any]
NUMBER = 18  # digits of an order's number
PHONE = 11
TAIL = 4
MOST = 200  # orders that end so
GOODS = 60  # products that words may mean

SHIPPING = {
    "to_ship": _("To ship"),
    "late": _("To ship, and late"),
    "shipped": _("All on its way"),
    "arrived": _("Arrived, to be confirmed"),
    "trouble": _("A parcel is in trouble"),
}


def by_words(rows: Rows, typed: str) -> Rows:
    """Digits: a number or its beginning, the end of a number, the end of a phone. Other words: goods."""
    digits = re.sub(r"[\s-]", "", typed)
    if not (digits.isascii() and digits.isdigit()):
        return by_goods(rows, typed)
    if len(digits) > NUMBER:
        return rows.none()
    ends = list(orders_by_number_end(digits, limit=MOST)) if len(digits) < NUMBER else []
    if len(digits) in (TAIL, PHONE):
        ends += orders_by_phone_end(digits[-TAIL:], limit=MOST)
    # A range instead of a pattern: the index on the number serves it in any collation.
    begins = Q(number__gte=digits, number__lte=digits.ljust(NUMBER, "9"))
    return rows.filter(begins | Q(id__in=ends)) if ends else rows.filter(begins)


def by_goods(rows: Rows, typed: str) -> Rows:
    """Orders in which one of the products was ordered that these words find; a SKU's own code is that SKU."""
    own = Sku.objects.filter(code=typed).values_list("id", flat=True)
    found = find_products(typed, limit=GOODS, hidden=True).ids if not own else ()
    skus = list(own) or list(Sku.objects.filter(product_id__in=found).values_list("id", flat=True))
    if not skus:
        return rows.none()
    keys = [sku_key(id) for id in skus[:MOST_SKUS]]
    return rows.filter(id__in=OrderKey.objects.filter(key__in=keys).values("id"))


def by_promoter(rows: Rows, promoter_id: str) -> Rows:
    lines = OrderLine.objects.filter(order_id=OuterRef("pk"), promoter_id=promoter_id)
    return rows.filter(Exists(lines))


def by_entrance(rows: Rows, channel: str) -> Rows:
    won = TouchCandidate.objects.filter(order_id=OuterRef("pk"), won=True, touch__channel=channel)
    return rows.filter(Exists(won))


def by_shipping(rows: Rows, code: str) -> Rows:
    return rows.filter(_shipping(code))


def _shipping(code: str) -> Q:
    away = Exists(Parcel.objects.filter(order_id=OuterRef("pk"), state__in=FOLLOWED))
    if code in ("to_ship", "late"):
        late = Q(ship_by__lt=clock.now()) if code == "late" else Q()
        return unpacked() & late
    if code == "trouble":
        return Q(Exists(troubled().filter(order_id=OuterRef("pk"))), state="paid")
    return Q(away if code == "shipped" else ~away, state="paid", confirm_by__isnull=False)


def by_state(rows: Rows, code: str) -> Rows:
    return rows.filter(unpacked()) if code == "to_ship" else rows.filter(state=code)


def walk(wanted: Wanted) -> Walk:
    """One index serves (state, placed_at): by time in a state, or in each of them and merged.

    Without state and time the id does, which grows with time.
    """
    if wanted.get("shipping"):
        return Walk("placed_at", (Q(state="paid"),))
    if wanted.get("state"):
        return Walk("placed_at")
    if wanted.get("placed_from") or wanted.get("placed_to"):
        return Walk("placed_at", [Q(state=state) for state in ORDER.states])
    return Walk()
