"""Payouts in every state, for walks over the pages."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tests.faces.promoter.support import Earner, make_earner
from tests.support.builders import Shop
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.wechat import attach
from tongdao.party.people.wechat.gateway import Seen
from tongdao.rewards.settlement.models import Payout, Way
from tongdao.rewards.settlement.operations import (
    PayeeTerms,
    approve_batch,
    check_payee,
    propose_batch,
    say_payee,
)

CARD = "6222020000000001234"


@dataclass(frozen=True)
class Proposed:
    """A batch that a colleague of the shop's owner proposed, and its one payout."""

    batch_id: UUID
    payout_id: UUID
    promoter_id: UUID

    @property
    def rows(self) -> dict[str, dict[str, object]]:
        """By page the parameters that lead there."""
        batch, payout = {"payout_batch_id": self.batch_id}, {"payout_id": self.payout_id}
        payee = {"promoter_id": self.promoter_id}
        return {
            "payout_batch": dict(batch),
            "payout": dict(payout),
            "payee": dict(payee),
        }


def earned(shop: Shop, units: int = 1, *, name: str = "小禾", way: Way | None = Way.WECHAT) -> Earner:
    """A promoter with `units` × 12.80 yuan due, who has said how to be paid (`way`), or not (None)."""
    earner = make_earner(shop, name=name)
    earner.complete(earner.sell(units))
    if way is not None:
        say(earner, way)
    return earner


def say(earner: Earner, way: Way, *, checked: bool = True) -> None:
    card = {"bank": "杭州银行", "card": CARD} if way == Way.BANK else {}
    with merchant_scope(earner.shop.merchant_id):
        terms = PayeeTerms(way, "何小禾", **card)
        say_payee(earner.promoter_id, terms, actor=Actor("person", earner.person.pk))
        if checked and way == Way.BANK:
            check_payee(earner.promoter_id, actor=earner.shop.owner)


def known(earner: Earner, appid: str = "wx1") -> None:
    """The promoter has come by WeChat to the shop's app."""
    attach(earner.person.pk, Seen(appid, f"o{token(27)}", ""))


def proposed(shop: Shop, *, way: Way = Way.BANK, approved: bool = False) -> Proposed:
    earner = earned(shop, way=way)
    with merchant_scope(shop.merchant_id):
        batch = propose_batch(Fen(1), actor=Actor("staff", uuid7()))
        payout = Payout.objects.get(batch=batch, promoter_id=earner.promoter_id)
    if approved:
        with merchant_scope(shop.merchant_id):
            approve_batch(batch.id, actor=shop.owner)
    return Proposed(batch.id, payout.id, earner.promoter_id)
