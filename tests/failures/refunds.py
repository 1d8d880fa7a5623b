"""What became of commissions in other shops when goods came back, and of money that was bound twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from tests.faces.console.support import pay, place_order
from tests.faces.promoter.support import PRICE, SHARE, make_earner
from tests.failures.entry import Failure, Scene
from tests.interleaving.till import Till
from tongdao.finance.ledger.operations import post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.reach.traffic.operations import follow_link
from tongdao.rewards.commissions.models import Commission
from tongdao.terms.promotions.operations import create_coupon
from tongdao.terms.promotions.pricing import Choice
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.orders.models import Order
from tongdao.trade.payments.models import PaymentAllocation, PaymentAttempt
from tongdao.trade.payments.operations import open_refund

OFF = 1_000  # fen: a coupon
GRANTED = "grant update on commission to tongdao_app"
IN_PROPORTION = "alter table commission drop constraint commission_in_proportion"


def paid(scene: Scene) -> None:
    """The payout that was approved has arrived."""
    scene.till.told("paid")()


def a_unit_goes_back(scene: Scene) -> None:
    scene.till.give(1, scene.till.next_id)()


def all_is_taken(scene: Scene) -> None:
    a_unit_goes_back(scene)
    scene.write(
        "update commission set clawed_fen = amount_fen, state = 'void' where order_id = %s",
        scene.till.next_id,
    )


def back_after_the_payout(scene: Scene) -> None:
    paid(scene)
    scene.till.give(2)()


def commission_is_skipped(scene: Scene) -> None:
    """Paid out is paid out: the buyer gets the money back, the commission is left to somebody's hand."""
    paid(scene)
    _refund_alone(scene.till, 2 * PRICE)


def _refund_alone(till: Till, fen: int) -> None:
    with merchant_scope(till.merchant_id):
        order = Order.objects.get(pk=till.order_id)
        attempt = PaymentAttempt.objects.get(pk=PaymentAllocation.objects.get(order=order).attempt_id)
        lock_rows(Rank.ATTEMPT, PaymentAttempt, [attempt.id])
        _, draft = open_refund(
            attempt,
            order=order,
            person_id=order.person_id,
            amount=Fen(fen),
            reason="quality",
            actor=SYSTEM,
        )
        post_transactions([draft], actor=SYSTEM)


def owes_two(till: Till) -> Iterator[str]:
    row = Commission.objects.get(order_id=till.order_id)
    if row.owed_fen != 2 * SHARE:
        yield f"{row.owed_fen} is owed for two units that came back"


def loss_is_eaten(scene: Scene) -> None:
    """Taken back is at most what stands on the account, which is nothing."""
    back_after_the_payout(scene)
    scene.write(
        "update commission set clawed_fen = clawed_fen - owed_fen, owed_fen = 0 where order_id = %s",
        scene.till.order_id,
    )


def all_goes_back_once(scene: Scene) -> None:
    """A refund, and then a dispute about the same goods."""
    scene.till.give(3)()
    try:
        scene.till.give(3)()
    except Refusal:
        return
    raise AssertionError("the same goods went back twice")


def dispute_debits_too(scene: Scene) -> None:
    scene.till.give(1)()
    scene.write(
        """
        with again as (
          insert into clawback select (jsonb_populate_record(c, jsonb_build_object('id', %s::text))).*
          from clawback c returning commission_id, amount_fen, base_fen)
        update commission c set clawed_fen = c.clawed_fen + a.amount_fen
        from again a where c.id = a.commission_id
        """,
        uuid7(),
    )


def back_twice(scene: Scene) -> None:
    scene.till.give(1)()
    scene.till.give(1)()


def second_debit_is_left_out(scene: Scene) -> None:
    back_twice(scene)
    scene.write("update commission set clawed_fen = clawed_fen / 2 where order_id = %s", scene.till.order_id)


def back_unless_paid_out(scene: Scene) -> None:
    """The service desk asks first whether the commission was paid out, and refuses then."""
    paid(scene)
    with merchant_scope(scene.till.merchant_id):
        if Commission.objects.filter(order_id=scene.till.order_id, state="paid").exists():
            return
    scene.till.give(2)()


def nobody_is_refused(till: Till) -> Iterator[str]:
    if not AfterSale.objects.filter(order_id=till.order_id).exists():
        yield "the buyer was refused"


def with_a_coupon(scene: Scene) -> None:
    """A line whose buyer pays less than its price."""
    shop, earner = scene.till.earner.shop, scene.till.earner
    now, visitor = clock.now(), uuid4()
    with merchant_scope(shop.merchant_id):
        coupon = create_coupon(
            title="券", off_fen=Fen(OFF), threshold_fen=Fen(1), per_member=1, quota=9,
            starts_at=now, ends_at=now + timedelta(days=1), actor=shop.owner,
        )  # fmt: skip
    follow_link(earner.link, visitor=visitor)
    pay(shop, place_order(shop, visitor=visitor, choice=Choice(coupons=(coupon.id,))))


def of_the_list_price(scene: Scene) -> None:
    with_a_coupon(scene)
    scene.write(
        "update commission set base_fen = %s, amount_fen = %s where base_fen = %s", PRICE, SHARE, PRICE - OFF
    )


def bound_anew(scene: Scene) -> None:
    """Ordered by one promoter's link; before the payment another one's is followed."""
    _between(scene, rebind=False)


def rebound_at_payment(scene: Scene) -> None:
    _between(scene, rebind=True)


def _between(scene: Scene, *, rebind: bool) -> None:
    shop, visitor = scene.till.earner.shop, uuid4()
    follow_link(scene.till.earner.link, visitor=visitor)
    order_id = place_order(shop, visitor=visitor)
    other = make_earner(shop, name="后来")
    follow_link(other.link, visitor=visitor)
    if rebind:
        scene.write(
            """
            update waterfall_share s set beneficiary = %s from order_line l
            where l.id = s.line_id and l.order_id = %s and s.kind = 'promoter'
            """,
            other.promoter_id,
            order_id,
        )
    pay(shop, order_id)


def goes_to_who_brought_it(till: Till) -> Iterator[str]:
    if Commission.objects.exclude(promoter_id=till.earner.promoter_id).exists():
        yield "another one earns on it"


REFUNDS = [
    Failure(
        "yudao: a partial refund cancels the whole commission",
        a_unit_goes_back,
        all_is_taken,
        "0 is below the rate",
        guard="commission_in_proportion",
        without=(IN_PROPORTION,),
    ),
    Failure(
        "dub: a refund after the payout is skipped and the clawback left to hand",
        back_after_the_payout,
        commission_is_skipped,
        "0 is owed for two units",
        stage="approved",
        look=owes_two,
    ),
    Failure(
        "CRMEB: the clawback is capped at the balance and the loss eaten",
        back_after_the_payout,
        loss_is_eaten,
        "3840 is above the rate",
        guard="commission_in_proportion",
        without=(IN_PROPORTION,),
        stage="approved",
    ),
    Failure(
        "gumroad 4372: refund and dispute debit twice",
        all_goes_back_once,
        dispute_debits_too,
        "1280 is below the rate",
        guard="clawback_once",
        without=("alter table clawback drop constraint clawback_once", IN_PROPORTION),
    ),
    Failure(
        "gumroad 5779: a re-refund is never debited",
        back_twice,
        second_debit_is_left_out,
        "2560 is above the rate",
        guard="commission_in_proportion",
        without=(IN_PROPORTION,),
    ),
    Failure(
        "likeshop: after the payout the buyer is refused after-sale",
        back_after_the_payout,
        back_unless_paid_out,
        "the buyer was refused",
        stage="approved",
        look=nobody_is_refused,
    ),
    Failure(
        "CRMEB: commission on the list price before the coupon",
        with_a_coupon,
        of_the_list_price,
        "1280 of 12800 is not what was frozen for 11800 paid",
        guard="permission denied for table commission",
        without=(GRANTED,),
    ),
    Failure(
        "yudao: re-binding between order and payment moves the money",
        bound_anew,
        rebound_at_payment,
        "another one earns on it",
        guard="permission denied for table waterfall_share",
        without=(
            "grant update on waterfall_share to tongdao_app",
            "alter table waterfall_share disable trigger append_only",
        ),
        look=goes_to_who_brought_it,
    ),
]
