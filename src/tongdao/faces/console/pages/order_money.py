"""Where the money of an order goes and when: from the buyer's payment to each earner's own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.order_flow import drawn_flow, share_columns, share_rows, share_steps
from tongdao.faces.console.postings import posting_columns, rows_of
from tongdao.faces.console.reading.record import Record, postings_of, record_of
from tongdao.faces.kit.shapes import Row
from tongdao.rewards.settlement.queries.order_money import OrderMoney, money_of_order


def show(desk: Desk, order_id: UUID) -> HttpResponse:
    record = record_of(order_id)
    money = money_of_order(record.order)
    context = {
        "crumbs": [
            desk.crumb(_("Orders"), "orders"),
            desk.crumb(record.order.number, "order", order_id=order_id),
            desk.crumb(_("Where the money goes")),
        ],
        "order": record.order,
        "flow": drawn_flow(money),
        "money": money,
        "columns": share_columns(),
        "rows": share_rows(desk, money),
        "steps": share_steps(record, money),
        "books": _books(record, money),
        "posting_columns": posting_columns(),
    }
    return desk.show("order_money", _("Where ¥100 of this order go"), context)


def _books(record: Record, money: OrderMoney) -> list[tuple[UUID, str, list[Row]]]:
    """By line of the order what was posted about it."""
    views = postings_of(record)
    titles = {share.line_id: share.title for share in money.shares}
    return [(id, title, rows_of(views, id)) for id, title in titles.items()]
