"""What the books say of an order, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.console.reading.record import Record, postings_of
from tongdao.faces.console.words import MOVES, account_name
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.finance.ledger.queries import TransactionView


def posting_columns() -> list[Column]:
    return [
        Column(_("When")),
        Column(_("What")),
        Column(_("From account")),
        Column(_("To account")),
        Column(_("Amount"), num=True),
    ]


def posting_rows(record: Record) -> list[Row]:
    """One row for each posting, the oldest first."""
    return rows_of(postings_of(record))


def rows_of(views: Iterable[TransactionView], line_id: UUID | None = None) -> list[Row]:
    """The same of some transactions; only what is about one order line, where that is named."""
    return [
        Row(
            [
                Cell(view.at, kind="time"),
                Cell(str(MOVES.get(view.kind, view.kind)), _("What")),
                Cell(account_name(posting.source), _("From account")),
                Cell(account_name(posting.destination), _("To account")),
                Cell(int(posting.amount), _("Amount"), "money"),
            ]
        )
        for view in views
        for posting in view.postings
        if line_id is None or posting.reference == line_id
    ]
