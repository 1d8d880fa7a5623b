"""Evidence goes from the disk when no law keeps the trade's record any more; the words stay."""

from __future__ import annotations

import io
from datetime import timedelta

from tests.support.complaining import do, refused_sale
from tests.trade.reviews.support import a_photo
from tongdao.compliance.retention.operations.lapsing import TRADES, lapse
from tongdao.foundation import clock
from tongdao.foundation.attachments import path_of
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSaleFile, AfterSaleWord, Side
from tongdao.trade.aftersales.operations.asking import add_words, withdraw_case
from tongdao.trade.aftersales.posting import post
from tongdao.trade.aftersales.queries import case_view
from tongdao.trade.disputes.models import Dispute, Statement, StatementFile
from tongdao.trade.disputes.operations import drop_dispute, open_dispute
from tongdao.trade.orders.models import Order

LATER = timedelta(days=2)
TABLES = (AfterSaleFile, StatementFile)


def photo() -> list[io.BytesIO]:
    return [io.BytesIO(a_photo())]


def test_files_go_when_trade_and_case_ended_long_enough_ago() -> None:
    sale, case = refused_sale()
    merchant, buyer = sale.earner.shop.merchant_id, sale.buyer
    post(merchant, lambda kept: add_words(case.id, "潮了", kept, side=Side.BUYER, actor=buyer), photo())
    post(
        merchant,
        lambda kept: open_dispute(case.id, "照片为证", kept, side=Side.BUYER, actor=buyer),
        photo(),
        keeps=StatementFile,
    )
    with merchant_scope(merchant):
        paths = [path_of(table.objects.get().file) for table in TABLES]
        dispute = Dispute.objects.get()
    assert all(path.exists() for path in paths)
    do(sale, drop_dispute, dispute.id, side=Side.BUYER, actor=buyer)

    def lapsed() -> list[int]:
        bound = clock.now() + timedelta(minutes=1)
        return [lapse(merchant, bound, forget) for forget in TRADES[2:]]

    assert lapsed() == [0, 0], "its trade has not ended"
    with merchant_scope(merchant):
        Order.objects.filter(pk=sale.order_id).update(completed_at=clock.now(), state="completed")
    assert lapsed() == [0, 1], "its case has not ended"
    with clock.shifted(LATER):
        do(sale, withdraw_case, case.id, actor=buyer)
        assert [lapse(merchant, clock.now() - LATER / 2, forget) for forget in TRADES[2:]] == [0, 0]
        assert lapsed() == [1, 0]
        assert lapsed() == [0, 0]
    assert not any(path.exists() for path in paths)
    with merchant_scope(merchant):
        assert [table.objects.get().file for table in TABLES] == ["", ""]
        assert (
            Statement.objects.get().text == "照片为证" and AfterSaleWord.objects.filter(text="潮了").exists()
        )
        assert all(word.files == () for word in case_view(case.id).words)
