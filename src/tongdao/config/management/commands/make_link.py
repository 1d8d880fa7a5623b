from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from tongdao.config.stores import find_store
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.party.network.models import Promoter
from tongdao.party.people.operations import find_person
from tongdao.party.people.refusals import SignInNameInvalid
from tongdao.reach.traffic.operations import CHANNELS, create_link


class Command(BaseCommand):
    help = "Make a short link to a store or one of its products, and print its address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", metavar="SLUG", help="path of the store, if there are several")
        parser.add_argument("--promoter", metavar="WHO", help="shown name or sign-in name of a promoter")
        parser.add_argument("--product", metavar="HANDLE", help="lead to this product instead of the store")
        parser.add_argument(
            "--channel", required=True, choices=sorted(CHANNELS), help="where it will be shown"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        store = find_store(options["store"])
        with translation.override("en"):
            person_id = _person(options["promoter"])
            try:
                with merchant_scope(store.merchant_id):
                    link = create_link(
                        channel=options["channel"],
                        promoter_id=_promoter(options["promoter"], person_id),
                        product_id=_product(options["product"]),
                        actor=Actor("operator"),
                    )
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{settings.BASE_URL}/l/{link.token}")


def _person(who: str | None) -> UUID | None:
    """Whose sign-in name it is, if anybody's."""
    try:
        person = find_person(who) if who else None
    except SignInNameInvalid:
        return None
    return person.id if person else None


def _promoter(who: str | None, person_id: UUID | None) -> UUID | None:
    if who is None:
        return None
    current = Promoter.objects.filter(left_at__isnull=True)
    found = [row.id for row in current if who == row.shown_name or row.person_id == person_id]
    if len(found) != 1:
        raise CommandError(f"{len(found) or 'No'} promoter(s) of this store are called “{who}”.")
    return found[0]


def _product(handle: str | None) -> UUID | None:
    if handle is None:
        return None
    found = Product.objects.filter(handle=handle).values_list("id", flat=True).first()
    if found is None:
        raise CommandError(f"This store has no product “{handle}”.")
    return found
