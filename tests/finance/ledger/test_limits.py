"""An account with a floor never goes below it, whoever else is withdrawing."""

from __future__ import annotations

from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import IntegrityError

from tests.finance.ledger.support import Crowd, capture, payout
from tongdao.finance.ledger.chart import (
    BUYER_FUNDS,
    AccountRef,
    owed_back_promoter,
    released_promoter,
    released_seller,
)
from tongdao.finance.ledger.drafts import Draft, Line
from tongdao.finance.ledger.models import Balance
from tongdao.finance.ledger.operations import post_transactions
from tongdao.finance.ledger.queries import balance
from tongdao.finance.ledger.refusals import BalanceTooHigh, BalanceTooLow
from tongdao.finance.ledger.soundness import assert_ledger_sound, find_faults
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope

CROWD = 6


@pytest.fixture
def promoter(merchant: UUID) -> AccountRef:
    """An account with a floor of 0 that holds 100 fen."""
    account = released_promoter(uuid7())
    with merchant_scope(merchant):
        post_transactions([capture("income", 100, to=account)], actor=SYSTEM)
    return account


def test_below_the_floor_is_refused_and_says_what_is_there(merchant: UUID, promoter: AccountRef) -> None:
    with merchant_scope(merchant):
        with pytest.raises(BalanceTooLow) as refused:
            post_transactions([payout("fits", promoter, 60), payout("too much", promoter, 41)], actor=SYSTEM)
        assert (refused.value.details["available"], refused.value.details["asked"]) == (100, 101)
        assert balance(promoter) == 100, "the whole batch is refused"
        with pytest.raises(BalanceTooLow):
            post_transactions([payout("new account", released_seller(uuid7()), 1)], actor=SYSTEM)
    with merchant_scope(merchant):
        post_transactions([payout("all", promoter, 100)], actor=SYSTEM)
    assert_ledger_sound(merchant)


def test_a_batch_may_earn_what_it_spends(merchant: UUID, promoter: AccountRef) -> None:
    with merchant_scope(merchant):
        batch = [payout("spend", promoter, 150), capture("earn", 50, to=promoter)]
        post_transactions(batch, actor=SYSTEM)
        assert balance(promoter) == 0
    assert_ledger_sound(merchant)


def test_a_repeated_transaction_moves_no_balance(merchant: UUID, promoter: AccountRef) -> None:
    draft = payout("p", promoter, 80)
    for _ in range(2):
        with merchant_scope(merchant):
            post_transactions([draft], actor=SYSTEM)
    with merchant_scope(merchant):
        assert Balance.objects.get().amount_fen == balance(promoter) == 20


def withdraw(promoter: AccountRef, key: str) -> bool:
    try:
        post_transactions([payout(key, promoter, 30)], actor=SYSTEM)
    except BalanceTooLow:
        return False
    return True


def test_many_withdraw_at_once(merchant: UUID, crowd: Crowd, promoter: AccountRef) -> None:
    with merchant_scope(merchant):
        withdraw(promoter, "k")
        results = [crowd.start(merchant, partial(withdraw, promoter, f"k{n}")) for n in range(CROWD - 1)]
        crowd.wait_until_blocked(CROWD - 1)
    assert sum(result.result() for result in results) == 2, "with the first, three times 30 of 100"
    with merchant_scope(merchant):
        assert balance(promoter) == 10
    assert_ledger_sound(merchant)


def read_then_write(barrier: Barrier) -> bool:
    """What goes wrong everywhere: the check sees a balance that the others are about to change."""
    enough = Balance.objects.get().amount_fen >= 30
    barrier.wait(30)
    if enough:
        with connection.cursor() as cursor:
            cursor.execute("update ledger_balance set amount_fen = amount_fen - 30")
    return enough


def test_negative_control_reading_before_writing_goes_below(
    merchant: UUID, crowd: Crowd, promoter: AccountRef
) -> None:
    with merchant_scope(merchant):
        Balance.objects.update(floor_fen=-1_000_000)  # or the constraint would save it, as below
    barrier = Barrier(CROWD)
    results = [crowd.start(merchant, lambda: read_then_write(barrier)) for _ in range(CROWD)]
    assert all(result.result() for result in results)
    with merchant_scope(merchant):
        assert Balance.objects.get().amount_fen == 100 - CROWD * 30 < 0
        assert any("balance row" in fault for fault in find_faults())


def test_the_table_itself_holds_the_floor(merchant: UUID, crowd: Crowd, promoter: AccountRef) -> None:
    barrier = Barrier(CROWD)
    results = [crowd.start(merchant, lambda: read_then_write(barrier)) for _ in range(CROWD)]
    refused = [result.exception() for result in results if result.exception()]
    assert len(refused) == CROWD - 3
    assert all(
        isinstance(error, IntegrityError) and "ledger_balance_limit" in str(error) for error in refused
    )
    with merchant_scope(merchant):
        assert Balance.objects.get().amount_fen == 10


def test_two_accounts_in_either_order_do_not_deadlock(merchant: UUID, crowd: Crowd) -> None:
    one, two = released_promoter(uuid7()), released_promoter(uuid7())
    with merchant_scope(merchant):
        post_transactions([capture("1", 1000, to=one), capture("2", 1000, to=two)], actor=SYSTEM)

    def spend(number: int) -> None:
        pair = [payout(f"a{number}", one, 1), payout(f"b{number}", two, 1)]
        post_transactions(pair if number % 2 else pair[::-1], actor=SYSTEM)

    for result in [crowd.start(merchant, partial(spend, n)) for n in range(30)]:
        result.result()
    with merchant_scope(merchant):
        assert (balance(one), balance(two)) == (970, 970)
    assert_ledger_sound(merchant)


def test_a_debt_is_never_paid_back_twice(merchant: UUID, crowd: Crowd) -> None:
    """An account with a ceiling of 0: what is owed back is netted once, whoever else is netting."""
    debtor = uuid7()
    debt, due = owed_back_promoter(debtor), released_promoter(debtor)
    with merchant_scope(merchant):
        owed = Draft("owed", "refund", uuid7(), [Line(debt, BUYER_FUNDS, Fen(100))])
        post_transactions([owed, capture("income", 600, to=due)], actor=SYSTEM)

    barrier = Barrier(CROWD)

    def net(number: int) -> None:
        barrier.wait()
        post_transactions([Draft(f"net:{number}", "net", uuid7(), [Line(due, debt, Fen(40))])], actor=SYSTEM)

    outcomes = [crowd.start(merchant, partial(net, number)) for number in range(CROWD)]
    refused = [error for error in (outcome.exception() for outcome in outcomes) if error]
    assert all(isinstance(error, BalanceTooHigh) for error in refused)
    assert len(refused) == CROWD - 2, "40 and 40 of 100; the third would be 20 too much"
    with merchant_scope(merchant):
        assert (balance(debt), balance(due)) == (-20, 520)
    assert_ledger_sound(merchant)


def test_negative_control_without_the_check_the_constraint_still_holds(merchant: UUID) -> None:
    with merchant_scope(merchant):
        debt = owed_back_promoter(uuid7())
        post_transactions([Draft("o", "refund", uuid7(), [Line(debt, BUYER_FUNDS, Fen(9))])], actor=SYSTEM)
    with (
        pytest.raises(IntegrityError, match="ledger_balance_ceiling"),
        merchant_scope(merchant),
        connection.cursor() as cursor,
    ):
        cursor.execute("update ledger_balance set amount_fen = amount_fen + 10")
