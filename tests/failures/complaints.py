"""What became of complaints in other shops: decided twice, paid back twice, told twice, the coupon kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db.models import Sum

from tests.faces.console.support import pay, place_order
from tests.faces.promoter.support import PRICE
from tests.failures.entry import Failure, Scene
from tests.interleaving.till import Till
from tests.support.builders import Shop
from tests.support.promoting import make_coupon
from tongdao.finance.ledger.chart import REFUND_DUE
from tongdao.finance.ledger.operations import post_transactions
from tongdao.finance.ledger.queries import balance
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, SYSTEM, Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.terms.promotions.models import PromotionUse
from tongdao.trade.aftersales.models import AfterSale, AfterSaleLine, LineRefunded, Side
from tongdao.trade.aftersales.operations import CaseWish, grant_case, open_case, refund_lines, refuse_case
from tongdao.trade.disputes.operations import Decision, open_dispute, rule_dispute, state_case
from tongdao.trade.disputes.operations.enforcing import _carry_out
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.payments.gateways import RefundNotice
from tongdao.trade.payments.models import PaymentAllocation, PaymentAttempt, Refund
from tongdao.trade.payments.operations import open_refund, record_refund, retry_refund
from tongdao.trade.payments.operations.booking import paid_back_draft

OFF_STATES = "alter table after_sale disable trigger guard_states"
FOR_BUYER = Decision("buyer", "quality", "支持买家。")


def in_shop(scene: Scene, deed: object) -> object:
    """In a transaction of its own, in the shop's scope."""
    return scene.till.scoped(deed)()  # type: ignore[arg-type]  # a deed without arguments


def asked(scene: Scene) -> UUID:
    """The buyer asks for the money of one unit."""

    def ask() -> UUID:
        order = Order.objects.get(pk=scene.till.order_id)
        wish = CaseWish(order.id, "refund_only", {OrderLine.objects.get(order=order).id: 1}, "quality")
        return open_case(wish, actor=Actor("person", order.person_id)).id

    found = in_shop(scene, ask)
    assert isinstance(found, UUID)
    return found


def granted_twice(scene: Scene) -> None:
    case_id = asked(scene)
    for _ in range(2):
        with suppress(Refusal):
            in_shop(scene, lambda: grant_case(case_id, actor=SYSTEM))


def granted_whatever_its_state(scene: Scene) -> None:
    """Whoever presses the button again finds the case as it was drawn, and grants it."""
    case_id = asked(scene)
    in_shop(scene, lambda: grant_case(case_id, actor=SYSTEM))
    scene.write("update after_sale set state = 'requested', refund_id = null where id = %s", case_id)
    in_shop(scene, lambda: grant_case(case_id, actor=SYSTEM))


def has_money_once(till: Till) -> Iterator[str]:
    for case in AfterSale.objects.all():
        lines = AfterSaleLine.objects.filter(aftersale=case).count()
        if lines > 1:
            yield f"one case gave money back {lines} times"


def ruled(scene: Scene) -> UUID:
    """For the buyer, and nobody appeals."""
    case_id = asked(scene)

    def hear() -> UUID:
        buyer = Actor("person", AfterSale.objects.get(pk=case_id).person_id)
        refuse_case(case_id, "as_described", text="完好", actor=SYSTEM)
        dispute = open_dispute(case_id, "受潮", side=Side.BUYER, actor=buyer)
        state_case(dispute.id, "完好", side=Side.SELLER, actor=SYSTEM)
        rule_dispute(dispute.id, FOR_BUYER, actor=Actor("operator", uuid7()))
        return dispute.id

    found = in_shop(scene, hear)
    assert isinstance(found, UUID)
    return found


def carry_out(scene: Scene, dispute_id: UUID) -> None:
    in_shop(scene, lambda: _carry_out(dispute_id, clock.now() + timedelta(days=30)))


def carried_out_twice(scene: Scene) -> None:
    """By the timer, and by the timer of a worker that was thought dead."""
    dispute_id = ruled(scene)
    for _ in range(2):
        carry_out(scene, dispute_id)


def carried_out_whatever_its_state(scene: Scene) -> None:
    dispute_id = ruled(scene)
    carry_out(scene, dispute_id)
    scene.write("update after_sale set state = 'refused', refund_id = null")
    scene.write("update dispute set state = 'ruled', ended_at = null, due_at = now()")
    carry_out(scene, dispute_id)


def refunded_beside_the_dispute(scene: Scene) -> None:
    """Staff give all back while the platform decides; it rules for the buyer."""
    dispute_id = ruled(scene)
    scene.till.give(3)()
    carry_out(scene, dispute_id)


def debited_beside_the_dispute(scene: Scene) -> None:
    """The dispute takes its own money, and does not look at what has gone back."""
    refunded_beside_the_dispute(scene)
    scene.write("update payment_attempt set refunded_fen = refunded_fen + %s", PRICE)
    scene.write("update line_refunded set quantity = quantity + 1, goods_fen = goods_fen + %s", PRICE)


def no_more_than_was_paid(till: Till) -> Iterator[str]:
    for row in LineRefunded.objects.all():
        if row.quantity > row.of_quantity:
            yield f"{row.quantity} of {row.of_quantity} units went back"


def a_refund(scene: Scene) -> str:
    """Its number; the channel has not answered yet."""
    scene.till.give(1)()
    found = in_shop(scene, lambda: Refund.objects.get().refund_no)
    assert isinstance(found, str)
    return found


def told_four_times(scene: Scene) -> None:
    number = a_refund(scene)
    for _ in range(4):
        in_shop(scene, lambda: record_refund(RefundNotice(number, "succeeded", "503"), actor=CHANNEL))


def booked_each_time(scene: Scene) -> None:
    """Each delivery of the message is an entry of its own."""
    a_refund(scene)

    def book() -> None:
        draft = paid_back_draft(Refund.objects.get())
        post_transactions([replace(draft, key=f"{draft.key}:{uuid7()}")], actor=CHANNEL)

    for _ in range(4):
        in_shop(scene, book)


def owed_is_what_is_under_way(till: Till) -> Iterator[str]:
    way = Refund.objects.exclude(state="succeeded").aggregate(fen=Sum("amount_fen"))["fen"] or 0
    if balance(REFUND_DUE) != way:
        yield f"{balance(REFUND_DUE)} is owed to buyers, {way} is on its way"


def failed_and_sent_again(scene: Scene) -> None:
    number = a_refund(scene)

    def again() -> None:
        record_refund(RefundNotice(number, "failed"), actor=CHANNEL)
        retry_refund(Refund.objects.get().id, actor=SYSTEM)

    in_shop(scene, again)


def failed_and_sent_anew(scene: Scene) -> None:
    """Under another number, while the first may still arrive."""
    number = a_refund(scene)

    def anew() -> None:
        order = Order.objects.get(pk=scene.till.order_id)
        attempt = PaymentAttempt.objects.get(pk=PaymentAllocation.objects.get(order=order).attempt_id)
        lock_rows(Rank.ATTEMPT, PaymentAttempt, [attempt.id])
        _, draft = open_refund(
            attempt, order=order, person_id=order.person_id, amount=Fen(PRICE), reason="partly", actor=SYSTEM
        )
        post_transactions([draft], actor=SYSTEM)

    in_shop(scene, lambda: record_refund(RefundNotice(number, "failed"), actor=CHANNEL))
    in_shop(scene, anew)


def with_a_coupon(scene: Scene) -> tuple[Shop, UUID]:
    shop = scene.till.earner.shop
    make_coupon(shop)
    order_id = place_order(shop)
    pay(shop, order_id)
    return shop, order_id


def all_goes_back(scene: Scene) -> None:
    _, order_id = with_a_coupon(scene)

    def give() -> UUID:
        line = OrderLine.objects.get(order_id=order_id).id
        return refund_lines(order_id, {line: 1}, freight="rest", reason="quality", actor=SYSTEM).id

    in_shop(scene, give)


def coupon_is_kept(scene: Scene) -> None:
    all_goes_back(scene)
    scene.write("update promotion_use set state = 'held'")


def coupon_is_back(till: Till) -> Iterator[str]:
    gone = Order.objects.filter(state="cancelled").values_list("id", flat=True)
    if PromotionUse.objects.filter(order_id__in=list(gone), state="held").exists():
        yield "the coupon of an order is used that was given back"


COMPLAINTS = [
    Failure(
        "lilishop: approve repeated, of an after-sale case",
        granted_twice,
        granted_whatever_its_state,
        "one case gave money back 2 times",
        guard="after_sale has no step to state requested",
        without=(OFF_STATES,),
        look=has_money_once,
    ),
    Failure(
        "likeshop: overlapping jobs, of a ruling",
        carried_out_twice,
        carried_out_whatever_its_state,
        "one case gave money back 2 times",
        guard="after_sale has no step to state refused",
        without=(OFF_STATES, "alter table dispute disable trigger guard_states"),
        look=has_money_once,
    ),
    Failure(
        "gumroad 4372: refund and dispute both take the money",
        refunded_beside_the_dispute,
        debited_beside_the_dispute,
        "4 of 3 units went back",
        guard="payment_attempt_refunded",
        without=(
            "alter table payment_attempt drop constraint payment_attempt_refunded",
            "alter table line_refunded drop constraint line_refunded_paid",
        ),
        look=no_more_than_was_paid,
    ),
    Failure(
        "saleor 10165: the same message four times, of a refund",
        told_four_times,
        booked_each_time,
        "-38400 is owed to buyers, 12800 is on its way",
        look=owed_is_what_is_under_way,
    ),
    Failure(
        "a second refund issued while the first may still arrive",
        failed_and_sent_again,
        failed_and_sent_anew,
        "completed order of 38400: shares gave up 12800, refunds 25600",
    ),
    Failure(
        "litemall 163: the coupon of what was given back is not",
        all_goes_back,
        coupon_is_kept,
        "the coupon of an order is used that was given back",
        guard="promotion_use has no step to state held",
        without=("alter table promotion_use disable trigger guard_states",),
        look=coupon_is_back,
    ),
]
