"""Quick answers: what service sends often, kept and put into order by those who send it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.typed import identifier, text
from tongdao.foundation.refusals import NotFound
from tongdao.trade.talk.models import MOST_QUICK_LETTERS, QuickAnswer
from tongdao.trade.talk.operations import (
    QuickDraft,
    add_quick_answer,
    arrange_quick_answers,
    change_quick_answer,
    remove_quick_answer,
)
from tongdao.trade.talk.queries import quick_answers

KEYED = 9
LONGEST = MOST_QUICK_LETTERS + 100  # letters that are read; what is longer is refused


def show(desk: Desk) -> HttpResponse:
    """What was refused stands again in the form that it came from."""
    posted = desk.request.POST if desk.notice else {}
    at = text(posted, "answer", 36)
    rows = quick_answers()
    context = {
        "crumbs": [desk.crumb(_("Conversations"), "talks"), desk.crumb(_("Quick answers"))],
        "rows": [
            _shown(place, row, posted if str(row.id) == at else {}) for place, row in enumerate(rows, 1)
        ],
        "new_title": text(posted, "title", 80) if posted and not at else "",
        "new_text": text(posted, "text", LONGEST) if posted and not at else "",
        "new_text_en": text(posted, "text_en", LONGEST) if posted and not at else "",
        "most": MOST_QUICK_LETTERS,
    }
    return desk.show("quick_answers", _("Quick answers"), context)


def act(desk: Desk) -> HttpResponse:
    """`do`: save, up or remove, of `answer`; without one a new answer is made."""
    posted = desk.request.POST
    words = (text(posted, name, LONGEST) for name in ("text", "text_en"))
    draft = QuickDraft(text(posted, "title", 80), *words)
    if not text(posted, "answer", 36):
        add_quick_answer(draft, actor=desk.actor)
        return desk.done(_("The quick answer is there."), "quick_answers")
    found = identifier(text(posted, "answer", 36))
    if found is None:
        raise NotFound()
    match text(posted, "do", 8):
        case "up":
            arrange_quick_answers(_one_up(found), actor=desk.actor)
            return desk.done(_("Moved up."), "quick_answers")
        case "remove":
            remove_quick_answer(found, actor=desk.actor)
            return desk.done(_("Removed. What was sent with it stays."), "quick_answers")
    change_quick_answer(found, draft, actor=desk.actor)
    return desk.done(_("The quick answer is saved."), "quick_answers")


def _one_up(found: UUID) -> list[UUID]:
    """All in their order, this one before the one that stood before it."""
    ids = [row.id for row in quick_answers()]
    if found not in ids:
        raise NotFound()
    place = ids.index(found)
    ids.insert(max(place - 1, 0), ids.pop(place))
    return ids


def _shown(place: int, row: QuickAnswer, posted: Mapping[str, object]) -> dict[str, object]:
    return {
        "place": place,
        "key": place if place <= KEYED else None,
        "id": str(row.id),
        "title": text(posted, "title", 80) if posted else row.title,
        "text": text(posted, "text", LONGEST) if posted else row.text,
        "text_en": text(posted, "text_en", LONGEST) if posted else row.text_en,
    }
