"""The nightly sweep: what is over is sealed by itself, today is not."""

from __future__ import annotations

from datetime import timedelta

from tests.support.builders import make_shop
from tongdao.finance.ledger.chart import BUYER_FUNDS, EXTERNAL_BUYER
from tongdao.finance.ledger.days import last_sealed
from tongdao.finance.ledger.operations import Draft, Line, post_transactions, sweep_days
from tongdao.foundation import clock
from tongdao.foundation.clock import today
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope


def test_yesterday_is_sealed_by_itself_and_today_stays_open() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        booked = today()
        lines = [Line(EXTERNAL_BUYER, BUYER_FUNDS, Fen(100))]
        post_transactions([Draft("one", "payment", shop.owner_id, lines)], actor=shop.owner)
    sweep_days(clock.now(), 1_000_000)
    with merchant_scope(shop.merchant_id):
        assert last_sealed() is None
    with clock.shifted(timedelta(days=1)):
        sweep_days(clock.now(), 1_000_000)
    with merchant_scope(shop.merchant_id):
        assert last_sealed() == booked
