"""What happens in conversations. What is said may name a person, so no event carries a word of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from tongdao.foundation.events import define


@dataclass(frozen=True, slots=True)
class MessageSent:
    """`answers_since`: the buyer had waited for this answer since then; null where nobody waited.

    The first answer of a conversation is the first of these with `side` staff and `answers_since`; how long
    it took is the event's `at` less `answers_since`.
    """

    order_id: UUID
    message_id: UUID
    thread: Literal["shop", "promoter"]
    side: Literal["buyer", "staff", "promoter"]
    place: int
    files: int
    answers_since: datetime | None


@dataclass(frozen=True, slots=True)
class TalkSettled:
    """Staff said that the buyer's last words need no answer; the buyer had waited since then.

    `waits_since`: what the buyer said after those words waits on, since then; null where there is nothing.
    """

    order_id: UUID
    waited_since: datetime
    waits_since: datetime | None


@dataclass(frozen=True, slots=True)
class QuickAnswerSaved:
    """A quick answer was made or changed."""

    quick_answer_id: UUID


@dataclass(frozen=True, slots=True)
class QuickAnswerRemoved:
    """A quick answer is gone; what was said with it stands."""

    quick_answer_id: UUID


define("message.sent", MessageSent)
define("talk.settled", TalkSettled)
define("quick_answer.saved", QuickAnswerSaved)
define("quick_answer.removed", QuickAnswerRemoved)
