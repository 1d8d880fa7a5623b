"""A payout may keep tax back: the account is there. What is kept back, and when, nobody reckons yet."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.finance.ledger.support import capture
from tongdao.finance.ledger.chart import AccountRef
from tongdao.finance.ledger.drafts import Draft, Line
from tongdao.finance.ledger.operations import post_transactions
from tongdao.finance.ledger.queries import balance
from tongdao.finance.ledger.refusals import BalanceTooLow
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope

TAX, PAYEE = AccountRef("tax_withheld"), AccountRef("external.payee")


def payout(key: str, source: AccountRef, net: int, tax: int) -> Draft:
    lines = [Line(source, PAYEE, Fen(net)), Line(source, TAX, Fen(tax))]
    return Draft(key, "payout", uuid7(), lines)


def test_what_is_withheld_and_what_arrives_are_what_was_claimed(merchant: UUID) -> None:
    claimed = AccountRef("claimed.promoter", uuid7())
    with merchant_scope(merchant):
        post_transactions([capture("earned", 1_000, to=claimed)], actor=SYSTEM)
    with merchant_scope(merchant), pytest.raises(BalanceTooLow):
        post_transactions([payout("more than there is", claimed, 900, 101)], actor=SYSTEM)
    with merchant_scope(merchant):
        post_transactions([payout("paid", claimed, 840, 160)], actor=SYSTEM)
    with merchant_scope(merchant):
        assert (balance(claimed), balance(PAYEE), balance(TAX)) == (0, 840, 160)
    assert_ledger_sound(merchant)
