"""`ledger_export --merchant ID --from DAY --until DAY [--layout vouchers] [--out FILE]`: the books as CSV."""

from __future__ import annotations

import csv
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from tongdao.finance.ledger.exporting import POSTING_HEADS, VOUCHER_HEADS, posting_rows, voucher_rows
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope

LAYOUTS = {"postings": (POSTING_HEADS, posting_rows), "vouchers": (VOUCHER_HEADS, voucher_rows)}


class Command(BaseCommand):
    help = "Write a merchant's postings, or vouchers in the Chinese layout, as CSV that a spreadsheet opens."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--merchant", type=UUID, required=True, help="id of the merchant")
        parser.add_argument("--from", dest="since", type=date.fromisoformat, required=True, metavar="DAY")
        parser.add_argument("--until", type=date.fromisoformat, required=True, metavar="DAY")
        parser.add_argument("--layout", choices=LAYOUTS, default="postings")
        parser.add_argument("--language", choices=("zh-hans", "en"), default="zh-hans")
        parser.add_argument("--out", type=Path, help="the file; without it, standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        heads, rows = LAYOUTS[options["layout"]]
        try:
            with translation.override(options["language"]), merchant_scope(options["merchant"]):
                found = rows(options["since"], options["until"])
                with _target(options["out"]) as stream:
                    writer = csv.writer(stream)
                    writer.writerow([str(head) for head in heads])
                    writer.writerows(found)
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error.strerror}.") from error
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal


def _target(path: Path | None) -> AbstractContextManager[TextIO]:
    """The file, with the mark by which spreadsheets know UTF-8; or standard output, which stays open."""
    return path.open("w", encoding="utf-8-sig", newline="") if path else nullcontext(sys.stdout)
