"""`ledger_verify [--merchant ID]`: recompute all seals and sums; name what does not agree, and fail then."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongdao.finance.ledger.soundness import find_faults
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Merchant


class Command(BaseCommand):
    help = "Check the books of one merchant or of all: seals, input hashes, sums, running balances."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--merchant", type=UUID, default=None, help="id of one merchant; without it, all")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen: UUID | None = options["merchant"]
        merchants = [chosen] if chosen else list(Merchant.objects.values_list("id", flat=True).order_by("id"))
        faults = [f"{merchant}: {fault}" for merchant in merchants for fault in self._faults(merchant)]
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in the books of {len(merchants)} merchants")
        self.stdout.write(f"The books of {len(merchants)} merchants hold together.")

    def _faults(self, merchant: UUID) -> list[str]:
        with merchant_scope(merchant):
            return find_faults()
