"""Drawn histories: what was kept event by event is what a replay from zero gives, and what the rooms say."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import F, Sum

from tests.crm.reputing import PROJECTION
from tests.faces.promoter.support import Earner, make_earner, make_promoted_shop
from tests.trade.talk.support import said
from tongdao.crm.reputation.models import LineStanding, Standing, StandingWait
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.events import reader_named, replay
from tongdao.foundation.events.reading import run_reader
from tongdao.foundation.events.testing import Rows, rows_of
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rulebook.reputation import ANSWER_WITHIN
from tongdao.trade.aftersales.eligibility import offers
from tongdao.trade.aftersales.models import AfterSale, LineRefunded, Side
from tongdao.trade.aftersales.operations import (
    CaseWish,
    agree_to_case,
    cancel_order,
    grant_case,
    open_case,
    receive_return,
    refund_lines,
    refuse_case,
    send_back,
    ship_replacement,
    withdraw_case,
)
from tongdao.trade.aftersales.operations.timing import let_pass
from tongdao.trade.disputes.models import Dispute, Ruling
from tongdao.trade.disputes.operations import (
    Decision,
    accept_ruling,
    appeal,
    drop_dispute,
    open_dispute,
    rule_dispute,
    state_case,
)
from tongdao.trade.orders.models import Allocation, Order, OrderLine
from tongdao.trade.orders.operations import complete_order
from tongdao.trade.reviews.models import Review
from tongdao.trade.reviews.operations import Said, answer_review, take_down_review, write_review
from tongdao.trade.shipping.models import Parcel, ParcelItem
from tongdao.trade.shipping.operations import cancel_parcel, pack_parcel
from tongdao.trade.shipping.states import LEFT
from tongdao.trade.talk.models import Talk
from tongdao.trade.talk.operations import send_as_buyer, send_as_promoter, send_as_staff, settle_talk

STEPS = 180
RULES = ("buyer", "part", "seller")


class History:
    """One shop in whose orders whatever may happen does, with the log read now and then."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.earner: Earner = make_earner(make_promoted_shop(stock=500))
        self.orders = [self.earner.sell(self.draw.randint(2, 6)) for _ in range(5)]
        self.done: set[str] = set()
        self.at = timedelta()

    @property
    def merchant_id(self) -> UUID:
        return self.earner.shop.merchant_id

    def run(self) -> None:
        for _ in range(STEPS):
            self.at += timedelta(hours=self.draw.choice((0, 0, 0, 1, 5, 30)))
            act = self.draw.choice(ACTS)
            with clock.shifted(self.at):
                try:
                    with merchant_scope(self.merchant_id):
                        act(self, Order.objects.get(pk=self.draw.choice(self.orders)))
                    self.done.add(act.__name__)
                except Refusal:
                    pass  # it was not possible now
            if self.draw.random() < 0.3:
                run_reader(PROJECTION, self.merchant_id, limit=self.draw.randint(1, 9))
        while run_reader(PROJECTION, self.merchant_id):
            continue

    def case(self, order: Order) -> AfterSale:
        """One of the order's, mostly one that goes on. Raises NotFound."""
        found = list(AfterSale.objects.filter(order=order).order_by("id"))
        if not found:
            raise NotFound()
        going = [case for case in found if case.ended_at is None and case.state != "granted"]
        return going[0] if going and self.draw.random() < 0.8 else self.draw.choice(found)

    def dispute(self, order: Order) -> Dispute:
        """The order's open one. Raises NotFound."""
        found = Dispute.objects.filter(order_id=order.id, ended_at__isnull=True).first()
        if found is None:
            raise NotFound()
        return found

    @property
    def clerk(self) -> Actor:
        return self.earner.shop.owner


def buyer(order: Order) -> Actor:
    return Actor("person", order.person_id)


def pack(story: History, order: Order) -> None:
    rows = Allocation.objects.filter(line__order=order)
    items = {row.id: story.draw.randint(1, row.quantity) for row in rows}
    pack_parcel(order.id, items, "shunfeng", f"SF{uuid7().int % 10**10:010d}", actor=SYSTEM)


def take_back_parcel(story: History, order: Order) -> None:
    for parcel in Parcel.objects.filter(order=order, state="shipped")[:1]:
        cancel_parcel(parcel.id, actor=story.clerk)


def arrive(story: History, order: Order) -> None:
    parcels = Parcel.objects.filter(order=order, state="shipped")
    parcels.update(state="delivered", delivered_at=clock.now())


def confirm(story: History, order: Order) -> None:
    complete_order(order.id, actor=buyer(order))


def cancel(story: History, order: Order) -> None:
    if story.draw.random() < 0.2:
        cancel_order(order.id, reason="other", actor=buyer(order))


def refund(story: History, order: Order) -> None:
    line = OrderLine.objects.get(order=order)
    refund_lines(order.id, {line.id: 1}, freight="none", reason="quality", actor=story.clerk)


def ask(story: History, order: Order) -> None:
    may_cancel = story.draw.random() < 0.1
    open_to = [offer for offer in offers(order) if may_cancel or offer.kind != "cancel"]
    if not open_to:
        return
    one = story.draw.choice(open_to)
    price = one.kind == "price_adjustment"
    less = one.kind == "refund_only" and story.draw.random() < 0.5
    fen = story.draw.choice((2_000, 9_000)) if price or less else None
    units = {one.line.id: story.draw.randint(1, one.most)}
    wish = CaseWish(order.id, one.kind, units, story.draw.choice(one.reasons), asked_fen=fen)
    open_case(wish, actor=buyer(order))


def grant(story: History, order: Order) -> None:
    grant_case(story.case(order).id, actor=story.clerk)


def agree(story: History, order: Order) -> None:
    agree_to_case(story.case(order).id, actor=story.clerk)


def refuse(story: History, order: Order) -> None:
    refuse_case(story.case(order).id, "as_described", text="如描述", actor=story.clerk)


def withdraw(story: History, order: Order) -> None:
    withdraw_case(story.case(order).id, actor=buyer(order))


def go_back(story: History, order: Order) -> None:
    case = story.case(order)
    send_back(case.id, "yunda", "YD12345678", actor=buyer(order))
    receive_return(case.id, {}, actor=story.clerk)


def replace(story: History, order: Order) -> None:
    ship_replacement(story.case(order).id, "yunda", "YD87654321", actor=story.clerk)


def let_time_pass(story: History, order: Order) -> None:
    let_pass(story.case(order).id, clock.now())


def open_it(story: History, order: Order) -> Dispute:
    case = story.case(order)
    if case.state == "refused":
        return open_dispute(case.id, "不同意", side=Side.BUYER, actor=buyer(order))
    return open_dispute(case.id, "请平台判", side=Side.SELLER, actor=story.clerk)


def drop(story: History, order: Order) -> None:
    dispute = story.dispute(order)
    side = Side(dispute.opened_by)
    drop_dispute(dispute.id, side=side, actor=buyer(order) if side == Side.BUYER else story.clerk)


def rule(story: History, order: Order) -> None:
    dispute = story.dispute(order)
    if dispute.state == "open":
        state_case(dispute.id, "陈述", side=Side.BUYER, actor=buyer(order))
        state_case(dispute.id, "陈述", side=Side.SELLER, actor=story.clerk)
    outcome = story.draw.choice(RULES)
    fen = 1_500 if outcome == "part" else None
    decision = Decision(outcome, "fairness", "理由如下。", goods_fen=fen)
    rule_dispute(dispute.id, decision, actor=Actor("operator", uuid7()))


def appeal_it(story: History, order: Order) -> None:
    side = story.draw.choice((Side.BUYER, Side.SELLER))
    actor = buyer(order) if side == Side.BUYER else story.clerk
    appeal(story.dispute(order).id, "请复核", side=side, actor=actor)


def accept(story: History, order: Order) -> None:
    dispute = story.dispute(order)
    side = story.draw.choice((Side.BUYER, Side.SELLER))
    accept_ruling(dispute.id, side=side, actor=buyer(order) if side == Side.BUYER else story.clerk)


def speak(story: History, order: Order) -> None:
    promoter = story.earner.promoter_id if story.draw.random() < 0.4 else None
    send_as_buyer(order.id, said("在吗？"), promoter_id=promoter, actor=buyer(order))


def answer(story: History, order: Order) -> None:
    promoter = story.earner.promoter_id if story.draw.random() < 0.3 else None
    send_as_staff(order.id, said("在的。"), promoter_id=promoter, actor=story.clerk)


def recommend(story: History, order: Order) -> None:
    send_as_promoter(order.id, said("我常喝。"), actor=Actor("person", story.earner.person.pk))


def settle(story: History, order: Order) -> None:
    talk = Talk.objects.filter(order=order, promoter_id=None).first()
    settle_talk(order.id, story.draw.randint(1, talk.last_seq) if talk else 1, actor=story.clerk)


def review(story: History, order: Order) -> None:
    line = OrderLine.objects.get(order=order)
    write_review(line.id, stars=story.draw.randint(1, 5), said=Said("茶。"), actor=buyer(order))


def answer_it(story: History, order: Order) -> None:
    for one in Review.objects.filter(line__order=order):
        answer_review(one.id, "谢谢。", actor=story.clerk)


def take_down(story: History, order: Order) -> None:
    for one in Review.objects.filter(line__order=order):
        if story.draw.random() < 0.3:
            take_down_review(one.id, reason="unlawful", actor=Actor("operator"))


ACTS: tuple[Callable[[History, Order], object], ...] = (
    *(pack, pack, pack, pack, pack, arrive, arrive, arrive, confirm, take_back_parcel, cancel, refund),
    *(ask, ask, ask, ask, grant, grant, grant, agree, refuse, refuse, refuse, refuse),
    *(withdraw, go_back, replace, let_time_pass, let_time_pass),
    *(open_it, open_it, drop, rule, rule, rule, appeal_it, accept, accept),
    *(speak, speak, answer, recommend, settle, review, review, answer_it, take_down),
)


def expected(story: History) -> dict[str, int]:
    """What the rooms below say now of what the log told."""
    with merchant_scope(story.merchant_id):
        items = ParcelItem.objects.filter(parcel__state__in=LEFT)
        ruled = Dispute.objects.filter(state="enforced")
        last = [Ruling.objects.filter(dispute=one).latest("round").outcome for one in ruled]
        return {
            "units_sent": items.aggregate(all=Sum("quantity"))["all"] or 0,
            "disputes": Dispute.objects.exclude(state="dropped").count(),
            "disputes_ruled": len(last),
            "disputes_lost": len([one for one in last if one != "seller"]),
            "answers": Review.objects.filter(answered_at__isnull=False).count(),
        }


def kept(story: History) -> Standing:
    with merchant_scope(story.merchant_id):
        return Standing.objects.get(kind="merchant")


@pytest.mark.parametrize("seed", range(4))
def test_a_replay_from_zero_gives_the_same_standings(seed: int) -> None:
    story = History(seed)
    story.run()
    reader = reader_named(PROJECTION)
    live: Rows = rows_of(reader, story.merchant_id, ("id",))
    for chunk in (1, 1000):
        replay(reader, story.merchant_id, chunk=chunk)
        assert rows_of(reader, story.merchant_id, ("id",)) == live, chunk
    row, below = kept(story), expected(story)
    assert {name: getattr(row, name) for name in below} == below
    assert len(story.done) >= len(set(ACTS)) // 2, "else it shows little"
    check_lines(story, row)
    check_waits(story, row)


def check_lines(story: History, row: Standing) -> None:
    """Of each line as much came back as was paid back, but for what never left and for lowered prices."""
    with merchant_scope(story.merchant_id):
        gone = dict(LineRefunded.objects.values_list("line_id", "quantity"))
        fen = dict(LineRefunded.objects.values_list("line_id", F("goods_fen")))
        lines = list(LineStanding.objects.all())
        stars = sum(getattr(row, f"stars_{place}") for place in range(1, 6))
        assert stars <= Review.objects.exclude(state="taken_down").count()
    assert row.units_back <= min(row.units_sent, sum(gone.values()))
    for line in lines:
        assert line.gone <= gone.get(line.line_id, 0)
        assert line.back_fen == fen.get(line.line_id, 0)


def check_waits(story: History, row: Standing) -> None:
    """The merchant's sums are those of its conversations and cases, and none of them counts twice."""
    within = ANSWER_WITHIN.on(clock.now()).total_seconds()
    with merchant_scope(story.merchant_id):
        mine = list(StandingWait.objects.filter(kind="merchant", longest__isnull=False))
        open_ = StandingWait.objects.filter(since__isnull=False).values_list("wait_id", flat=True)
        talks = Talk.objects.filter(buyer_waits_since__isnull=False).values_list("id", flat=True)
        cases = AfterSale.objects.filter(state="requested", paused_left__isnull=True)
        waiting = {*talks, *cases.values_list("id", flat=True)}
        assert set(open_) == waiting
    assert (row.waits, row.seconds_waited) == (len(mine), sum(one.longest or 0 for one in mine))
    assert row.waits_in_time == len([one for one in mine if one.in_time])
    assert all((one.longest or 0) <= within for one in mine if one.in_time)
