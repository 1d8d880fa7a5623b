"""Good requests about a promoter's income and payouts: one line sold by a link, and paid out at the bank."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tests.faces.console.support import pay, place_order
from tests.support.builders import AFTER_RETURNS, Shop
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.models import Promoter
from tongdao.reach.traffic.operations import create_link, follow_link
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.commissions.operations import release_orders
from tongdao.rewards.settlement.models import Payout, Way
from tongdao.rewards.settlement.operations import (
    PayeeTerms,
    approve_batch,
    check_payee,
    note_bank_payment,
    propose_batch,
    say_payee,
)
from tongdao.trade.orders.operations.completing import complete_order, set_confirm_deadline

if TYPE_CHECKING:
    from tests.faces.api.examples import Examples

PAYEE = {"way": "wechat", "real_name": "何小禾", "consent_version": "2026-11"}


def an_income(examples: Examples) -> None:
    """The world's only promoter has sold something and was paid for it."""
    shop = examples.world.shop
    with merchant_scope(shop.merchant_id):
        promoter = Promoter.objects.get()
    payout_id = _paid_out(shop, promoter, _sold(shop, promoter))
    with merchant_scope(shop.merchant_id):
        line_id = Commission.objects.filter(promoter=promoter).values_list("line_id", flat=True)[0]
    examples.ids |= {"payout_id": str(payout_id), "transfer_id": str(uuid4())}
    examples.special |= {
        "read_my_income_line": {"line_id": str(line_id)},
        "read_my_payout": {"payout_id": str(payout_id)},
    }
    examples.bodies["say_my_payee"] = PAYEE


def _sold(shop: Shop, promoter: Promoter) -> UUID:
    with merchant_scope(shop.merchant_id):
        link = create_link(channel="chat", promoter_id=promoter.id, actor=shop.owner)
    visitor = uuid4()
    follow_link(link.token, visitor=visitor)
    order_id = place_order(shop, 3, visitor=visitor)
    pay(shop, order_id)
    with merchant_scope(shop.merchant_id):
        set_confirm_deadline(order_id, clock.now() + timedelta(days=10))
        complete_order(order_id, actor=SYSTEM)
    with merchant_scope(shop.merchant_id):
        assert release_orders([order_id], clock.now() + AFTER_RETURNS, actor=SYSTEM) == 1
    return order_id


def _paid_out(shop: Shop, promoter: Promoter, order_id: UUID) -> UUID:
    terms, clerk = PayeeTerms(Way.BANK, "何小禾", "杭州银行", "6222020000000000001"), Actor("staff", uuid7())
    with merchant_scope(shop.merchant_id):
        say_payee(promoter.id, terms, actor=Actor("person", promoter.person_id))
        check_payee(promoter.id, actor=clerk)
    with merchant_scope(shop.merchant_id):
        batch_id = propose_batch(Fen(1), actor=clerk).id
    with merchant_scope(shop.merchant_id):
        approve_batch(batch_id, actor=shop.owner)
    with merchant_scope(shop.merchant_id):
        payout_id = Payout.objects.get(promoter=promoter).id
        note_bank_payment(payout_id, "B-2026-0001", actor=clerk)
    return payout_id
