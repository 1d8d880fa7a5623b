"""What the books say of an order, as rows of a table."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdao.faces.console.reading.record import Record, postings_of
from tongdao.faces.console.words import MOVES, account_name
from tongdao.faces.kit.shapes import Cell, Column, Row


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
        for view in postings_of(record)
        for posting in view.postings
    ]
