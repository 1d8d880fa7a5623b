"""Who pays for sending goods back: what the law says by the reason, or the shop's own offer."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from tongdao.foundation import clock
from tongdao.rulebook.returns import CARRIAGE
from tongdao.trade.aftersales.deadlines import GOODS_BACK
from tongdao.trade.aftersales.models import CarriageOffer


def carriage_of(kind: str, reason: str, *, since: datetime) -> str:
    """Of a case that is opened now about an order of `since`: shop or buyer; empty where nothing goes back.

    What the shop offered then stands for the order, and so does what it offers now. In a merchant_scope.
    """
    if kind not in GOODS_BACK:
        return ""
    now = clock.now()
    return CARRIAGE.on(now).payer(reason, offered=_offered(since) or _offered(now))


def carriage_offered() -> bool:
    """Whether the shop offers it now."""
    return CarriageOffer.objects.filter(effective_to__isnull=True).exists()


def _offered(at: datetime) -> bool:
    until = Q(effective_to__isnull=True) | Q(effective_to__gt=at)
    return CarriageOffer.objects.filter(until, effective_from__lte=at).exists()
