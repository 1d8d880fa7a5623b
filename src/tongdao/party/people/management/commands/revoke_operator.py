"""`tongdao manage revoke_operator NAME --reason "…"`: somebody runs the platform no more."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tongdao.foundation.refusals import Refusal
from tongdao.party.people.operations import find_person
from tongdao.party.people.operators import revoke_operator


class Command(BaseCommand):
    help = "Take the platform's role from a person. All their sessions end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="e-mail address or mobile number with which the person signs in")
        parser.add_argument("--reason", required=True, help="kept on record")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            person = find_person(options["name"])
            if person is None:
                raise CommandError("nobody signs in with this name")
            revoke_operator(person.pk, reason=options["reason"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("no longer")
