from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from tongdao.foundation.events import reader_named, replay
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.search.queries import indexed
from tongdao.party.merchants.models import Merchant


class Command(BaseCommand):
    help = "Empty the index of products and read it again from the event log, of one merchant or of all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--merchant", type=UUID, metavar="ID")

    def handle(self, *args: Any, **options: Any) -> None:
        merchants = Merchant.objects.order_by("id")
        if options["merchant"]:
            merchants = merchants.filter(pk=options["merchant"])
        for merchant in merchants:
            events = replay(reader_named("search.products"), merchant.id)
            with merchant_scope(merchant.id):
                count = indexed()
            self.stdout.write(f"{merchant.id}: {count} products out of {events} events")
