"""What this room does when a buyer's two accounts become one."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.following import follow
from tongdao.goods.favourites.operations import take_over
from tongdao.party.members.merging import MERGED
from tongdao.party.members.models import Member, MemberMerge


@follow(MERGED)
def bring_favourites(news_id: UUID) -> None:
    """What the other account had kept; it stays there too, in case of an undoing."""
    news = MemberMerge.objects.get(pk=news_id)
    take_over(news.person_id, Member.objects.get(pk=news.other_id).person_id)
