"""A case that is disputed, with files, for walks over the pages."""

from __future__ import annotations

import io
from collections.abc import Sequence
from uuid import UUID

from tests.support.builders import Shop
from tests.support.complaining import arrived_line
from tests.trade.reviews.support import a_photo, buyer_of_order
from tongdao.foundation.attachments import Kept
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSale, AfterSaleFile, Side
from tongdao.trade.aftersales.operations import CaseWish, open_case, refuse_case
from tongdao.trade.aftersales.posting import post
from tongdao.trade.disputes.models import Dispute, StatementFile
from tongdao.trade.disputes.operations import open_dispute

CASE_ACTS = ("agree", "grant", "refuse", "receive", "replace", "say", "call", "bundle")
DISPUTE_ACTS = ("state", "accept", "appeal", "drop", "concede")


def case_rows(shop: Shop, order_id: UUID) -> dict[str, dict[str, object]]:
    """The buyer of an order asks with a picture, is refused, and calls the platform with one."""
    buyer, line_id = buyer_of_order(shop, order_id), arrived_line(shop, order_id)

    def ask(kept: Sequence[Kept]) -> AfterSale:
        wish = CaseWish(order_id, "return_refund", {line_id: 1}, "quality", text="漏气了", files=kept)
        return open_case(wish, actor=buyer)

    case_id = post(shop.merchant_id, ask, [io.BytesIO(a_photo())]).id
    with merchant_scope(shop.merchant_id):
        refuse_case(case_id, "as_described", text="照片上看不出", actor=shop.owner)

    def call(kept: Sequence[Kept]) -> Dispute:
        return open_dispute(case_id, "请平台看看", kept, side=Side.BUYER, actor=buyer)

    post(shop.merchant_id, call, [io.BytesIO(a_photo())], keeps=StatementFile)
    with merchant_scope(shop.merchant_id):
        shown = AfterSaleFile.objects.get(word__aftersale_id=case_id).id
        stated = StatementFile.objects.get(statement__dispute__aftersale_id=case_id).id
    case: dict[str, object] = {"case_id": case_id}
    acts = (*(f"case_{act}" for act in CASE_ACTS), *(f"dispute_{act}" for act in DISPUTE_ACTS))
    return {
        "case": case,
        "case_file": case | {"file_id": shown},
        "dispute_file": case | {"file_id": stated},
        **dict.fromkeys(acts, case),
    }
