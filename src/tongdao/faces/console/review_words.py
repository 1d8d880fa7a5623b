"""What the desk says of reviews: states, reasons, the lines of a story."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.faces.console.reading.record import Told
from tongdao.faces.console.telling import ACTORS
from tongdao.faces.kit.shapes import Choice, Step
from tongdao.trade.reviews.operations import FOLD_REASONS

REASONS: dict[str, Promise] = {
    "advertising": gettext_lazy("It advertises something else"),
    "off_topic": gettext_lazy("It is not about the goods"),
    "insulting": gettext_lazy("It insults somebody"),
    "personal_data": gettext_lazy("It tells somebody's personal data"),
    "repeated": gettext_lazy("The same words again and again"),
}
GONE: dict[str, Promise] = {
    "unlawful": gettext_lazy("Its content broke the law"),
    "court_order": gettext_lazy("By order of a court"),
    "authority_order": gettext_lazy("By order of an authority"),
    "rights": gettext_lazy("It infringed somebody's rights"),
    "erasure": gettext_lazy("Its writer had their data erased"),
}
TITLES: dict[str, Promise] = {
    "review.written": gettext_lazy("Review written"),
    "review.followed_up": gettext_lazy("Followed up"),
    "review.answered": gettext_lazy("Answered"),
    "review.folded": gettext_lazy("Review folded"),
    "review.unfolded": gettext_lazy("Opened again"),
    "review.taken_down": gettext_lazy("Taken down by law"),
}


def fold_choices() -> list[Choice]:
    return [Choice("", _("Choose a reason")), *(Choice(code, str(REASONS[code])) for code in FOLD_REASONS)]


def reason_words(code: str) -> str:
    return str(REASONS.get(code) or GONE.get(code) or code)


def step(told: Told) -> Step:
    event = told.event
    why = reason_words(event.reason) if event.reason else ""
    who = told.who or str(ACTORS.get(event.actor_kind, _("The platform")))
    title = str(TITLES.get(event.name, event.name))
    return Step(title, "done", text=" · ".join(part for part in (why, who) if part), at=event.at)
