from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from tongdao.rewards.commissions.models import Commission
from tongdao.trade.orders.models import WaterfallShare
from tongdao.trade.orders.models.agreed import ShareKind


def shares_of(promoter_ids: Sequence[UUID]) -> QuerySet[WaterfallShare]:
    """The promoter's shares of these ids alone, with `kept`: the amount less what was clawed back.

    Every reading of this room begins here, or at `commissions_of`, which has them from the payment on.
    """
    rows = WaterfallShare.objects.filter(kind=ShareKind.PROMOTER, beneficiary__in=list(promoter_ids))
    return rows.annotate(kept=F("amount_fen") - Coalesce("commissions__clawed_fen", 0))


def commissions_of(promoter_ids: Sequence[UUID]) -> QuerySet[Commission]:
    return Commission.objects.filter(promoter_id__in=list(promoter_ids))
