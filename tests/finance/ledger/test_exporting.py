"""The books as accountants read them: nothing is missing, nothing is twice, and vouchers balance."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from tests.finance.ledger.support import capture
from tongdao.config.cli import main
from tongdao.finance.ledger.chart import CHART, held_seller
from tongdao.finance.ledger.exporting import (
    POSTING_HEADS,
    VOUCHER_HEADS,
    posting_rows,
    voucher_rows,
    vouchers,
)
from tongdao.finance.ledger.models import Posting
from tongdao.finance.ledger.operations import post_transactions, reverse_transaction, seal_through
from tongdao.finance.ledger.queries import trial_balance
from tongdao.finance.ledger.refusals import BadPeriod, DayNotSealed
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.clock import today
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import parse_yuan
from tongdao.foundation.tenancy import merchant_scope

SELLER = held_seller(uuid7())


def ago(days: int) -> date:
    return today() - timedelta(days=days)


@pytest.fixture
def books(merchant: UUID) -> UUID:
    """Two captures and a reversal three days ago, one capture two days ago, one today; sealed until today."""
    with merchant_scope(merchant):
        batch = [capture("a", 1_000, SELLER, booked_on=ago(3)), capture("b", 50, booked_on=ago(3))]
        first, _ = post_transactions(batch, actor=SYSTEM)
        reverse_transaction(first.id, "undo", actor=SYSTEM, booked_on=ago(3))
        post_transactions([capture("c", 7, SELLER, booked_on=ago(2))], actor=SYSTEM)
        post_transactions([capture("d", 9, SELLER)], actor=SYSTEM)
    with merchant_scope(merchant):
        seal_through(ago(1), actor=SYSTEM)
    return merchant


def test_each_posting_of_the_period_is_one_row(books: UUID) -> None:
    with merchant_scope(books):
        rows = list(posting_rows(ago(3), ago(2)))
        assert len(rows) == Posting.objects.filter(booked_on__lte=ago(2)).count() == 7
        assert all(len(row) == len(POSTING_HEADS) for row in rows)
        assert [row[0] for row in rows] == sorted(row[0] for row in rows)
        assert Counter(row[7] for row in rows) == {"10.00": 4, "0.50": 1, "0.07": 2}
        assert len(list(posting_rows(today(), today()))) == 2, "an open day can be read, too"


def test_vouchers_balance_and_end_where_the_trial_balance_does(books: UUID) -> None:
    with merchant_scope(books):
        lines = list(vouchers(ago(3), ago(1)))
        ends: Counter[str] = Counter()
        sides: Counter[tuple[date, int]] = Counter()
        for line in lines:
            assert bool(line.debit) != bool(line.credit)
            sides[line.day, line.number] += line.debit - line.credit
            ends[line.account] += line.credit - line.debit
        assert set(sides.values()) == {0}
        assert ends == {row.account.kind: row.balance for row in trial_balance(ago(1))}
        papers = {(line.day, line.kind): line.transactions for line in lines}
    assert papers == {(ago(3), "capture"): 2, (ago(3), "reversal"): 1, (ago(2), "capture"): 1}


def test_numbers_run_through_the_month_wherever_the_period_begins(books: UUID) -> None:
    with merchant_scope(books):
        whole = [(line.day, line.number, line.account, line.debit) for line in vouchers(ago(3), ago(1))]
        late = [(line.day, line.number, line.account, line.debit) for line in vouchers(ago(2), ago(1))]
    assert late == [line for line in whole if line[0] >= ago(2)]
    for month in {day.replace(day=1) for day, *_ in whole}:
        numbers = sorted({number for day, number, *_ in whole if day.replace(day=1) == month})
        assert numbers == list(range(1, len(numbers) + 1))


def test_vouchers_name_subjects_and_parties(books: UUID) -> None:
    with merchant_scope(books):
        rows = list(voucher_rows(ago(2), ago(2)))
        assert all(len(row) == len(VOUCHER_HEADS) for row in rows)
        said = {row[5]: (row[6], row[7], row[8], row[9]) for row in rows if row[5] != "220301"}
        channel, seller = CHART["external.buyer"].subject, CHART["held.seller"].subject
    assert said == {
        channel.code: (channel.name, "", "0.07", ""),
        seller.code: (seller.name, str(SELLER.owner), "", "0.07"),
    }


def test_an_open_day_has_no_vouchers(books: UUID) -> None:
    with merchant_scope(books), pytest.raises(DayNotSealed):
        vouchers(ago(3), today())
    with merchant_scope(uuid7()), pytest.raises(DayNotSealed):
        vouchers(ago(3), ago(3))


@pytest.mark.parametrize("rows", [posting_rows, vouchers])
def test_a_period_begins_before_it_ends(books: UUID, rows: object) -> None:
    assert callable(rows)
    with merchant_scope(books), pytest.raises(BadPeriod):
        rows(ago(1), ago(2))


def test_the_command_writes_what_a_spreadsheet_opens(books: UUID, tmp_path: Path) -> None:
    target = tmp_path / "vouchers.csv"
    period = ["--from", ago(3).isoformat(), "--until", ago(1).isoformat()]
    call_command("ledger_export", *period, merchant=books, layout="vouchers", out=target)
    raw = target.read_bytes()
    assert raw.startswith("\ufeff".encode())
    heads, *rows = csv.reader(raw.decode("utf-8-sig").splitlines())
    with override("zh-hans"):
        assert heads == [str(head) for head in VOUCHER_HEADS] and "凭证号" in heads
    fen = [sum(int(parse_yuan(row[column])) for row in rows if row[column]) for column in (8, 9)]
    assert fen[0] == fen[1] == 2 * 1_000 + 2 * 1_000 + 50 + 2 * 7


def test_a_refused_export_leaves_the_file_as_it_was(books: UUID, tmp_path: Path) -> None:
    target = tmp_path / "old.csv"
    target.write_text("kept")
    with pytest.raises(CommandError, match=r"sealed|封账"):
        call_command(
            "ledger_export",
            *["--from", ago(3).isoformat(), "--until", today().isoformat()],
            merchant=books,
            layout="vouchers",
            out=target,
        )
    assert target.read_text() == "kept"


def test_the_command_line_has_both(books: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "verify", "--merchant", str(books)]) == 0
    assert "hold together" in capsys.readouterr().out
    day = ago(2).isoformat()
    assert main(["ledger", "export", "--merchant", str(books), "--from", day, "--until", day]) == 0
    assert capsys.readouterr().out.count("0.07") == 2
    with pytest.raises(SystemExit):
        main(["ledger", "burn"])
