"""`tongdao manage grant_operator NAME --reason "…"`: somebody runs the platform from now on."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tongdao.foundation.refusals import Refusal
from tongdao.party.people.models import PlatformRole
from tongdao.party.people.operations import find_person
from tongdao.party.people.operators import grant_operator


class Command(BaseCommand):
    help = "Let a person run the platform at /operator/. They set up a second step when they first sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="e-mail address or mobile number with which the person signs in")
        parser.add_argument("--role", choices=PlatformRole.values, default=PlatformRole.OPERATOR.value)
        parser.add_argument("--reason", required=True, help="kept on record")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            person = find_person(options["name"])
            if person is None:
                raise CommandError("nobody signs in with this name: let them register first")
            grant_operator(person.pk, PlatformRole(options["role"]), reason=options["reason"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{options['role']} from now on")
