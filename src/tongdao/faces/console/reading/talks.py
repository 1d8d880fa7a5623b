"""Conversations as the desk lists them."""

from __future__ import annotations

from uuid import UUID

from tongdao.faces.console.reading.paging import SIZE, Place, Slice, slice_of
from tongdao.party.network.models import Promoter
from tongdao.trade.talk.models import Talk
from tongdao.trade.talk.queries import talks


def talk_page(place: Place, *, waiting: bool, size: int = SIZE) -> Slice[Talk]:
    """Those in which a buyer waits, the longest first; or all, the latest first."""
    if waiting:
        return slice_of(talks(waiting=True), place, time="buyer_waits_since", up=True, size=size)
    return slice_of(talks(), place, time="last_at", size=size)


def promoter_name(promoter_id: UUID | None) -> str:
    if promoter_id is None:
        return ""
    return Promoter.objects.filter(pk=promoter_id).values_list("shown_name", flat=True).first() or ""
