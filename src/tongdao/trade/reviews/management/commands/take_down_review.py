"""`tongdao manage take_down_review MERCHANT REVIEW --reason court_order`, for whoever runs the platform."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.reviews.operations import TAKE_DOWN_REASONS, take_down_review


class Command(BaseCommand):
    help = "Take a review down by law. Its words and pictures are erased, a tombstone with the reason stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("merchant", type=UUID)
        parser.add_argument("review", type=UUID)
        parser.add_argument("--reason", required=True, choices=TAKE_DOWN_REASONS)

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            with merchant_scope(options["merchant"]):
                take_down_review(options["review"], reason=options["reason"], actor=Actor("operator"))
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("taken down")
