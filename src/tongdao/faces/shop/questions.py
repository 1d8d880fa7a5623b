"""Before something ends: what will happen, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.kit.shapes import Choice
from tongdao.foundation.money import Fen, format_yuan
from tongdao.trade.aftersales.operations import CANCEL_REASONS
from tongdao.trade.story.queries import OrderStory


@dataclass(frozen=True, slots=True)
class Question:
    """`facts` are sentences; `reasons` is empty where none is asked for. `kind` is the button's."""

    title: str
    facts: Sequence[str]
    yes: str
    no: str
    kind: str
    reasons: Sequence[Choice] = ()


def ask_close(story: OrderStory) -> Question:
    pieces = _pieces(story)
    shelved = ngettext(
        "%(count)d piece goes back on the shelf.", "%(count)d pieces go back on the shelf.", pieces
    )
    return Question(
        _("Give this order up?"),
        [
            shelved % {"count": pieces},
            _("You have not paid, so nothing is charged and nothing goes back."),
            _("If a payment is under way at this moment, it counts or it comes back in full."),
        ],
        _("Give it up"),
        _("Keep the order"),
        "danger",
    )


def ask_cancel(story: OrderStory) -> Question:
    pieces = _pieces(story)
    left = _left(story)
    kept = ngettext("%(count)d piece is not shipped.", "%(count)d pieces are not shipped.", pieces)
    return Question(
        _("Cancel this order?"),
        [
            _("¥%s goes back to you, all that you paid, to where you paid from.") % left,
            _("Mostly it takes minutes, at most 3 working days."),
            kept % {"count": pieces},
        ],
        _("Cancel and get ¥%s back") % left,
        _("Keep the order"),
        "danger",
        _reasons(),
    )


def ask_confirm(story: OrderStory) -> Question:
    pieces = _pieces(story)
    arrived = ngettext(
        "You say that you have the %(count)d piece.", "You say that you have all %(count)d pieces.", pieces
    )
    return Question(
        _("Do you have everything?"),
        [
            arrived % {"count": pieces},
            _("¥%s goes to the shop once the time for returning is over.") % _left(story),
            _("Your right to return stays as it was. If something is missing, do not confirm yet."),
        ],
        _("Yes, I have it"),
        _("Not yet"),
        "primary",
    )


def _left(story: OrderStory) -> str:
    """What was paid and has not gone back, in yuan."""
    return format_yuan(Fen(story.total_fen - story.refunded_fen))


def _pieces(story: OrderStory) -> int:
    return sum(line.quantity - line.back_quantity for line in story.lines)


def _reasons() -> list[Choice]:
    labels = {
        "changed_mind": _("I do not want it any more"),
        "wrong_item": _("I chose the wrong thing"),
        "wrong_address": _("The address is wrong"),
        "too_slow": _("It takes too long"),
        "other": _("Something else"),
    }
    return [Choice(code, labels[code]) for code in CANCEL_REASONS]
