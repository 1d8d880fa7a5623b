"""What a case would come to, before it is asked for. In the merchant's scope; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.trade.aftersales.deadlines import REPLACING
from tongdao.trade.aftersales.models import AfterSale, AfterSaleKind
from tongdao.trade.aftersales.operations.answering import case_backs
from tongdao.trade.aftersales.operations.refunding import preview_refund
from tongdao.trade.aftersales.reasons import freight_of
from tongdao.trade.aftersales.refusals import NothingToGiveBack
from tongdao.trade.aftersales.standing import standing_lines
from tongdao.trade.orders.models import Order


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would go back, if it is granted as it is asked."""

    goods_fen: Fen
    freight_fen: Fen

    @property
    def fen(self) -> Fen:
        return Fen(self.goods_fen + self.freight_fen)


NOTHING_BACK = Outlook(Fen(0), Fen(0))


def preview_case(
    order: Order, line_id: UUID, kind: str, units: int, reason: str, asked_fen: int | None = None
) -> Outlook:
    """Of units that may be asked about (eligibility.Offer); kinds that end with goods bring no money."""
    if kind in REPLACING:
        return NOTHING_BACK
    try:
        if kind == AfterSaleKind.CANCEL:
            backs = list(preview_refund(order, {line_id: units}, "share").backs)
        else:
            case = AfterSale(kind=kind, freight=freight_of(kind, reason))
            backs = case_backs(case, standing_lines(order.id), {line_id: units}, asked_fen)
    except NothingToGiveBack:
        return NOTHING_BACK
    return Outlook(
        Fen(sum(back.now.goods_fen for back in backs)), Fen(sum(back.now.freight_fen for back in backs))
    )
