"""Payouts in the demo: one was taken and paid through the sandbox, one waits for its second pair of eyes.

Of what was paid something went back, so that a debt and what made it good can be seen, too.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import httpx

from tongdao.config.demo.buying import Stage, receive
from tongdao.config.demo.people import STAFF, demo_person
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.party.members.consents import say
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations import current_account
from tongdao.party.network.models import Promoter
from tongdao.party.people.wechat import attach, openid_of
from tongdao.party.people.wechat.gateway import Seen
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.settlement.models import Payout, Transfer, Way
from tongdao.rewards.settlement.operations import (
    PayeeTerms,
    approve_batch,
    check_payee,
    propose_batch,
    say_payee,
    send_transfer,
)
from tongdao.rulebook.consents import asked_on
from tongdao.trade.aftersales.operations import refund_lines
from tongdao.trade.payments.gateways import GatewayDown, GatewayRefused

log = logging.getLogger(__name__)
FACE = "demo"
LATER = (("chuyun@demo.example", "初云", "TX-WL-50"), ("muzi@demo.example", "木子", "TX-BZ-Q1"))
OTHERS = ("ziyan@demo.example", "子言", "TX-WL-50")
CARD = PayeeTerms(Way.BANK, "何阿蘅", "杭州银行", "6222020000000000001")


def fill_payouts(stage: Stage, promoters: Sequence[UUID], other_link: str, password: str) -> int:
    """Both payouts, where there is none yet; how many. What the sandbox does not answer is left out."""
    with merchant_scope(stage.merchant_id):
        if Payout.objects.exists():
            return 0
    clerk = Actor("staff", demo_person(*STAFF[Role.FINANCE], password).id)
    first, second = promoters
    try:
        _paid(stage, first, clerk)
        _given_back(stage, first)
        _sold(replace(stage, link=other_link), OTHERS, password)
        _proposed(stage, second, clerk)
        for buyer in LATER:
            _sold(stage, buyer, password)
    except (Refusal, GatewayDown, GatewayRefused, httpx.HTTPError) as error:
        log.warning("the demo's payouts stay as they are: %s", error)
    with merchant_scope(stage.merchant_id):
        return Payout.objects.count()


def _paid(stage: Stage, promoter_id: UUID, clerk: Actor) -> None:
    """The sandbox is told that the payee took it, and asked what became of it."""
    _said(stage, promoter_id, PayeeTerms(Way.WECHAT, "林溪"))
    with merchant_scope(stage.merchant_id):
        person_id = Promoter.objects.values_list("person_id", flat=True).get(pk=promoter_id)
        appid = current_account().appid
    if not openid_of(person_id, appid):
        attach(person_id, Seen(appid, f"o{token(27)}", ""))
    with merchant_scope(stage.merchant_id):
        batch_id = propose_batch(Fen(1), actor=clerk).id
    with merchant_scope(stage.merchant_id):
        approve_batch(batch_id, actor=stage.staff)
        bills = list(Transfer.objects.order_by("part").values_list("id", "bill_no"))
    for transfer_id, bill_no in bills:
        send_transfer(stage.merchant_id, transfer_id)
        told = {"out_bill_no": bill_no, "state": "SUCCESS"}
        stage.control.post("/settle_transfer", json=told).raise_for_status()
        send_transfer(stage.merchant_id, transfer_id)


def _said(stage: Stage, promoter_id: UUID, terms: PayeeTerms) -> None:
    """By the promoter, after the words that ask for it."""
    asked = asked_on(clock.today(), "promoter")["payee"]
    with merchant_scope(stage.merchant_id):
        person = Promoter.objects.values_list("person_id", flat=True).get(pk=promoter_id)
        actor = Actor("person", person)
        say(
            "payee",
            True,
            version=asked.version,
            language="zh-hans",
            face=FACE,
            actor=actor,
            level="promoter",
        )
        say_payee(promoter_id, terms, actor=actor)


def _given_back(stage: Stage, promoter_id: UUID) -> None:
    """One of the orders that were paid out is given back."""
    with merchant_scope(stage.merchant_id):
        paid = Commission.objects.filter(promoter_id=promoter_id, state="paid").order_by("held_at", "id")
        found = paid.values_list("order_id", "line_id").first()
    if found is None:
        return
    with merchant_scope(stage.merchant_id):
        refund_lines(found[0], {found[1]: 1}, freight="none", reason="quality", actor=stage.staff)


def _sold(stage: Stage, buyer: tuple[str, str, str], password: str) -> None:
    sign_in_name, shown_name, code = buyer
    with merchant_scope(stage.merchant_id):
        sku_id = Sku.objects.filter(code=code).values_list("id", flat=True).first()
    if sku_id is not None:
        receive(stage, sku_id, Actor("person", demo_person(sign_in_name, shown_name, password).id))


def _proposed(stage: Stage, promoter_id: UUID, clerk: Actor) -> None:
    """Of the first one nothing is due now: what is sold later is to be seen as released."""
    _said(stage, promoter_id, CARD)
    with merchant_scope(stage.merchant_id):
        check_payee(promoter_id, actor=clerk)
    with merchant_scope(stage.merchant_id):
        propose_batch(Fen(1), actor=clerk)
