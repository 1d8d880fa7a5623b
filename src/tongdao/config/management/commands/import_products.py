from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from tongdao.config.stores import find_store
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import Refusal
from tongdao.goods.intake.operations import import_products
from tongdao.goods.intake.report import ImportReport

TOLD_EVERY = 1.0  # seconds between two lines of progress
LINES = (
    ("products", ("products_created", "products_updated", "products_unchanged")),
    ("SKUs", ("skus_created", "skus_updated", "skus_unchanged")),
)


class Command(BaseCommand):
    help = "Bring products in from a CSV file in the Shopify export format. Nothing is deleted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the CSV file")
        parser.add_argument("--store", metavar="SLUG", help="path of the store, if there are several")
        parser.add_argument("--currency", required=True, help="currency of the file's prices, such as CNY")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--json", action="store_true", help="the report for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            report = self._run(options)
            self.stdout.write(
                json.dumps(report.as_json(), ensure_ascii=False, indent=1)
                if options["json"]
                else "\n".join(in_words(report))
            )

    def _run(self, options: dict[str, Any]) -> ImportReport:
        path = Path(options["file"])
        try:
            with path.open("rb") as stream:
                return import_products(
                    find_store(options["store"]).merchant_id,
                    stream,
                    currency=options["currency"],
                    dry_run=options["dry_run"],
                    actor=Actor("operator"),
                    progress=self._teller(),
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def _teller(self) -> Any:
        """Progress goes to stderr, so that the report alone is the output."""
        told = time.monotonic()

        def tell(report: ImportReport) -> None:
            nonlocal told
            if time.monotonic() - told >= TOLD_EVERY:
                told = time.monotonic()
                self.stderr.write(f"  {report.counts.products:,} products read …")
                self.stderr.flush()

        return tell


def in_words(report: ImportReport) -> list[str]:
    """The report as lines for a person."""
    counts = report.counts.as_json()
    lines = ["This is what would happen; nothing was written."] if report.dry_run else []
    for what, names in LINES:
        new, changed, same = (counts[name] for name in names)
        lines.append(f"{what}: {new:,} new, {changed:,} changed, {same:,} as they were")
    lines.append(
        f"prices changed: {counts['prices_changed']:,}; stock set: {counts['stock_changed']:,};"
        f" pictures: {counts['images_added']:,} to be fetched, {counts['images_changed']:,} moved or renamed"
    )
    lines.append(f"problems: {report.problem_total:,}")
    for problem in report.in_order:
        column = f", {problem.column}" if problem.column else ""
        lines.append(f"  line {problem.line}{column}: {problem.message}")
    if report.problem_total > len(report.problems):
        lines.append(f"  … and {report.problem_total - len(report.problems):,} more")
    return lines
