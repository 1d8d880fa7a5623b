"""Reading the ledger: balances as of any day, and statements of what one thing moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from tongdao.finance.ledger.chart import CHART, AccountRef, read_code
from tongdao.finance.ledger.closings import SUMS
from tongdao.finance.ledger.models import LedgerDay, Posting
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant

_COLUMNS = (
    "transaction_id",
    "transaction__key",
    "transaction__kind",
    "transaction__subject",
    "transaction__reverses_id",
    "transaction__at",
    "booked_on",
    "currency",
    "source__code",
    "destination__code",
    "amount_fen",
    "reference",
)
# `sum` over bigint is numeric in PostgreSQL: exact, and made an int at once.
_BALANCE = """
with mine as (
  select id from ledger_account
  where merchant_id = %(merchant)s and code = %(code)s and currency = %(currency)s
), closed as (
  select day, received_fen - given_fen as fen from ledger_closing
  where merchant_id = %(merchant)s and account_id = (select id from mine)
    and (%(day)s::date is null or day <= %(day)s)
  order by day desc limit 1
), since as (
  select coalesce((select day from closed), '-infinity') as day
)
select coalesce((select fen from closed), 0) + coalesce((
  select sum(amount_fen) from ledger_posting
  where merchant_id = %(merchant)s and destination_id = (select id from mine)
    and booked_on > (select day from since) and (%(day)s::date is null or booked_on <= %(day)s)
), 0) - coalesce((
  select sum(amount_fen) from ledger_posting
  where merchant_id = %(merchant)s and source_id = (select id from mine)
    and booked_on > (select day from since) and (%(day)s::date is null or booked_on <= %(day)s)
), 0)
"""
_TRIAL = f"""
with {SUMS}
select a.code, a.currency, sum(p.given), sum(p.received)
from parts p join ledger_account a on a.merchant_id = %(merchant)s and a.id = p.account_id
group by a.code, a.currency order by a.code, a.currency
"""  # noqa: S608 constants


@dataclass(frozen=True, slots=True)
class TrialRow:
    """What one account gave (debit) and received (credit), in fen."""

    account: AccountRef
    currency: str
    debit: Fen
    credit: Fen

    @property
    def balance(self) -> Fen:
        return Fen(self.credit - self.debit)


@dataclass(frozen=True, slots=True)
class PostingView:
    """`amount` fen went from `source` to `destination`."""

    source: AccountRef
    destination: AccountRef
    amount: Fen
    reference: UUID | None


@dataclass(frozen=True, slots=True)
class TransactionView:
    """A posted transaction; `postings` in the order of its draft."""

    id: UUID
    key: str
    kind: str
    subject: UUID
    reverses: UUID | None
    at: datetime
    booked_on: date
    currency: str
    postings: tuple[PostingView, ...]


def balance(account: AccountRef, *, currency: str = "CNY", at: date | None = None) -> Fen:
    """Received minus given, in fen: all of it, or what is booked up to and including the day `at`."""
    values: dict[str, Any] = {
        "merchant": current_merchant(),
        "code": account.code,
        "currency": currency,
        "day": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE, values)
        return Fen(int(cursor.fetchone()[0]))


def trial_balance(on: date | None = None) -> list[TrialRow]:
    """Every account, up to and including the day `on`; the balances sum to zero in each currency."""
    with connection.cursor() as cursor:
        cursor.execute(_TRIAL, {"merchant": current_merchant(), "day": on})
        return [
            TrialRow(read_code(code), currency, Fen(int(debit)), Fen(int(credit)))
            for code, currency, debit, credit in cursor.fetchall()
        ]


def transaction_by_id(transaction_id: UUID) -> TransactionView:
    """Raises NotFound."""
    found = _views(transaction_id=transaction_id)
    if not found:
        raise NotFound(kind="transaction")
    return found[0]


def transactions_of(subject: UUID) -> list[TransactionView]:
    """What was posted about a payment attempt, an order, a refund; the oldest first."""
    return _views(transaction__subject=subject)


def statement_of(reference: UUID) -> list[TransactionView]:
    """One order line's way through the books: its own postings only, the oldest transaction first."""
    return _views(reference=reference)


def _views(**wanted: Any) -> list[TransactionView]:
    rows = Posting.objects.filter(**wanted).order_by("transaction__at", "transaction_id", "position")
    found = rows.values_list(*_COLUMNS)
    return [_view(group) for _, group in groupby(found, key=lambda row: row[0])]


def _view(rows: Iterable[tuple[Any, ...]]) -> TransactionView:
    found = list(rows)
    postings = tuple(PostingView(read_code(row[8]), read_code(row[9]), row[10], row[11]) for row in found)
    number, key, kind, subject, reverses, at, booked_on, currency, *_ = found[0]
    return TransactionView(number, key, kind, subject, reverses, at, booked_on, currency, postings)


@dataclass(frozen=True, slots=True)
class KindBalance:
    """All accounts of one kind together, in fen; so many of them do not stand at nought."""

    kind: str
    currency: str
    balance: Fen
    accounts: int


def kind_balances(rows: Iterable[TrialRow]) -> list[KindBalance]:
    """A trial balance summed up, in the order of the chart."""
    sums: dict[tuple[str, str], list[Fen]] = {}
    for row in rows:
        sums.setdefault((row.account.kind, row.currency), []).append(row.balance)
    order = {kind: place for place, kind in enumerate(CHART)}
    return [
        KindBalance(kind, currency, Fen(sum(found)), sum(1 for fen in found if fen))
        for (kind, currency), found in sorted(sums.items(), key=lambda each: (order[each[0][0]], each[0][1]))
    ]


def last_sealed() -> date | None:
    """The latest day whose books are sealed, and nothing can be booked on any more."""
    rows = LedgerDay.objects.filter(sealed_at__isnull=False).order_by("-day")
    return rows.values_list("day", flat=True).first()
