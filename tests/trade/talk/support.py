"""A shop with a promoter, an order that came by the promoter's link, and its buyer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tests.faces.promoter.support import Earner, make_earner, make_promoted_shop
from tests.support.builders import Shop
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.talk.models import Message, Talk
from tongdao.trade.talk.operations import Said, send_as_buyer, send_as_promoter, send_as_staff
from tongdao.trade.talk.queries import TalkView, talk_for_buyer, talk_for_promoter, talk_for_staff


def said(text: str, key: str = "") -> Said:
    return Said(text, key or token(16))


@dataclass(frozen=True)
class Table:
    """An order and all who may speak about it."""

    earner: Earner
    order_id: UUID
    buyer: Actor

    @property
    def shop(self) -> Shop:
        return self.earner.shop

    @property
    def clerk(self) -> Actor:
        return self.shop.owner

    @property
    def promoter(self) -> Actor:
        return Actor("person", self.earner.person.pk)

    def to_promoter(self, yes: bool) -> UUID | None:
        return self.earner.promoter_id if yes else None

    def ask(self, text: str = "还有货吗？", *, promoter: bool = False, key: str = "") -> Message:
        with merchant_scope(self.shop.merchant_id):
            return send_as_buyer(
                self.order_id, said(text, key), promoter_id=self.to_promoter(promoter), actor=self.buyer
            )

    def answer(self, text: str = "有的。", *, promoter: bool = False, key: str = "") -> Message:
        with merchant_scope(self.shop.merchant_id):
            return send_as_staff(
                self.order_id, said(text, key), promoter_id=self.to_promoter(promoter), actor=self.clerk
            )

    def recommend(self, text: str = "我常喝。", *, key: str = "") -> Message:
        with merchant_scope(self.shop.merchant_id):
            return send_as_promoter(self.order_id, said(text, key), actor=self.promoter)

    def talk(self, *, promoter: bool = False) -> Talk:
        with merchant_scope(self.shop.merchant_id):
            return Talk.objects.get(order_id=self.order_id, promoter_id=self.to_promoter(promoter))

    def for_buyer(self, *, promoter: bool = False) -> TalkView:
        with merchant_scope(self.shop.merchant_id):
            return talk_for_buyer(self.order_id, promoter_id=self.to_promoter(promoter), actor=self.buyer)

    def for_staff(self, *, promoter: bool = False) -> TalkView:
        with merchant_scope(self.shop.merchant_id):
            return talk_for_staff(self.order_id, promoter_id=self.to_promoter(promoter), actor=self.clerk)

    def for_promoter(self) -> TalkView:
        with merchant_scope(self.shop.merchant_id):
            return talk_for_promoter(self.order_id, actor=self.promoter)


def make_table(shop: Shop | None = None) -> Table:
    earner = make_earner(shop or make_promoted_shop())
    order_id = earner.sell()
    with merchant_scope(earner.shop.merchant_id):
        person_id = Order.objects.values_list("person_id", flat=True).get(pk=order_id)
    return Table(earner, order_id, Actor("person", person_id))
