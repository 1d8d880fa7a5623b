"""Whoever gets past every lock of the database is found and named."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from tests.finance.ledger.support import Superuser, capture, tampering
from tongdao.finance.ledger.chart import held_seller
from tongdao.finance.ledger.models import LedgerDay, Transaction
from tongdao.finance.ledger.operations import post_transactions, seal_through
from tongdao.finance.ledger.seals import sealed
from tongdao.finance.ledger.soundness import UnsoundLedger, assert_ledger_sound
from tongdao.finance.ledger.verifying import Problem, verify_seals
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.clock import today
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope


def ago(days: int) -> date:
    return today() - timedelta(days=days)


@pytest.fixture
def books(merchant: UUID) -> UUID:
    """Three sealed days with two transactions each, and an open one."""
    seller = held_seller(uuid7())
    with merchant_scope(merchant):
        for day in (3, 2, 1, 0):
            batch = [capture(f"{day}{n}", 50, to=seller, booked_on=ago(day)) for n in "ab"]
            post_transactions(batch, actor=SYSTEM)
        seal_through(ago(1), actor=SYSTEM)
    return merchant


def problems(merchant: UUID) -> list[Problem]:
    with merchant_scope(merchant):
        return verify_seals()


def transaction(merchant: UUID, key: str) -> UUID:
    with merchant_scope(merchant):
        return Transaction.objects.get(key=key).id


ONE = "merchant_id = %(merchant)s and transaction_id = %(transaction)s and position = 1"
HEAD = "merchant_id = %(merchant)s and id = %(transaction)s"
TAMPERED = {
    f"update ledger_posting set amount_fen = 51 where {ONE}": {"seal", "row", "transaction", "closing"},
    f"update ledger_posting set source_id = destination_id, destination_id = source_id where {ONE}": {
        "seal",
        "row",
        "transaction",
        "closing",
    },
    f"update ledger_posting set reference = gen_random_uuid() where {ONE}": {"seal", "row", "transaction"},
    f"update ledger_posting set currency = 'USD' where {ONE}": {"seal", "row"},
    f"delete from ledger_posting where {ONE}": {"seal", "row", "postings_count", "transaction", "closing"},
    f"update ledger_posting set position = 7 where {ONE}": {"seal", "row"},
    f"update ledger_transaction set subject = gen_random_uuid() where {HEAD}": {"seal", "row", "transaction"},
    f"update ledger_transaction set key = 'other' where {HEAD}": {"seal", "row"},
    f"update ledger_transaction set actor_kind = 'staff' where {HEAD}": {"seal", "row"},
    f"update ledger_transaction set at = at + interval '1 microsecond' where {HEAD}": {"seal", "row"},
}


def test_untouched_books_have_no_problem(books: UUID) -> None:
    assert problems(books) == []
    assert_ledger_sound(books)


@pytest.mark.parametrize("statement", TAMPERED)
def test_a_tampered_row_is_found_and_its_day_named(books: UUID, superuser: Superuser, statement: str) -> None:
    target = transaction(books, "2b")
    with tampering(superuser):
        changed = superuser.execute(statement, {"merchant": books, "transaction": target})
    assert changed.rowcount == 1
    found = problems(books)
    assert {problem.what for problem in found} == TAMPERED[statement]
    assert {problem.day for problem in found} == {ago(2)}
    assert {problem.transaction for problem in found if problem.what in ("row", "transaction")} == {target}
    with pytest.raises(UnsoundLedger):
        assert_ledger_sound(books)


def test_a_transaction_of_the_open_day_is_checked_too(books: UUID, superuser: Superuser) -> None:
    target = transaction(books, "0a")
    with tampering(superuser):
        superuser.execute(
            f"update ledger_posting set amount_fen = 1 where {ONE}",
            {"merchant": books, "transaction": target},
        )
    assert [(p.day, p.what, p.transaction) for p in problems(books)] == [(today(), "transaction", target)]


def test_postings_that_are_gone_or_moved_are_named(books: UUID, superuser: Superuser) -> None:
    gone, moved = transaction(books, "3a"), transaction(books, "2a")
    with tampering(superuser):
        superuser.execute(
            "delete from ledger_posting where merchant_id = %s and transaction_id = %s", [books, gone]
        )
        superuser.execute(
            "update ledger_posting set booked_on = %s where merchant_id = %s and transaction_id = %s",
            [ago(40), books, moved],
        )
    found = {(p.day, p.what, p.transaction) for p in problems(books)}
    assert {
        (ago(3), "booked_on", gone),
        (ago(2), "booked_on", moved),
        (ago(40), "day_missing", None),
    } <= found


def test_a_transaction_that_is_gone_whole_and_one_that_came_later_are_named(
    books: UUID, superuser: Superuser
) -> None:
    gone, moved = transaction(books, "2a"), transaction(books, "0a")
    with tampering(superuser):
        superuser.execute("delete from ledger_posting where transaction_id = %s", [gone])
        superuser.execute("delete from ledger_transaction where id = %s", [gone])
        for table, column in ("ledger_posting", "transaction_id"), ("ledger_transaction", "id"):
            superuser.execute(f"update {table} set booked_on = %s where {column} = %s", [ago(3), moved])
    rows = [problem for problem in problems(books) if problem.what == "row"]
    assert [(p.day, p.transaction, bool(p.expected), bool(p.found)) for p in rows] == [
        (ago(3), moved, False, True),
        (ago(2), gone, True, False),
    ]


def test_leaves_that_were_changed_are_told_too(books: UUID, superuser: Superuser) -> None:
    with tampering(superuser):
        superuser.execute(
            "update ledger_day set leaves = substr(leaves, 25) where merchant_id = %s and day = %s",
            [books, ago(1)],
        )
    assert [(p.day, p.what, p.transaction) for p in problems(books)] == [
        (ago(1), "row", transaction(books, "1a"))
    ]


def test_a_day_sealed_before_there_were_leaves_holds(books: UUID, superuser: Superuser) -> None:
    with tampering(superuser):
        superuser.execute("update ledger_day set leaves = null where merchant_id = %s", [books])
    assert problems(books) == []


def test_a_new_seal_over_a_changed_day_breaks_the_chain(books: UUID, superuser: Superuser) -> None:
    """A forger with all rights changes a row and its hashes, and seals the day again; the next day tells."""
    target = transaction(books, "2b")
    with tampering(superuser):
        superuser.execute(
            f"update ledger_transaction set key = 'forged' where {HEAD}",
            {"merchant": books, "transaction": target},
        )
        with merchant_scope(books):
            row = LedgerDay.objects.get(day=ago(2))
            forged = sealed(row.day, row.previous)
        superuser.execute(
            "update ledger_day set seal = %s, leaves = %s where merchant_id = %s and day = %s",
            [forged.seal, forged.packed, books, ago(2)],
        )
    assert [(p.day, p.what) for p in problems(books)] == [(ago(1), "chain")]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update ledger_day set postings = 3 where merchant_id = %s and day = %s", {(2, "postings_count")}),
        ("update ledger_day set sealed_at = null where merchant_id = %s and day = %s", {(1, "gap")}),
        (
            "delete from ledger_day where merchant_id = %s and day = %s",
            {(2, "day_missing"), (1, "gap"), (1, "chain")},
        ),
    ],
)
def test_a_tampered_day_is_found(
    books: UUID, superuser: Superuser, statement: str, expected: set[tuple[int, str]]
) -> None:
    with tampering(superuser):
        superuser.execute(statement, [books, ago(2)])
    assert {(p.day, p.what) for p in problems(books)} == {(ago(back), what) for back, what in expected}


def test_the_seal_can_be_recomputed_from_its_description(books: UUID, superuser: Superuser) -> None:
    """As docs/algorithms/ledger.md describes it, with nothing of ours but the rows."""
    rows = superuser.execute(
        """
        select t.id::text, p.position, p.id::text, s.code, d.code, p.amount_fen, p.currency,
          p.reference::text, p.booked_on::text, t.key, encode(t.input_hash, 'hex'), t.kind,
          t.subject::text, t.booked_on::text,
          t.reverses_id::text, to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00',
          t.actor_kind, t.actor_id::text
        from ledger_posting p join ledger_transaction t on t.id = p.transaction_id
        join ledger_account s on s.id = p.source_id join ledger_account d on d.id = p.destination_id
        where p.merchant_id = %s and p.booked_on = %s order by t.id, p.position
        """,
        [books, ago(3)],
    ).fetchall()
    text = f"{ago(3)}\n" + "".join(json.dumps(list(row), separators=(",", ":")) + "\n" for row in rows)
    with merchant_scope(books):
        assert LedgerDay.objects.get(day=ago(3)).seal == hashlib.sha256(bytes(32) + text.encode()).digest()


def test_the_command_says_so_and_fails(
    books: UUID, superuser: Superuser, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("ledger_verify", merchant=books)
    assert "hold together" in capsys.readouterr().out
    with tampering(superuser):
        superuser.execute("update ledger_posting set amount_fen = 51 where merchant_id = %s", [books])
    with pytest.raises(CommandError):
        call_command("ledger_verify", merchant=books)
    assert str(transaction(books, "2b")) in capsys.readouterr().out
