from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongdao.faces.lists.filters import Amount, Choice, Days, Rows
from tongdao.faces.lists.people import promoter_names
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.faces.lists.words import ACCOUNTS, MOVES, account_name
from tongdao.finance.ledger.chart import read_code
from tongdao.finance.ledger.models import Account, Posting, Transaction
from tongdao.party.network.models import Partner
from tongdao.trade.orders.models import OrderLine

Names = Mapping[UUID, tuple[str, str]]


def transactions_of(postings: Sequence[Posting]) -> Mapping[UUID, Transaction]:
    known = Transaction.objects.in_bulk({row.transaction_id for row in postings})
    return {row.id: known[row.transaction_id] for row in postings}


def accounts_of(postings: Sequence[Posting]) -> Names:
    """The names of both accounts, source and destination, with those of their owners."""
    ids = {id for row in postings for id in (row.source_id, row.destination_id)}
    accounts = Account.objects.in_bulk(ids)
    owners = {row.owner for row in accounts.values() if row.owner}
    names = promoter_names(owners) | dict(Partner.objects.filter(pk__in=owners).values_list("id", "name"))
    words = {id: _account(row, names) for id, row in accounts.items()}
    return {row.id: (words[row.source_id], words[row.destination_id]) for row in postings}


def _account(row: Account, names: Mapping[UUID, str]) -> str:
    owner = names.get(row.owner, "") if row.owner else ""
    name = account_name(read_code(row.code))
    return f"{name} · {owner}" if owner else name


def orders_of(postings: Sequence[Posting]) -> Mapping[UUID, tuple[UUID, str]]:
    """Id and number of the order whose line it is about."""
    lines = OrderLine.objects.filter(pk__in={row.reference for row in postings if row.reference})
    told = lines.values_list("id", "order_id", "order__number")
    known = {id: (order, number) for id, order, number in told}
    return {row.id: known[row.reference] for row in postings if row.reference in known}


def _order(posting: Posting, order: Any) -> Link | None:
    return Link("order", {"order_id": order[0]}, "orders.read") if order else None


def _by_account(rows: Rows, kind: str) -> Rows:
    """It gives or it receives."""
    ids = list(Account.objects.filter(kind=kind).values_list("id", flat=True))
    return rows.filter(source_id__in=ids) | rows.filter(destination_id__in=ids)


POSTINGS = ListSpec(
    noun="postings",
    title=_("Postings"),
    need="money.read",
    model=Posting,
    rows=lambda: Posting.objects.all(),
    parts={"transaction": transactions_of, "accounts": accounts_of, "order": orders_of},
    columns=(
        Column("at", _("When"), lambda p, t: t.at, "time", part="transaction"),
        Column("booked", _("Booked on"), lambda p, _: p.booked_on.isoformat(), "muted", shown=False),
        Column("kind", _("What"), lambda p, t: str(MOVES.get(t.kind, t.kind)), part="transaction"),
        Column("source", _("From account"), lambda p, names: names[0], part="accounts"),
        Column("destination", _("To account"), lambda p, names: names[1], part="accounts"),
        Column("order", _("Order"), lambda p, order: order[1] if order else "", part="order", link=_order),
        Column("key", _("Key"), lambda p, t: t.key, "muted", part="transaction", shown=False),
        Column("amount", _("Amount"), lambda p, _: p.amount_fen, "money"),
    ),
    filters=(
        Days("booked", _("Booked on"), "booked_on"),
        Choice(
            "kind", _("What"), lambda: options(MOVES), lambda rows, code: rows.filter(transaction__kind=code)
        ),
        Choice("account", _("Account"), lambda: options(ACCOUNTS), _by_account),
        Amount("amount", _("Amount"), "amount_fen"),
    ),
    sorts=(
        Sort("", _("Newest first"), "booked_on"),
        Sort("old", _("Oldest first"), "booked_on", up=True),
    ),
)
