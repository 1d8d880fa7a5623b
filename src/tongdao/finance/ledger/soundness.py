"""What must hold of a merchant's books at any moment between two transactions of the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from django.db import connection

from tongdao.finance.ledger.chart import CHART
from tongdao.finance.ledger.queries import TrialRow, trial_balance
from tongdao.finance.ledger.verifying import verify_seals
from tongdao.foundation.tenancy import current_merchant, merchant_scope

_BALANCES = """
select a.code, b.amount_fen, (
    select coalesce(sum(case when p.destination_id = a.id then p.amount_fen else -p.amount_fen end), 0)
    from ledger_posting p
    where p.merchant_id = a.merchant_id and (p.source_id = a.id or p.destination_id = a.id))
from ledger_balance b join ledger_account a on a.merchant_id = b.merchant_id and a.id = b.account_id
where b.merchant_id = %s
"""
_CURRENCIES = """
select p.id from ledger_posting p
join ledger_account s on s.merchant_id = p.merchant_id and s.id = p.source_id
join ledger_account d on d.merchant_id = p.merchant_id and d.id = p.destination_id
where p.merchant_id = %s and (s.currency <> p.currency or d.currency <> p.currency)
"""


class UnsoundLedger(AssertionError):
    """The books do not hold together; the message says in what."""


def assert_ledger_sound(merchant_id: UUID) -> None:
    """Raise UnsoundLedger unless the merchant's books hold together. Opens its own scope."""
    with merchant_scope(merchant_id):
        faults = find_faults()
    if faults:
        raise UnsoundLedger("; ".join(faults))


def find_faults() -> list[str]:
    """One line a fault: sums, signs, running balances, currencies, digests, seals. Empty when all is well."""
    rows = trial_balance()
    return [
        *_unbalanced(rows),
        *_wrong_signs(rows),
        *_drifted(),
        *_mixed_currencies(),
        *(str(problem) for problem in verify_seals()),
    ]


def _unbalanced(rows: list[TrialRow]) -> list[str]:
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row.currency] += row.balance
    return [f"{currency}: balances sum to {total}" for currency, total in sums.items() if total]


def _wrong_signs(rows: list[TrialRow]) -> list[str]:
    wrong: dict[str, Callable[[int], bool]] = {
        "any": lambda fen: False,
        ">=0": lambda fen: fen < 0,
        "<=0": lambda fen: fen > 0,
    }
    return [
        f"{row.account.code} stands at {row.balance} {row.currency}"
        for row in rows
        if wrong[CHART[row.account.kind].sign](row.balance)
    ]


def _drifted() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, [current_merchant()])
        found = cursor.fetchall()
    return [
        f"{code}: balance row {kept}, postings {summed}" for code, kept, summed in found if kept != summed
    ]


def _mixed_currencies() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_CURRENCIES, [current_merchant()])
        return [f"posting {row[0]} mixes currencies" for row in cursor.fetchall()]
