"""The books for accountants: each posting as it is, or vouchers (记账凭证) in the layout their programs read.

Rows are texts; amounts are yuan with two decimals. What is refused is refused before the first row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongdao.finance.ledger.chart import CHART
from tongdao.finance.ledger.days import last_sealed
from tongdao.finance.ledger.models import Posting
from tongdao.finance.ledger.refusals import BadPeriod, DayNotSealed
from tongdao.foundation.money import Fen, format_yuan
from tongdao.foundation.tenancy import current_merchant

CHUNK = 2_000  # postings held in memory at a time
WORD = "记"  # the one kind of voucher: neither receipts nor payments are told apart, as most firms do now

_head = partial(pgettext_lazy, "voucher")  # short words, which other rooms use in other meanings

SUMMARIES: dict[str, Promise] = {
    "payment": _("Buyers' payments received"),
    "capture": _("Sales of the day, shared out as agreed"),
    "release": _("Shares due, no longer to be given back"),
    "refund": _("Refunds promised to buyers"),
    "refunded": _("Refunds paid back by the channel"),
    "refund_no": _("Refunds that the channel refused"),
    "reversal": _("Bookings reversed"),
    "given_back": _("Shares taken back for refunds"),
    "payout": _("Commission paid out"),
}

POSTING_HEADS = (
    _head("Booked on"),
    _head("Moment"),
    _head("Transaction"),
    _head("Kind"),
    _head("About"),
    _head("From account"),
    _head("To account"),
    _head("Amount"),
    _head("Currency"),
    _head("Order line"),
)
VOUCHER_HEADS = (
    _head("Date"),
    _head("Word"),
    _head("Number"),
    _head("Line"),
    _head("Summary"),
    _head("Subject code"),
    _head("Subject name"),
    _head("Party"),
    _head("Debit"),
    _head("Credit"),
    _head("Currency"),
    _head("Attachments"),
)
_COLUMNS = (
    "booked_on",
    "transaction__at",
    "transaction__key",
    "transaction__kind",
    "transaction__subject",
    "source__code",
    "destination__code",
    "amount_fen",
    "currency",
    "reference",
)
# One voucher a day and kind of transaction, numbered within its month in that order.
_VOUCHERS = """
with month as (
  select p.booked_on, t.kind, p.currency, p.transaction_id, p.source_id, p.destination_id, p.amount_fen,
    dense_rank() over (
      partition by date_trunc('month', p.booked_on) order by p.booked_on, t.kind, p.currency) as number
  from ledger_posting p
  join ledger_transaction t on t.merchant_id = p.merchant_id and t.id = p.transaction_id
  where p.merchant_id = %(merchant)s
    and p.booked_on between date_trunc('month', %(since)s::date)::date and %(until)s
), wanted as (
  select * from month where booked_on >= %(since)s
), counted as (
  select number, booked_on, count(distinct transaction_id) as papers from wanted group by number, booked_on
), sides as (
  select number, booked_on, kind, currency, source_id as account, 1 as side, sum(amount_fen) as fen
  from wanted group by number, booked_on, kind, currency, source_id
  union all
  select number, booked_on, kind, currency, destination_id, 2, sum(amount_fen)
  from wanted group by number, booked_on, kind, currency, destination_id
)
select s.booked_on, s.number, s.kind, a.kind, a.owner, s.side, s.fen, s.currency, c.papers
from sides s
join counted c using (booked_on, number)
join ledger_account a on a.merchant_id = %(merchant)s and a.id = s.account
order by s.booked_on, s.number, s.side, a.code
"""


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One line of a voucher: `debit` or `credit` is zero. `owner` is the party's id, where there is one."""

    day: date
    number: int  # within the month
    position: int
    kind: str
    account: str
    owner: UUID | None
    debit: Fen
    credit: Fen
    currency: str
    transactions: int  # that this voucher sums up


def posting_rows(since: date, until: date) -> Iterator[tuple[str, ...]]:
    """POSTING_HEADS of every posting booked in the period, both days included. Raises BadPeriod."""
    _check(since, until)
    found = Posting.objects.filter(booked_on__range=(since, until)).values_list(*_COLUMNS)
    rows = found.order_by("booked_on", "transaction_id", "position").iterator(chunk_size=CHUNK)
    return (_posting(row) for row in rows)


def _posting(row: tuple[Any, ...]) -> tuple[str, ...]:
    day, moment, *texts, fen, currency, line = row
    told = (day.isoformat(), moment.isoformat(timespec="milliseconds"), *(str(text) for text in texts))
    return *told, format_yuan(Fen(fen)), currency, str(line or "")


def vouchers(since: date, until: date) -> Iterator[VoucherLine]:
    """The lines of the vouchers of a period, both days included: a day and a kind of transaction have one.

    Only of sealed days, so that a number once given stays. Raises BadPeriod and DayNotSealed.
    """
    _check(since, until)
    last = last_sealed()
    if last is None or until > last:
        raise DayNotSealed(last=last.isoformat() if last else "")
    with connection.cursor() as cursor:
        cursor.execute(_VOUCHERS, {"merchant": current_merchant(), "since": since, "until": until})
        rows = cursor.fetchall()
    by_voucher = groupby(rows, key=lambda row: row[:2])
    return (_line(position, row) for _day, lines in by_voucher for position, row in enumerate(lines, 1))


def _line(position: int, row: tuple[Any, ...]) -> VoucherLine:
    day, number, kind, account, owner, side, fen, currency, papers = row
    debit, credit = (Fen(int(fen)), Fen(0)) if side == 1 else (Fen(0), Fen(int(fen)))
    return VoucherLine(day, number, position, kind, account, owner, debit, credit, currency, papers)


def voucher_rows(since: date, until: date) -> Iterator[tuple[str, ...]]:
    """VOUCHER_HEADS of `vouchers`, with the subjects that the chart names. Raises as it does."""
    return (_voucher(line) for line in vouchers(since, until))


def _voucher(line: VoucherLine) -> tuple[str, ...]:
    subject = CHART[line.account].subject
    return (
        line.day.isoformat(),
        WORD,
        str(line.number),
        str(line.position),
        str(SUMMARIES.get(line.kind, line.kind)),
        subject.code,
        subject.name,
        str(line.owner or ""),
        format_yuan(line.debit) if line.debit else "",
        format_yuan(line.credit) if line.credit else "",
        line.currency,
        str(line.transactions),
    )


def _check(since: date, until: date) -> None:
    if since > until:
        raise BadPeriod(since=since.isoformat(), until=until.isoformat())
