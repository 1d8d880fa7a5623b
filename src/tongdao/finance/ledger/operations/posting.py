"""Posting: a batch of transactions in a constant number of statements.

Post once in a transaction of the database, with everything that belongs together in one batch: a second batch
that touches an account with a limit would take its lock after the day's, and is refused by the lock order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.db import transaction

from tongdao.finance.ledger.accounts import Key, ensure_accounts, lock_balances, move_balances
from tongdao.finance.ledger.chart import limited
from tongdao.finance.ledger.days import lock_day, lock_named_days
from tongdao.finance.ledger.drafts import Draft, Posted, distinct
from tongdao.finance.ledger.refusals import AlreadyReversed, TransactionKeyReused
from tongdao.finance.ledger.storing import Stored, find_stored, store
from tongdao.foundation.actors import Actor
from tongdao.foundation.tenancy import current_merchant, current_scope


class _RolledBack(Exception):
    """Ends a dry run."""


def post_transactions(batch: Sequence[Draft], *, actor: Actor) -> list[Posted]:
    """Post all of `batch` or, when it refuses, nothing; the answers stand in the order of the drafts.

    A draft whose key is in the books already with the same input is not posted again (`repeated`).
    Raises TransactionKeyReused, BalanceTooLow, BalanceTooHigh, AlreadyReversed, DayNotOpen.
    """
    current_merchant()
    drafts = distinct(batch)
    if not drafts:
        return []
    with _all_or_nothing():
        posted = _post(list(drafts.values()), actor)
    return _in_order(batch, posted)


def dry_run(batch: Sequence[Draft], *, actor: Actor) -> list[Posted]:
    """What `post_transactions` would answer, or the refusal that it would raise; leaves nothing behind."""
    posted: list[Posted] = []
    try:
        with _all_or_nothing():
            posted = post_transactions(batch, actor=actor)
            raise _RolledBack
    except _RolledBack:
        return posted


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """A savepoint: whoever catches our refusal finds the books, and the locks, as they were."""
    scope = current_scope()
    rank = scope.locked if scope else -1
    try:
        with transaction.atomic():
            yield
    except BaseException:
        if scope:
            scope.locked = rank
        raise


def _post(drafts: list[Draft], actor: Actor) -> dict[str, Posted]:
    """Leave out what is in the books; lock balances, then days; write; move the balances."""
    stored = find_stored([draft.key for draft in drafts])
    fresh = [draft for draft in drafts if draft.key not in stored]
    if fresh:
        accounts = ensure_accounts((a, draft.currency) for draft in fresh for a in draft.accounts())
        locked = lock_balances(_limited(accounts))
        days = _lock_days(fresh)
        made = store(fresh, accounts, days, actor)
        stored |= _stored_meanwhile([draft for draft in fresh if draft.key not in made])
        written = [draft for draft in fresh if draft.key in made]
        if locked:
            move_balances(locked, _changes(written, accounts))
        new = {
            draft.key: Posted(made[draft.key], draft.key, days[draft.booked_on], False) for draft in written
        }
    else:
        new = {}
    return new | {draft.key: _repeat(draft, stored[draft.key]) for draft in drafts if draft.key in stored}


def _limited(accounts: Mapping[Key, UUID]) -> list[UUID]:
    guarded = set(limited(account for account, _ in accounts))
    return [found for (account, _), found in accounts.items() if account in guarded]


def _lock_days(drafts: Iterable[Draft]) -> dict[date | None, date]:
    """The day on which drafts with this `booked_on` are booked; all of them are locked."""
    asked = {draft.booked_on for draft in drafts}
    named = {day for day in asked if day is not None}
    lock_named_days(named)
    days: dict[date | None, date] = {day: day for day in named}
    if None in asked:
        days[None] = lock_day()
    return days


def _changes(drafts: Iterable[Draft], accounts: Mapping[Key, UUID]) -> Counter[UUID]:
    changes: Counter[UUID] = Counter()
    for draft in drafts:
        for line in draft.postings:
            changes[accounts[line.source, draft.currency]] -= line.amount
            changes[accounts[line.destination, draft.currency]] += line.amount
    return changes


def _stored_meanwhile(missing: Sequence[Draft]) -> dict[str, Stored]:
    """Those that another connection posted between our look and our insert, which waited for it."""
    found = find_stored([draft.key for draft in missing]) if missing else {}
    for draft in missing:
        if draft.key not in found:  # it was not the key that stood in the way
            raise AlreadyReversed(draft, transaction=str(draft.reverses))
    return found


def _repeat(draft: Draft, first: Stored) -> Posted:
    same_day = draft.booked_on is None or draft.booked_on == first.booked_on
    if first.digest != draft.digest or not same_day:
        raise TransactionKeyReused(draft, key=draft.key)
    return Posted(first.id, draft.key, first.booked_on, repeated=True)


def _in_order(batch: Sequence[Draft], posted: Mapping[str, Posted]) -> list[Posted]:
    """One answer a draft; the second draft with a key repeats the first."""
    seen: set[str] = set()
    answers = []
    for draft in batch:
        answer = posted[draft.key]
        if draft.key in seen:
            answer = Posted(answer.id, answer.key, answer.booked_on, repeated=True)
        seen.add(draft.key)
        answers.append(answer)
    return answers
