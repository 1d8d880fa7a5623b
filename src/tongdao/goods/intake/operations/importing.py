"""Bringing products in from a file, in bounded memory and short transactions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO
from uuid import UUID

from django.db import DatabaseError

from tongdao.foundation.actors import Actor
from tongdao.foundation.events.reading import connection_lost
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.importing import ParsedProduct, RowProblem, read_products
from tongdao.goods.intake.applying import Intake, apply_products
from tongdao.goods.intake.chunks import Chunk, chunks
from tongdao.goods.intake.problems import Problem
from tongdao.goods.intake.refusals import CurrencyDiffers
from tongdao.goods.intake.report import Counts, ImportReport
from tongdao.party.merchants.models import Merchant

log = logging.getLogger(__name__)
CODES_REMEMBERED = 500_000  # by a dry run, which cannot find them in the database

Note = Callable[[ImportReport, int], None]


def import_products(
    merchant_id: UUID,
    stream: BinaryIO,
    *,
    currency: str,
    dry_run: bool = False,
    node_id: UUID | None = None,
    actor: Actor,
    source: str = "import",
    progress: Callable[[ImportReport], None] | None = None,
) -> ImportReport:
    """Make the merchant's catalogue say what a product file in the Shopify export format says.

    Opens scopes of its own, one a chunk; `progress` is called after each. A dry run takes the same way and
    rolls each chunk back. Raises WrongFile or CurrencyDiffers before anything is written.
    """
    check_currency(merchant_id, currency)
    found = read_products(stream, currency=currency)
    how = Intake(currency, source, actor, node_id)
    return take_in(merchant_id, found, how, dry_run=dry_run, progress=progress)


def check_currency(merchant_id: UUID, stated: str) -> None:
    """A shop sells in one currency; a price in another one is a mistake. Raises CurrencyDiffers."""
    own = Merchant.objects.values_list("currency", flat=True).get(pk=merchant_id)
    if own != stated:
        raise CurrencyDiffers(merchant=own, stated=stated[:8])


def take_in(
    merchant_id: UUID,
    found: Iterable[ParsedProduct | RowProblem],
    how: Intake,
    *,
    dry_run: bool = False,
    progress: Callable[[ImportReport], None] | None = None,
    begun: ImportReport | None = None,
    skip: int = 0,
    note: Note | None = None,
) -> ImportReport:
    """Apply what was read. `skip` chunks were applied before, with `begun` as the report so far.

    `note(report, chunk number)` is called in the scope in which the chunk was written.
    """
    taker = _Taker(merchant_id, how, dry_run, note)
    report = begun or ImportReport(dry_run=dry_run)
    for number, chunk in enumerate(chunks(found), 1):
        if number > skip:
            report = taker.take(chunk, number, report)
            if progress:
                progress(report)
    return report


class _Undone(Exception):
    """Rolls a dry run's chunk back."""


@dataclass(slots=True)
class _Taker:
    merchant_id: UUID
    how: Intake
    dry_run: bool
    note: Note | None
    claimed: dict[str, str] = field(default_factory=dict)

    def take(self, chunk: Chunk, number: int, report: ImportReport) -> ImportReport:
        unseen = chunk.problem_total - len(chunk.problems)
        report = report.add(Counts(), chunk.problems, unseen_problems=unseen)
        return self._store(chunk.products, report, number)

    def _store(self, products: Sequence[ParsedProduct], report: ImportReport, number: int) -> ImportReport:
        """In one transaction; when the database refuses it, in halves, so that one product costs only itself.

        `number` is 0 for all but the last part of a chunk.
        """
        try:
            return self._store_together(products, report, number)
        except DatabaseError as error:
            if connection_lost(error):
                raise
            if len(products) < 2:
                log.warning("%s could not be imported: %s", products[0].handle if products else "", error)
                return self._left_out(products, report)
        half = len(products) // 2
        return self._store(products[half:], self._store(products[:half], report, 0), number)

    def _store_together(
        self, products: Sequence[ParsedProduct], report: ImportReport, number: int
    ) -> ImportReport:
        try:
            with merchant_scope(self.merchant_id):
                report = report.add(*apply_products(products, self.how, self.claimed))
                if self.dry_run:
                    raise _Undone
                self._tell(report, number)
        except _Undone:
            self._remember(products)
            with merchant_scope(self.merchant_id):
                self._tell(report, number)
        return report

    def _tell(self, report: ImportReport, number: int) -> None:
        if self.note and number:
            self.note(report, number)

    def _remember(self, products: Sequence[ParsedProduct]) -> None:
        for product in products:
            for variant in product.variants:
                if variant.sku_code and len(self.claimed) < CODES_REMEMBERED:
                    self.claimed.setdefault(variant.sku_code, product.handle)

    @staticmethod
    def _left_out(products: Sequence[ParsedProduct], report: ImportReport) -> ImportReport:
        problems = [
            Problem(product.line, "", "not_stored", {"value": product.handle[:40]}) for product in products
        ]
        return report.add(Counts(), problems)
