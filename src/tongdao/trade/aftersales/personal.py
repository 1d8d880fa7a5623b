"""An after-sale is part of the trade's record; its files go when no law keeps that any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongdao.foundation.attachments.forgetting import forget_files
from tongdao.foundation.hooks import register
from tongdao.foundation.personal import ERASE, holds, impersonal
from tongdao.foundation.tenancy import person_scope
from tongdao.trade.aftersales.models import (
    AfterSale,
    AfterSaleFile,
    AfterSaleItem,
    AfterSaleWord,
    CarriageOffer,
)
from tongdao.trade.aftersales.refusals import AfterSalesOpen
from tongdao.trade.aftersales.states import AFTER_SALE
from tongdao.trade.orders.personal import ended_before


@register(ERASE)
def still_undoing(person_id: UUID) -> AfterSalesOpen | None:
    with person_scope(person_id):
        count = AfterSale.objects.exclude(state__in=AFTER_SALE.final).count()
    return AfterSalesOpen(count=count) if count else None


def forget_evidence(before: datetime, at_once: int) -> int:
    """Files of cases that ended, as their trades did, before; returns how many. In a merchant's scope."""
    ended = ended_before(before, "word__aftersale__order__")
    named = AfterSaleFile.objects.filter(ended, word__aftersale__ended_at__lt=before).exclude(file="")
    ids = list(named.order_by("id").values_list("id", flat=True)[:at_once])
    return forget_files(AfterSaleFile.objects.filter(pk__in=ids)) if ids else 0


holds(
    AfterSale,
    "kept",
    shows=("order__number", "kind", "reason", "state", "opened_at", "ended_at"),
    laws=("retention.trade_records",),
    since="ended_at",
)
holds(
    AfterSaleWord,
    "kept",
    person="aftersale__person_id",
    shows=("aftersale__order__number", "side", "text", "said_at"),
    laws=("retention.trade_records",),
    since="said_at",
)
holds(
    AfterSaleItem,
    "kept",
    person="aftersale__person_id",
    shows=("aftersale__order__number", "line__title", "quantity"),
    laws=("retention.trade_records",),
    since="aftersale__opened_at",
)
holds(
    AfterSaleFile,
    "kept",
    person="word__aftersale__person_id",
    shows=("word__aftersale__order__number", "type", "bytes", "word__said_at"),
    file="file",
    laws=("retention.trade_records",),
    since="word__said_at",
)
impersonal(CarriageOffer, "what a shop offers; who of the staff offered it stands in the log too")
