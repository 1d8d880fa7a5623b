"""Accounts in the books: made when they are first posted to, locked and moved when they have a limit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from django.db import connection

from tongdao.finance.ledger.chart import AccountRef
from tongdao.finance.ledger.refusals import BalanceTooHigh, BalanceTooLow
from tongdao.foundation.bulk import to_json
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, enter_rank
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant

Key: TypeAlias = tuple[AccountRef, str]  # an account in one currency

_FIND = """
select a.code, a.currency, a.id
from jsonb_to_recordset(%s::jsonb) as w(code text, currency text)
join ledger_account a on a.merchant_id = %s and a.code = w.code and a.currency = w.currency
"""
# In key order, so that two transactions making the same accounts wait for each other in one direction only.
_MAKE = """
with wanted as (
  select * from jsonb_to_recordset(%s::jsonb)
    as w(id uuid, code text, kind text, owner uuid, currency text, floor bigint, ceiling bigint, balance uuid)
), made as (
  insert into ledger_account (id, merchant_id, code, kind, owner, currency)
  select id, %s, code, kind, owner, currency from wanted order by code, currency
  on conflict (merchant_id, code, currency) do nothing
  returning id, merchant_id
)
insert into ledger_balance (id, merchant_id, account_id, amount_fen, floor_fen, ceiling_fen)
select w.balance, made.merchant_id, made.id, 0, w.floor, w.ceiling
from made join wanted w on w.id = made.id where w.floor is not null or w.ceiling is not null
"""
_LOCK = """
select account_id, amount_fen, floor_fen, ceiling_fen from ledger_balance
where merchant_id = %s and account_id = any(%s) order by account_id for no key update
"""
_MOVE = """
update ledger_balance b set amount_fen = b.amount_fen + m.fen
from jsonb_to_recordset(%s::jsonb) as m(account uuid, fen bigint)
where b.merchant_id = %s and b.account_id = m.account
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A locked balance and its limits, in fen; None where that side has none."""

    amount: int
    floor: int | None
    ceiling: int | None

    def check(self, account: UUID, fen: int) -> None:
        """Raise BalanceTooLow or BalanceTooHigh where `fen` more would pass a limit."""
        after = self.amount + fen
        if self.floor is not None and after < self.floor:
            raise BalanceTooLow(account=str(account), available=self.amount - self.floor, asked=-fen)
        if self.ceiling is not None and after > self.ceiling:
            raise BalanceTooHigh(account=str(account), room=self.ceiling - self.amount, asked=fen)


def ensure_accounts(wanted: Iterable[Key]) -> Mapping[Key, UUID]:
    """The ids of these accounts, made where missing (with a balance row where the chart has a limit)."""
    keys = sorted(set(wanted))
    found = _find(keys)
    missing = [key for key in keys if key not in found]
    if missing:
        _make(missing)
        found |= _find(missing)  # also those that another transaction has just made
    return found


def _find(keys: list[Key]) -> dict[Key, UUID]:
    by_text = {(account.code, currency): (account, currency) for account, currency in keys}
    asked = to_json([{"code": code, "currency": currency} for code, currency in by_text])
    rows = execute_prepared(_FIND, [asked, current_merchant()]).fetchall()
    return {by_text[code, currency]: account for code, currency, account in rows}


def _make(keys: list[Key]) -> None:
    rows = [
        {
            "id": str(uuid7()),
            "code": account.code,
            "kind": account.kind,
            "owner": str(account.owner) if account.owner else None,
            "currency": currency,
            "floor": account.entry.floor,
            "ceiling": account.entry.ceiling,
            "balance": str(uuid7()),
        }
        for account, currency in keys
    ]
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, [json.dumps(rows), current_merchant()])


def lock_balances(accounts: Iterable[UUID]) -> dict[UUID, Standing]:
    """Lock the balances of these accounts in key order; how each stands."""
    wanted = sorted(set(accounts))
    if not wanted:
        return {}
    enter_rank(Rank.ACCOUNT)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [current_merchant(), wanted])
        return {account: Standing(*figures) for account, *figures in cursor.fetchall()}


def move_balances(locked: Mapping[UUID, Standing], changes: Mapping[UUID, int]) -> None:
    """Change locked balances; raises BalanceTooLow or BalanceTooHigh where one would pass its limit.

    The table's check constraint says the same once more, for writes that do not come through here.
    """
    moved = {account: fen for account, fen in changes.items() if account in locked and fen}
    for account, fen in moved.items():
        locked[account].check(account, fen)
    if moved:
        rows = [{"account": str(account), "fen": fen} for account, fen in moved.items()]
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [json.dumps(rows), current_merchant()])
