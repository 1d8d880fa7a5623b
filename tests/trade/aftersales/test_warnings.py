"""Who has to move hears of it before the time is over: once for each deadline, and of no other's."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.support.complaining import STAFF, Sale, do, sold
from tongdao.foundation import clock
from tongdao.foundation.events import Event
from tongdao.foundation.events.definitions import vocabulary
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rulebook import aftersales as rules
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations import agree_to_case, refuse_case, send_back
from tongdao.trade.aftersales.operations.timing import sweep_case_warnings
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.operations import drop_dispute, open_dispute
from tongdao.trade.disputes.waiting import soon_for_buyer, soon_for_seller

HOUR = timedelta(hours=1)


def pass_to(by: timedelta) -> None:
    """The worker looks when the clock stands `by` later; twice, as two workers do."""
    with clock.shifted(by):
        for _ in range(2):
            sweep_case_warnings(clock.now(), 1_000_000)


def told(sale: Sale, case: AfterSale) -> list[str]:
    """Whose turn the warnings about the case named."""
    with merchant_scope(sale.earner.shop.merchant_id):
        rows = Event.objects.filter(name="after_sale.due_soon", subject_id=str(case.id)).order_by("seq")
        return [row.payload["side"] for row in rows]


def shown(sale: Sale, by: timedelta = timedelta()) -> tuple[int, int]:
    """How many cases the shop's desk and the buyer's own page warn of, `by` later."""
    with clock.shifted(by), merchant_scope(sale.earner.shop.merchant_id):
        now: datetime = clock.now()
        seller = AfterSale.objects.filter(soon_for_seller(now)).count()
        return seller, AfterSale.objects.filter(soon_for_buyer(now)).count()


def test_the_shop_is_warned_before_its_answer_is_due_and_never_early() -> None:
    sale = sold(1)
    case = sale.ask("return_refund", "quality")
    pass_to(35 * HOUR)
    assert (told(sale, case), shown(sale, 35 * HOUR)) == ([], (0, 0))
    pass_to(37 * HOUR)
    assert (told(sale, case), shown(sale, 37 * HOUR)) == (["seller"], (1, 0))
    assert shown(sale, 49 * HOUR) == (0, 0), "what is overdue is no warning any more"


def test_the_buyer_is_warned_before_the_days_of_sending_back_are_over() -> None:
    sale = sold(1)
    case = sale.ask("return_refund", "quality")
    sale.do(agree_to_case, case)
    pass_to(timedelta(days=6))
    assert (told(sale, case), shown(sale, timedelta(days=6))) == ([], (0, 0))
    late = timedelta(days=7) - 2 * HOUR
    pass_to(late)
    assert (told(sale, case), shown(sale, late)) == (["buyer"], (0, 1))


def test_a_deadline_that_moved_on_is_not_warned_of() -> None:
    """The goods are on their way: the old deadline is nobody's, the new one is days off."""
    sale = sold(1)
    case = sale.ask("return_refund", "quality")
    sale.do(agree_to_case, case)
    sale.do(send_back, case, "yunda", "YD12345678", actor=sale.buyer)
    late = timedelta(days=7) - 2 * HOUR
    pass_to(late)
    assert (told(sale, case), shown(sale, late)) == ([], (0, 0))
    pass_to(timedelta(days=10) - 2 * HOUR)
    assert told(sale, case) == ["seller"]


def test_a_dispute_stops_the_warning_and_a_new_deadline_is_warned_of_anew() -> None:
    sale = sold(1)
    case = sale.ask("refund_only", "quality")
    sale.do(refuse_case, case, "as_described", text="出库前有质检")
    first = rules.REFUSED_MAY_ESCALATE.on(clock.now()) - 2 * HOUR
    pass_to(first)
    assert (told(sale, case), shown(sale, first)) == (["buyer"], (0, 1))
    with clock.shifted(first + HOUR):
        dispute = do(sale, open_dispute, case.id, "照片为证", side=Side.BUYER, actor=sale.buyer)
    pass_to(first + HOUR)
    assert (told(sale, case), shown(sale, first + HOUR)) == (["buyer"], (0, 0)), "its clock stands still"
    back = first + timedelta(days=1)
    with clock.shifted(back):
        do(sale, drop_dispute, dispute.id, side=Side.BUYER, actor=sale.buyer)
    pass_to(back)
    assert (told(sale, case), shown(sale, back)) == (["buyer", "buyer"], (0, 1)), "what was left runs again"
    pass_to(back)
    assert len(told(sale, case)) == 2


def test_a_dispute_warns_whoever_has_not_stated_its_case() -> None:
    sale = sold(1)
    case = sale.ask("refund_only", "quality")
    sale.do(refuse_case, case, "as_described", text="出库前有质检")
    do(sale, open_dispute, case.id, "照片为证", side=Side.BUYER, actor=sale.buyer)
    with merchant_scope(sale.earner.shop.merchant_id):
        left = Dispute.objects.get().answer_by - clock.now()
    assert shown(sale, left - 13 * HOUR) == (0, 0)
    assert shown(sale, left - 2 * HOUR) == (1, 0)


def test_programs_know_the_warning_by_its_published_shape() -> None:
    assert "after_sale.due_soon" in vocabulary()


def test_staff_are_not_told_of_what_they_did() -> None:
    """Answered in time, there is nothing to warn of."""
    sale = sold(1)
    case = sale.ask("return_refund", "quality")
    sale.do(agree_to_case, case, actor=STAFF)
    pass_to(37 * HOUR)
    assert told(sale, case) == []
