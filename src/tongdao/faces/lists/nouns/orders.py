from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongdao.faces.lists.filters import SEARCH, Amount, Choice, Dates, Words
from tongdao.faces.lists.nouns import order_filters as by
from tongdao.faces.lists.nouns import order_parts as parts
from tongdao.faces.lists.people import promoter_options
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.faces.lists.words import CHANNELS, ORDER_STATES
from tongdao.foundation.pii import mask_address, mask_name, mask_phone
from tongdao.trade.orders.models import Order

STATES = {
    **ORDER_STATES,
    "group": (_("Group fills"), "waiting"),
    "to_ship": (_("To ship"), "waiting"),
    "shipped": (_("Shipped"), "success"),
}


def _link(order: Order, _: object) -> Link:
    return Link("order", {"order_id": order.id})


def _state(order: Order, standing: tuple[str, int] | None) -> str:
    if standing and standing[0] != "packed":
        return standing[0]
    return "shipped" if order.state == "paid" and order.confirm_by else order.state


def _goods(order: Order, goods: tuple[str, int] | None) -> str:
    title, units = goods or ("", 0)
    return f"{title} × {units}" if units else title


def _due(order: Order, standing: tuple[str, int] | None) -> object:
    return order.ship_by if standing and standing[1] else None


def _entrance(order: Order, channel: Any) -> str:
    return str(CHANNELS.get(channel, channel)) if channel else ""


def _tabs() -> list[tuple[str, str]]:
    return [("to_ship", str(STATES["to_ship"][0])), *options(ORDER_STATES)]


ORDERS = ListSpec(
    noun="orders",
    title=_("Orders"),
    need="orders.read",
    model=Order,
    rows=lambda: Order.objects.all(),
    parts={
        "goods": parts.goods_of,
        "standing": parts.standing_of,
        "recipient": parts.recipients_of,
        "phone": parts.phones_of,
        "address": parts.addresses_of,
        "promoter": parts.promoters_of,
        "entrance": parts.entrances_of,
        "mark": parts.marks_of,
    },
    columns=(
        Column("number", _("Order number"), lambda o, _: o.number, link=_link),
        Column("placed", _("Placed"), lambda o, _: o.placed_at, "time"),
        Column("buyer", _("Buyer"), lambda o, name: name, part="recipient", mask=mask_name),
        Column("phone", _("Phone"), lambda o, phone: phone, part="phone", mask=mask_phone, shown=False),
        Column("address", _("Address"), lambda o, to: to, part="address", mask=mask_address, shown=False),
        Column("goods", _("Goods"), _goods, part="goods"),
        Column("units", _("Units"), lambda o, g: g[1] if g else 0, "num", part="goods", shown=False),
        Column("state", _("State"), _state, "tag", part="standing", words=STATES),
        Column("ship_by", _("Ship by"), _due, "time", part="standing"),
        Column("note", _("Note"), lambda o, mark: mark.pinned if mark else "", part="mark"),
        Column("promoter", _("Promoter"), lambda o, name: name, part="promoter", shown=False),
        Column("entrance", _("Entrance"), _entrance, part="entrance", shown=False),
        Column("paid", _("Paid"), lambda o, _: o.paid_at, "time", shown=False),
        Column("completed", _("Completed"), lambda o, _: o.completed_at, "time", shown=False),
        Column("goods_total", _("Goods without freight"), lambda o, _: o.goods_fen, "money", shown=False),
        Column("freight", _("Freight"), lambda o, _: o.freight_fen, "money", shown=False),
        Column("total", _("Total"), lambda o, _: o.total_fen, "money"),
    ),
    filters=(
        Words("q", SEARCH, by.by_words),
        Choice("state", _("State"), _tabs, by.by_state),
        Dates("placed", _("Placed"), "placed_at"),
        Amount("total", _("Total"), "total_fen"),
        Words("goods", _("Goods or code"), by.by_goods),
        Choice("shipping", _("Shipping"), lambda: options(by.SHIPPING), by.by_shipping),
        Choice("promoter", _("Promoter"), promoter_options, by.by_promoter, fixed=False),
        Choice("entrance", _("Entrance"), lambda: options(CHANNELS), by.by_entrance),
    ),
    tabs="state",
    sorts=(Sort("", _("Newest first")), Sort("old", _("Oldest first"), up=True)),
    walk=by.walk,
)
