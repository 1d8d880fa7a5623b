"""A conversation in the shapes of kit/talk.html, as one of its sides sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongdao.faces.kit.shapes import Attachment
from tongdao.trade.talk.models import MessageFile, Side
from tongdao.trade.talk.queries import MessageView, TalkView

PACE = 4  # seconds between two looks for new messages


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message. `mine`: of the reader's own side. `read`: by whom it is for; None where that is not told.

    `hidden`: the promoter does not read all of it; `hidden_here`: and the promoter is who reads.
    """

    seq: int
    mine: bool
    who: str
    text: str
    at: datetime
    read: bool | None
    hidden: bool
    hidden_here: bool
    forgotten: bool
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """All messages of one day."""

    day: date
    bubbles: tuple[Bubble, ...]


def days_of(
    view: TalkView, side: Side, who: Mapping[Side | UUID, str], url: Callable[[UUID], str]
) -> list[Day]:
    """`who`: what to call a side, or one of its people by id, which wins. `url`: where a file is fetched."""
    bubbles = [_bubble(view, message, side, who, url) for message in view.messages]
    parts = groupby(bubbles, key=lambda bubble: localtime(bubble.at).date())
    return [Day(day, tuple(found)) for day, found in parts]


def standing_of(view: TalkView) -> str:
    """What differs as soon as the page would: the last message, and who has read up to where."""
    seen = (view.buyer_seen, view.staff_seen, view.promoter_seen)
    return "-".join(map(str, (view.last_seq, *seen)))


def names_of(reader: Side, shop: str, promoter: str = "") -> dict[Side | UUID, str]:
    """For the buyer and the promoter, who see no name of staff, and for whom the buyer is the buyer.

    One's own words need no name.
    """
    names: dict[Side | UUID, str] = {
        Side.BUYER: _("The buyer"),
        Side.STAFF: shop,
        Side.PROMOTER: promoter or _("The promoter"),
    }
    return names | {reader: ""}


def _bubble(
    view: TalkView,
    message: MessageView,
    side: Side,
    who: Mapping[Side | UUID, str],
    url: Callable[[UUID], str],
) -> Bubble:
    mine = message.side == side
    return Bubble(
        seq=message.seq,
        mine=mine,
        who=who.get(message.author_id) or who.get(message.side, ""),
        text=message.text,
        at=message.at,
        read=_read(view, message, _others(view, side)) if mine else None,
        hidden=message.hidden,
        hidden_here=message.hidden and side == Side.PROMOTER,
        forgotten=message.forgotten,
        files=tuple(_file(row, url(row.id)) for row in message.files),
    )


def _file(row: MessageFile, url: str) -> Attachment:
    kind = _("Video %(number)d") if row.type.startswith("video/") else _("Picture %(number)d")
    return Attachment(url, row.type, row.width, row.height, kind % {"number": row.position})


def _others(view: TalkView, side: Side) -> Iterable[int]:
    """Up to where whom the side writes to has read: the buyer writes to the shop or to the promoter."""
    if side != Side.BUYER:
        return (view.buyer_seen,)
    return (view.promoter_seen,) if view.promoter_id else (view.staff_seen,)


def _read(view: TalkView, message: MessageView, seen: Iterable[int]) -> bool:
    return any(message.seq <= place for place in seen)
