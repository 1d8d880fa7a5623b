"""A shop whose promoter has earned, staff who propose and approve, and a channel that sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tests.faces.promoter.support import Earner, make_earner, make_promoted_shop
from tests.support.paying import PaySandbox
from tongdao.finance.ledger.chart import AccountRef
from tongdao.finance.ledger.queries import balance
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.wechat import attach
from tongdao.party.people.wechat.gateway import Seen
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.settlement.models import Payout, PayoutLine, Transfer, Way
from tongdao.rewards.settlement.operations import (
    PayeeTerms,
    approve_batch,
    propose_batch,
    say_payee,
    sweep_transfers,
)

ALL = 100_000


@dataclass(frozen=True)
class Cashier:
    """`clerk` proposes, `owner` approves."""

    earner: Earner
    sandbox: PaySandbox
    clerk: Actor

    @property
    def merchant_id(self) -> UUID:
        return self.earner.shop.merchant_id

    @property
    def owner(self) -> Actor:
        return self.earner.shop.owner

    def earn(self, units: int) -> None:
        self.earner.complete(self.earner.sell(units))

    def propose(self, least: int = 1) -> UUID:
        with merchant_scope(self.merchant_id):
            return propose_batch(Fen(least), actor=self.clerk).id

    def approve(self, batch_id: UUID) -> None:
        with merchant_scope(self.merchant_id):
            approve_batch(batch_id, actor=self.owner)

    def send(self, *, later: int = 0) -> None:
        """The worker looks, `later` seconds from now."""
        with clock.shifted(timedelta(seconds=later)):
            sweep_transfers(clock.now(), ALL)

    def transfers(self) -> list[Transfer]:
        with merchant_scope(self.merchant_id):
            return list(Transfer.objects.order_by("part", "id"))

    def payout(self) -> Payout:
        with merchant_scope(self.merchant_id):
            return Payout.objects.latest("id")

    def end(self, row: Transfer, state: str, reason: str = "") -> None:
        """It ends so at the channel, which tells us."""
        self.sandbox.control("/settle_transfer", out_bill_no=row.bill_no, state=state, fail_reason=reason)
        self.sandbox.control("/flush")

    def stands(self) -> dict[str, int]:
        """The promoter's accounts, in fen; nothing in the books is unsound."""
        assert_ledger_sound(self.merchant_id)
        kinds = ("held.promoter", "released.promoter", "claimed.promoter", "owed_back.promoter")
        with merchant_scope(self.merchant_id):
            found = {kind: balance(AccountRef(kind, self.earner.promoter_id)) for kind in kinds}
            found["external.payee"] = balance(AccountRef("external.payee"))
        return {kind: int(fen) for kind, fen in found.items() if fen}

    def check_lines(self) -> None:
        """Each payout is its lines, and no commission is in two that are alive."""
        with merchant_scope(self.merchant_id):
            for payout in Payout.objects.all():
                lines = list(PayoutLine.objects.filter(payout=payout))
                assert sum(line.amount_fen for line in lines) == payout.amount_fen
                sent = sum(row.amount_fen for row in Transfer.objects.filter(payout=payout, state="paid"))
                assert sent + payout.bank_fen <= payout.amount_fen
                if payout.ended_at:
                    assert sum(line.paid_fen for line in lines) == sent + payout.bank_fen
            live = list(PayoutLine.objects.filter(live=True).values_list("commission_id", flat=True))
            assert len(live) == len(set(live))

    def states(self) -> list[str]:
        with merchant_scope(self.merchant_id):
            return list(Commission.objects.order_by("id").values_list("state", flat=True))


def make_cashier(sandbox: PaySandbox, *, way: Way = Way.WECHAT, known: bool = True) -> Cashier:
    """`known`: the promoter has come by WeChat to the shop's app."""
    shop = make_promoted_shop(1_000)
    sandbox.connect(shop)
    earner = make_earner(shop)
    if known:
        attach(earner.person.pk, Seen(sandbox.papers["appid"], f"o{token(27)}", ""))
    card = {"bank": "杭州银行", "card": "6222020000000000001"} if way == Way.BANK else {}
    with merchant_scope(shop.merchant_id):
        say_payee(
            earner.promoter_id, PayeeTerms(way, "何小禾", **card), actor=Actor("person", earner.person.pk)
        )
    return Cashier(earner, sandbox, Actor("staff", uuid7()))
