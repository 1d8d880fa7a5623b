from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from tongdao.trade.orders.models import WaterfallShare
from tongdao.trade.orders.models.agreed import ShareKind


def shares_of(promoter_ids: Sequence[UUID]) -> QuerySet[WaterfallShare]:
    """The promoter's shares of these ids alone; every reading of this room begins here."""
    return WaterfallShare.objects.filter(kind=ShareKind.PROMOTER, beneficiary__in=list(promoter_ids))
