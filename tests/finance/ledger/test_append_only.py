"""What is posted stays: neither the application nor the owner of the tables can change or remove it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.db.utils import DatabaseError

from tests.conftest import Cluster
from tests.finance.ledger.support import capture
from tongdao.finance.ledger.chart import released_promoter
from tongdao.finance.ledger.operations import post_transactions, seal_day
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.clock import today
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope

CHANGES = [
    "update ledger_posting set amount_fen = amount_fen + 1",
    "delete from ledger_posting",
    "truncate ledger_posting cascade",
    "update ledger_transaction set kind = 'other'",
    "delete from ledger_transaction",
    "update ledger_account set code = 'held.seller:' || id",
    "delete from ledger_account",
    "update ledger_day set sealed_at = null where sealed_at is not null",
    "update ledger_day set seal = decode(repeat('00', 32), 'hex') where sealed_at is not null",
    "delete from ledger_day",
]


@pytest.fixture
def books(merchant: UUID) -> UUID:
    with merchant_scope(merchant):
        day = today() - timedelta(days=1)
        post_transactions([capture("k", to=released_promoter(uuid7()), booked_on=day)], actor=SYSTEM)
        seal_day(day, actor=SYSTEM)
    return merchant


@pytest.mark.parametrize("statement", CHANGES)
def test_the_application_cannot(books: UUID, statement: str) -> None:
    with pytest.raises(DatabaseError), merchant_scope(books), connection.cursor() as cursor:
        cursor.execute(statement)
    assert_ledger_sound(books)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_owner_cannot(cluster: Cluster, books: UUID, statement: str) -> None:
    with (
        pytest.raises(psycopg.errors.RestrictViolation, match="append-only"),
        psycopg.connect(cluster.urls.owner) as owner,
    ):
        owner.execute("select set_config('tongdao.merchant', %s, true)", [str(books)])
        owner.execute(statement)
    assert_ledger_sound(books)


@pytest.mark.parametrize("fen", [0, -5])
def test_the_database_itself_refuses_what_is_not_above_zero(books: UUID, fen: int) -> None:
    copy = f"""
    insert into ledger_posting (id, merchant_id, transaction_id, position, source_id, destination_id,
      amount_fen, currency, booked_on)
    select '{uuid7()}', merchant_id, transaction_id, 9, source_id, destination_id, {fen}, currency, booked_on
    from ledger_posting limit 1
    """
    with (
        pytest.raises(DatabaseError, match="ledger_posting_amount"),
        merchant_scope(books),
        connection.cursor() as cursor,
    ):
        cursor.execute(copy)
