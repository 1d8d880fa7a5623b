"""Quick answers: kept by the staff, filled with what is known of the order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db.models import Max

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, record
from tongdao.foundation.refusals import NotFound
from tongdao.trade.talk.events import QuickAnswerRemoved, QuickAnswerSaved
from tongdao.trade.talk.models import MOST_QUICK_LETTERS, QuickAnswer
from tongdao.trade.talk.refusals import PlaceholderUnknown, QuickAnswersFull, QuickAnswerWrong

PLACEHOLDERS = ("{order}", "{product}", "{parcel}")
MOST = 50  # of one merchant
_HOLE = re.compile(r"\{[^{}\s]{0,24}\}")


@dataclass(frozen=True, slots=True)
class QuickDraft:
    """What a quick answer says, in Chinese and in English; one of the two may be empty."""

    title: str
    text: str
    text_en: str = ""


def add_quick_answer(draft: QuickDraft, *, actor: Actor) -> QuickAnswer:
    """A new one, behind the others. Raises QuickAnswerWrong, PlaceholderUnknown or QuickAnswersFull."""
    checked = _checked(draft)
    if QuickAnswer.objects.count() >= MOST:
        raise QuickAnswersFull(most=MOST)
    last = QuickAnswer.objects.aggregate(last=Max("position"))["last"] or 0
    row = QuickAnswer.objects.create(**asdict(checked), position=last + 1)
    record(QuickAnswerSaved(row.id), subject=row, actor=actor)
    return row


def change_quick_answer(id: UUID, draft: QuickDraft, *, actor: Actor) -> QuickAnswer:
    """Raises NotFound, QuickAnswerWrong or PlaceholderUnknown."""
    wanted = asdict(_checked(draft))
    row = find_quick_answer(id)
    if any(getattr(row, name) != words for name, words in wanted.items()):
        for name, words in wanted.items():
            setattr(row, name, words)
        row.save(update_fields=list(wanted))
        record(QuickAnswerSaved(row.id), subject=row, actor=actor)
    return row


def remove_quick_answer(id: UUID, *, actor: Actor) -> None:
    """What was sent with it stands. Raises NotFound."""
    row = find_quick_answer(id)
    QuickAnswer.objects.filter(pk=row.id).delete()
    record(QuickAnswerRemoved(row.id), subject=Subject("quick_answer", row.id), actor=actor)


def arrange_quick_answers(ids: Sequence[UUID], *, actor: Actor) -> None:
    """Those named stand first, in this order; the others behind them, as they stood. Raises NotFound."""
    rows = list(QuickAnswer.objects.order_by("position", "id"))
    known = {row.id: row for row in rows}
    if not set(ids) <= known.keys():
        raise NotFound()
    wanted = list(dict.fromkeys(ids))
    ordered = [known[id] for id in wanted] + [row for row in rows if row.id not in set(wanted)]
    for position, row in enumerate(ordered, 1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
            record(QuickAnswerSaved(row.id), subject=row, actor=actor)


def find_quick_answer(id: UUID) -> QuickAnswer:
    row = QuickAnswer.objects.filter(pk=id).first()
    if row is None:
        raise NotFound()
    return row


def _checked(draft: QuickDraft) -> QuickDraft:
    title = " ".join(draft.title.replace("\x00", "").split())
    texts = [_cleaned(words) for words in (draft.text, draft.text_en)]
    if not 0 < len(title) <= 40 or not any(texts) or max(map(len, texts)) > MOST_QUICK_LETTERS:
        raise QuickAnswerWrong(most=MOST_QUICK_LETTERS)
    unknown = next(
        (word for words in texts for word in _HOLE.findall(words) if word not in PLACEHOLDERS), None
    )
    if unknown:
        raise PlaceholderUnknown(word=unknown)
    return QuickDraft(title, *texts)


def _cleaned(words: str) -> str:
    return words.replace("\x00", "").replace("\r\n", "\n").strip()
