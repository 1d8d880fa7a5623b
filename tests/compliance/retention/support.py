"""A person of whom something is held everywhere: an account, orders at two shops, a review, a name."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tests.support.builders import Shop, an_address, make_shop
from tests.support.people import with_number
from tests.trade.reviews.support import a_photo, received_lines, write
from tongdao.compliance.retention.operations import ask_erasure, erase_due
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import run_reader
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.operations import join_promoter
from tongdao.party.people.models import Person
from tongdao.party.people.operations import issue_token
from tongdao.party.people.tails import mask_key
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.orders.operations import set_cart_line
from tongdao.trade.reviews.models import Review
from tongdao.trade.reviews.pictures import stored_pictures
from tongdao.trade.talk.operations import Said, send_as_buyer

NAME, PROMOTER = "林小满的账号", "小满推荐"


@dataclass(frozen=True)
class Known:
    person: Person
    phone: str
    shops: tuple[Shop, Shop]
    review: Review

    @property
    def id(self) -> UUID:
        return self.person.pk

    @property
    def secrets(self) -> list[str]:
        """What must not be readable anywhere afterwards."""
        return [NAME, PROMOTER, self.phone, an_address().phone, an_address().recipient, an_address().detail]


def a_known_person() -> Known:
    person, phone = with_number()
    Person.objects.filter(pk=person.pk).update(shown_name=NAME, name_mask=mask_key(NAME))
    issue_token(person)
    shops = (make_shop(), make_shop())
    actor = Actor("person", person.pk)
    lines = [received_lines(shop, actor)[0] for shop in shops]
    with stored_pictures(shops[0].merchant_id, [io.BytesIO(a_photo())]) as pictures:
        review = write(shops[0], lines[0], actor, pictures=pictures)
    with merchant_scope(shops[0].merchant_id):
        order_id = OrderLine.objects.values_list("order_id", flat=True).get(pk=lines[0])
        send_as_buyer(order_id, Said(f"我是{NAME}，{phone}", "k" * 16), actor=actor)
    with merchant_scope(shops[1].merchant_id):
        set_cart_line(person.pk, shops[1].skus[0], 2)
        join_promoter(person.pk, shown_name=PROMOTER, actor=actor)
    for shop in shops:
        run_reader("lookup.orders", shop.merchant_id)
    return Known(person, phone, shops, review)


def erased(known: Known, *, wishes: tuple[str, ...] = ()) -> None:
    """Asked for, and carried through when its days are over."""
    row = ask_erasure(known.id, wishes=wishes)
    with clock.shifted(timedelta(days=8)):
        assert erase_due(row.id) == "erased"
