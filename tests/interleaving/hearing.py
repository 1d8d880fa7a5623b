"""A sale that somebody complains of, at a step of its case, and all who may move it at the same time.

The channel is the sandbox: it tells nothing by itself, is asked, and keeps books of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from tests.faces.promoter.support import Earner, make_promoted_shop, release
from tests.interleaving.counter import UNITS, Counter
from tests.interleaving.harness import Work
from tests.support.builders import Shop
from tests.support.complaining import takes_back
from tests.support.paying import PaySandbox
from tests.support.promoting import make_coupon
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.agreements import version_now
from tongdao.party.network.operations import Consent, join_promoter
from tongdao.party.people.models import Person
from tongdao.party.people.operations import create_guest
from tongdao.reach.traffic.operations import create_link
from tongdao.trade.aftersales.models import Side
from tongdao.trade.aftersales.operations import (
    CaseWish,
    agree_to_case,
    grant_case,
    open_case,
    receive_return,
    refund_lines,
    refuse_case,
    send_back,
    withdraw_case,
)
from tongdao.trade.aftersales.operations.timing import let_pass
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.operations import (
    Decision,
    accept_ruling,
    appeal,
    drop_dispute,
    open_dispute,
    rule_dispute,
    state_case,
)
from tongdao.trade.disputes.operations.enforcing import _carry_out
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.orders.operations import complete_order
from tongdao.trade.orders.operations.completing import confirm_if_due
from tongdao.trade.payments.gateways import GatewayDown, PaidNotice, RefundNotice
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.operations import capture, record_refund, retry_refund, send_refund, start_payment
from tongdao.trade.shipping.models import Parcel

Kind = Literal["refund_only", "return_refund", "price_adjustment"]
AFTER_ALL = timedelta(days=120)  # longer than anybody may take
HALF = 6_000  # fen: what an arbiter gives of a unit where it is not all
OFF = 1_000  # fen: the coupon of the order
DECISIONS: Mapping[str, Decision] = {
    "buyer": Decision("buyer", "quality", "照片与描述不符，支持买家。"),
    "seller": Decision("seller", "goods_used", "商品已使用，支持商家。"),
    "part": Decision("part", "fairness", "各担一半。", goods_fen=HALF),
    "goods first": Decision("buyer", "quality", "先退货再退款。", goods_back=True),
}
# A step of the case → what is done to come there from nothing.
STEPS: Mapping[str, Sequence[str]] = {
    "arrived": (),
    "asked": ("ask",),
    "refused": ("ask", "refuse"),
    "disputed": ("ask", "refuse", "escalate"),
    "heard": ("ask", "refuse", "escalate", "answer"),
    "ruled": ("ask", "refuse", "escalate", "answer", "rule for the buyer"),
    "ruled in part": ("ask", "refuse", "escalate", "answer", "rule in part"),
    "appealed": ("ask", "refuse", "escalate", "answer", "rule for the seller", "the buyer appeals"),
    "called": ("ask", "the seller calls", "state", "answer"),
    "granted": ("ask", "grant"),
    "paid at the channel": ("ask", "grant", "send", "the channel pays"),
}
BACK_STEPS: Mapping[str, Sequence[str]] = {
    "agreed": ("ask", "agree"),
    "returning": ("ask", "agree", "ship back"),
    "received": ("ask", "agree", "ship back", "receive"),
    "contested": ("ask", "agree", "ship back", "receive", "the seller calls", "state", "answer"),
    "goods first": ("ask", "refuse", "escalate", "answer", "rule goods first", "the time to appeal is over"),
}


class Hearing(Counter):
    """Three units that arrived, bought with a coupon and by a promoter's link; `step` of a case about one."""

    def __init__(self, step: str, sandbox: PaySandbox, kind: Kind = "refund_only") -> None:
        self.sandbox, self.kind = sandbox, kind
        if step in BACK_STEPS:
            self.kind = "return_refund"
        self.units = UNITS
        self.earner = _earner(make_promoted_shop())
        self.merchant_id = self.earner.shop.merchant_id
        takes_back(self.earner.shop)
        make_coupon(self.earner.shop, OFF)
        self.order_id = self.next_id = self.third_id = self.earner.order(UNITS)
        self._sell()
        self.seller = Actor("staff", uuid7())
        self.arbiter, self.other, self.third = (Actor("operator", uuid7()) for _ in range(3))
        self.case_id, self.second_id, self.key = uuid7(), uuid7(), uuid7().hex
        for name in (STEPS | BACK_STEPS)[step]:
            KINDS[name](self)()

    def _sell(self) -> None:
        """Paid at the sandbox, packed and handed over."""
        shop = self.earner.shop
        self.sandbox.connect(shop)
        with merchant_scope(self.merchant_id):
            order = Order.objects.get(pk=self.order_id)
        self.buyer = Actor("person", order.person_id)
        started = start_payment(self.merchant_id, order.purchase_id, "h5", person_id=order.person_id)
        with merchant_scope(self.merchant_id):
            self.trade_no = PaymentAttempt.objects.get(pk=started.attempt_id).trade_no
            self.line_id = OrderLine.objects.get(order_id=self.order_id).id
        self.sandbox.control("/pay", out_trade_no=self.trade_no)
        with merchant_scope(self.merchant_id):
            told = PaidNotice(self.trade_no, "paid", "ch", Fen(order.total_fen), clock.now())
            assert capture(told, actor=CHANNEL) == "captured"
        self.pack(self.order_id)()
        with merchant_scope(self.merchant_id):
            Parcel.objects.update(state="delivered", delivered_at=clock.now())

    def on_case(self, act: Callable[..., Any], *args: Any, **more: Any) -> Work:
        return self.scoped(lambda: act(self.case_id, *args, **more).state)

    def on_dispute(self, act: Callable[..., Any], *args: Any, **more: Any) -> Work:
        def work() -> object:
            row = Dispute.objects.filter(aftersale_id=self.case_id).order_by("opened_at", "id").last()
            if row is None:
                raise NotFound()
            return act(row.id, *args, **more)

        return self.scoped(work)

    def ask(self, case_id: UUID | None = None) -> Work:
        """Again with the same id: the same case."""
        kind = self.kind if case_id in (None, self.case_id) else "refund_only"
        asked = HALF if kind == "price_adjustment" else None
        wish = CaseWish(
            self.order_id, kind, {self.line_id: 1}, "agreed" if asked else "quality",
            asked_fen=asked, case_id=case_id or self.case_id,
        )  # fmt: skip
        return self.scoped(lambda: open_case(wish, actor=self.buyer).state)

    def give_back(self, units: int, case_id: UUID | None = None) -> Work:
        """Staff, of their own accord."""

        def work() -> object:
            return refund_lines(
                self.order_id, {self.line_id: units}, freight="share", reason="agreed",
                actor=self.seller, case_id=case_id,
            ).id  # fmt: skip

        return self.scoped(work)

    def rule(self, decision: str, arbiter: Actor | None = None) -> Work:
        return self.on_dispute(rule_dispute, DECISIONS[decision], actor=arbiter or self.arbiter)

    def time_over(self) -> Work:
        """The sweep finds the time over that the case is in."""
        return self.scoped(lambda: let_pass(self.case_id, clock.now() + AFTER_ALL))

    def appeal_time_over(self) -> Work:
        return self.on_dispute(_carry_out, clock.now() + AFTER_ALL)

    def send(self, fault: str = "") -> Work:
        """The worker: each refund that is open is asked for, or asked about. `fault`: of the channel."""

        def work() -> None:
            for row in self.refunds("requested", "accepted"):
                if fault:
                    self.sandbox.control("/faults", operation="*", key=row.refund_no, kind=fault)
                try:
                    send_refund(self.merchant_id, row.id)
                except GatewayDown:
                    continue

        return work

    def settle(self, outcome: Literal["SUCCESS", "ABNORMAL"]) -> Work:
        """What the channel works on ends so there. We are not told."""

        def work() -> None:
            for row in self.at_the_channel():
                if row["status"] in ("PROCESSING", "ABNORMAL"):
                    number = row["out_refund_no"]
                    self.sandbox.control("/settle", out_refund_no=number, outcome=outcome)

        return work

    def told(self, times: int = 1) -> Work:
        """The channel's word on every refund that it knows, late and `times` over."""
        words = {"SUCCESS": "succeeded", "ABNORMAL": "failed", "PROCESSING": "accepted", "CLOSED": "failed"}

        def work() -> None:
            for row in self.at_the_channel() * times:
                told = RefundNotice(row["out_refund_no"], words[row["status"]], "503")  # type: ignore[arg-type]
                self.scoped(lambda told=told: record_refund(told, actor=CHANNEL))()  # type: ignore[misc]

        return work

    def retry(self) -> Work:
        def work() -> None:
            for row in Refund.objects.filter(state="failed"):
                retry_refund(row.id, actor=self.seller)

        return self.scoped(work)

    def release_now(self) -> Work:
        return lambda: release(self.earner.shop, self.order_id)

    def refunds(self, *states: str) -> list[Refund]:
        with merchant_scope(self.merchant_id):
            return list(Refund.objects.filter(state__in=states).order_by("id"))

    def at_the_channel(self) -> list[dict[str, Any]]:
        """The refunds of this order that the channel has."""
        return self.sandbox.rows(f"/refunds?out_trade_no={self.trade_no}")


def _earner(shop: Shop) -> Earner:
    """A promoter who needs no password: hashing one takes as long as a history."""
    person = Person.objects.get(pk=create_guest().id)
    actor = Actor("person", person.id)
    with merchant_scope(shop.merchant_id):
        consent = Consent(version_now(), True)
        promoter = join_promoter(person.id, shown_name="小禾", actor=actor, consent=consent)
        link = create_link(channel="moments", promoter_id=promoter.id, actor=actor)
    return Earner(shop, person, promoter.id, link.token)


SELLER, BUYER = Side.SELLER, Side.BUYER
KINDS: dict[str, Callable[[Hearing], Work]] = {
    "ask": lambda h: h.ask(),
    "ask for another": lambda h: h.ask(h.second_id),
    "withdraw": lambda h: h.on_case(withdraw_case, actor=h.buyer),
    "ship back": lambda h: h.on_case(send_back, "yunda", "YD12345678", actor=h.buyer),
    "escalate": lambda h: h.on_case(open_dispute, "茶叶受潮", side=BUYER, actor=h.buyer),
    "state": lambda h: h.on_dispute(state_case, "照片为证", side=BUYER, actor=h.buyer),
    "state by a key": lambda h: h.on_dispute(state_case, "另有视频", side=BUYER, actor=h.buyer, key=h.key),
    "drop": lambda h: h.on_dispute(drop_dispute, side=BUYER, actor=h.buyer),
    "the buyer appeals": lambda h: h.on_dispute(appeal, "不服", side=BUYER, actor=h.buyer),
    "the buyer accepts": lambda h: h.on_dispute(accept_ruling, side=BUYER, actor=h.buyer),
    "the buyer confirms": lambda h: h.scoped(lambda: complete_order(h.order_id, actor=h.buyer).state),
    "grant": lambda h: h.on_case(grant_case, actor=h.seller),
    "agree": lambda h: h.on_case(agree_to_case, actor=h.seller),
    "refuse": lambda h: h.on_case(refuse_case, "as_described", text="出库前有质检", actor=h.seller),
    "receive": lambda h: h.on_case(receive_return, {h.line_id: 1}, actor=h.seller),
    "the seller calls": lambda h: h.on_case(open_dispute, "像是欺诈", side=SELLER, actor=h.seller),
    "answer": lambda h: h.on_dispute(state_case, "包装完好", side=SELLER, actor=h.seller),
    "the seller appeals": lambda h: h.on_dispute(appeal, "不同意", side=SELLER, actor=h.seller),
    "the seller accepts": lambda h: h.on_dispute(accept_ruling, side=SELLER, actor=h.seller),
    "staff give 1": lambda h: h.give_back(1),
    "staff give 2": lambda h: h.give_back(2),
    "staff give 3": lambda h: h.give_back(3),
    "rule for the buyer": lambda h: h.rule("buyer"),
    "rule for the seller": lambda h: h.rule("seller"),
    "rule in part": lambda h: h.rule("part"),
    "rule goods first": lambda h: h.rule("goods first"),
    "the other rules for the buyer": lambda h: h.rule("buyer", h.other),
    "the other rules in part": lambda h: h.rule("part", h.other),
    "the third rules in part": lambda h: h.rule("part", h.third),
    "the time is over": lambda h: h.time_over(),
    "the time to appeal is over": lambda h: h.appeal_time_over(),
    "send": lambda h: h.send(),
    "sent, and no answer": lambda h: h.send("LOST_AFTER"),
    "it never reaches the channel": lambda h: h.send("LOST_BEFORE"),
    "the channel stumbles": lambda h: h.send("SYSTEM_ERROR_AFTER"),
    "the channel pays": lambda h: h.settle("SUCCESS"),
    "the channel cannot": lambda h: h.settle("ABNORMAL"),
    "told": lambda h: h.told(),
    "told twice": lambda h: h.told(2),
    "staff retry": lambda h: h.retry(),
    "release": lambda h: h.release_now(),
    "the timer confirms": lambda h: h.scoped(lambda: confirm_if_due(h.order_id, clock.now() + AFTER_ALL)),
}

RULING = (
    "rule for the buyer",
    "rule for the seller",
    "rule in part",
    "the other rules in part",
    "drop",
    "state",
)
SENDING = ("send", "sent, and no answer", "it never reaches the channel", "the channel stumbles", "told")
# A step of the case → what moves it there. What is drawn comes from here as often as from everywhere else.
FITS: Mapping[str, Sequence[str]] = {
    "arrived": ("ask", "ask for another", "the buyer confirms", "the timer confirms", "release"),
    "asked": ("withdraw", "grant", "refuse", "agree", "the seller calls", "the time is over", "ask"),
    "refused": ("escalate", "withdraw", "grant", "the time is over"),
    "disputed": ("state", "state by a key", "answer", "drop", "grant", "the time is over"),
    "heard": RULING,
    "ruled": ("the seller appeals", "the seller accepts", "the time to appeal is over"),
    "ruled in part": ("the seller appeals", "the buyer appeals", "the time to appeal is over"),
    "appealed": ("the other rules for the buyer", "the other rules in part", "the third rules in part"),
    "called": (*RULING, "the time is over", "withdraw"),
    "granted": SENDING,
    "paid at the channel": (*SENDING, "told twice", "the channel cannot", "staff retry"),
    "agreed": ("ship back", "withdraw", "grant", "the time is over"),
    "returning": ("receive", "the time is over", "refuse"),
    "received": ("grant", "refuse", "the time is over", "the seller calls"),
    "contested": (*RULING, "the time is over", "grant"),
    "goods first": ("ship back", "withdraw", "grant", "the time is over"),
}
ALWAYS = (
    "staff give 1",
    "staff give 3",
    "send",
    "the channel pays",
    "told twice",
    "release",
    "the timer confirms",
)
