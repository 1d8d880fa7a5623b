"""The after-sale cases of an order, as a page beside it lists them."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.kit.case_words import DISPUTED, KINDS
from tongdao.faces.kit.shapes import Cell
from tongdao.faces.lists.case_words import CASE_STATES
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.queries import cases_of_order, items_of


def cases_of(desk: Desk, order_id: UUID) -> list[Cell]:
    """Each with its state and a way to it; the latest first."""
    return [_cell(desk, row) for row in cases_of_order(order_id)]


def _cell(desk: Desk, row: AfterSale) -> Cell:
    words, _tone = DISPUTED if row.paused_left is not None else CASE_STATES[row.state]
    return Cell(str(words), str(KINDS.get(row.kind, row.kind)), url=desk.url("case", case_id=row.id))


def open_cases(desk: Desk, order_id: UUID) -> list[tuple[str, str]]:
    """(what, address) of cases that nobody has decided yet: money given beside them answers none of them."""
    rows = [row for row in cases_of_order(order_id) if row.ended_at is None and row.refund_id is None]
    items = items_of([row.id for row in rows])
    return [
        (
            _("%(kind)s: %(goods)s")
            % {
                "kind": KINDS.get(row.kind, row.kind),
                "goods": "; ".join(f"{item.title} × {item.quantity}" for item in items[row.id]),
            },
            desk.url("case", case_id=row.id),
        )
        for row in rows
    ]
