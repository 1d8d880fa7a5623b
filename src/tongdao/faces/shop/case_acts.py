"""What a buyer may do with a case, each asked about first: in words, in numbers, with its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.faces.shop.case_tells import appeal_days, dispute_days
from tongdao.faces.shop.case_view import Look
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.money import format_yuan
from tongdao.trade.aftersales.models import AfterSaleFile, Side
from tongdao.trade.aftersales.models.asking import MOST_LETTERS
from tongdao.trade.aftersales.operations import (
    add_words,
    confirm_replacement,
    correct_waybill,
    send_back,
    withdraw_case,
)
from tongdao.trade.disputes.models import MOST_LETTERS as MOST_STATED
from tongdao.trade.disputes.models import StatementFile
from tongdao.trade.disputes.operations import (
    accept_ruling,
    appeal,
    concede,
    drop_dispute,
    open_dispute,
    state_case,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise


@dataclass(frozen=True, slots=True)
class Doing:
    """What was sent with the form."""

    look: Look
    actor: Actor
    text: str = ""
    carrier: str = ""
    waybill_no: str = ""
    files: Sequence[Kept] = ()
    key: str = ""  # of this sending: again with it, nothing is said twice


@dataclass(frozen=True, slots=True)
class Ask:
    """What stands above the button. `kind` is the button's."""

    title: str
    facts: Sequence[str]
    yes: str
    kind: str = "primary"
    label: str = ""  # of the words that go with it; empty: none do
    needs_words: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """`name` is as `Look.may` names it; `done` is told afterwards."""

    name: str
    path: str
    ask: Callable[[Look], Ask]
    do: Callable[[Doing], object]
    done: Promise
    most: int = 0  # letters of its words
    waybill: bool = False
    keeps: type[AttachmentRow] | None = field(default=None)  # the table of the files that go with it


def _ask_withdraw(look: Look) -> Ask:
    facts = [_("The case ends, and nothing goes back for it.")]
    if look.case.worth_fen:
        facts = [_("The case ends. ¥%s do not go back to you.") % format_yuan(look.case.worth_fen)]
    facts.append(_("As long as the promise of your order stands, you can ask again."))
    return Ask(_("Take it back?"), facts, _("Withdraw the case"), "danger")


def _ask_send_back(look: Look) -> Ask:
    facts = [_("Pack the goods well, and keep the receipt until the case is over.")]
    facts.append(_("From now on the shop has to move: if it says nothing, the goods count as arrived."))
    return Ask(_("I have sent the goods back"), facts, _("Save the waybill"))


def _ask_correct(look: Look) -> Ask:
    facts = [
        _("The number until now: %(number)s") % {"number": look.case.row.waybill_no},
        _("The shop's time begins anew, and the carrier is asked about the new number."),
    ]
    return Ask(_("Correct the waybill number"), facts, _("Save the waybill"))


def _ask_confirm(look: Look) -> Ask:
    facts = [
        _("You say that you have the goods and that they are as they should be."),
        _("The case is over."),
    ]
    return Ask(_("Do you have the goods?"), facts, _("Yes, I have them"))


def _ask_say(look: Look) -> Ask:
    facts = [_("The shop reads it, and so does the platform, if it is asked to decide.")]
    return Ask(_("Say more"), facts, _("Send it"), label=_("What you want to add"))


def _ask_escalate(look: Look) -> Ask:
    hear, rule = dispute_days()
    facts = [
        _("You and the shop have %(days)d days to state your case, with pictures.") % {"days": hear},
        _("Then an arbiter of the platform rules, at the latest %(days)d days later.") % {"days": rule},
        _("The ruling names its reasons and the rule, and is carried out by itself. You can appeal once."),
        _("Until then the case stands still: no time runs against you."),
    ]
    yes = _("Ask the platform to decide")
    return Ask(_("Ask the platform to decide?"), facts, yes, label=_("What happened"), needs_words=True)


def _ask_state(look: Look) -> Ask:
    facts = [_("The arbiter and the shop read it. It stands as you say it.")]
    return Ask(_("State your case"), facts, _("Send it"), label=_("Your statement"), needs_words=True)


def _ask_appeal(look: Look) -> Ask:
    facts = [
        _("Another arbiter looks at all of it again and rules within %(days)d days.")
        % {"days": dispute_days()[1]},
        _("The second ruling stands, whichever way it goes. There is one appeal."),
    ]
    return Ask(_("Appeal?"), facts, _("Appeal"), label=_("What is wrong with the ruling"), needs_words=True)


def _ask_accept(look: Look) -> Ask:
    facts = [
        _("The ruling is carried out now: the case is closed, and no money goes back."),
        _("You cannot appeal any more. You have %(days)d days for that, if you want to think.")
        % {"days": appeal_days()},
    ]
    return Ask(_("Accept the ruling?"), facts, _("Accept it"), "danger")


def _ask_concede(look: Look) -> Ask:
    facts = [_("The platform does not decide. The case ends, and nothing goes back for it.")]
    return Ask(_("Leave it to the shop?"), facts, _("Withdraw the case"), "danger")


def _ask_drop(look: Look) -> Ask:
    facts = [
        _("The platform does not decide, and the case goes on where it stood, with the time that was left."),
        _("As long as it is refused, you can ask the platform again."),
    ]
    return Ask(_("Settle it without the platform?"), facts, _("Do not ask the platform any more"), "danger")


def _dispute(doing: Doing) -> UUID:
    """Its id; asked for only where Look.may says that there is one."""
    assert doing.look.dispute is not None
    return doing.look.dispute.row.id


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act(
            "withdraw",
            "withdraw",
            _ask_withdraw,
            lambda doing: withdraw_case(doing.look.id, actor=doing.actor),
            gettext_lazy("You took it back. The case is over."),
        ),
        Act(
            "send_back",
            "send-back",
            _ask_send_back,
            lambda doing: send_back(doing.look.id, doing.carrier, doing.waybill_no, actor=doing.actor),
            gettext_lazy("The waybill is saved. The shop confirms when it has the goods."),
            waybill=True,
        ),
        Act(
            "correct",
            "waybill",
            _ask_correct,
            lambda doing: correct_waybill(doing.look.id, doing.carrier, doing.waybill_no, actor=doing.actor),
            gettext_lazy("The waybill is saved. The carrier is asked about it from now on."),
            waybill=True,
        ),
        Act(
            "confirm",
            "confirm",
            _ask_confirm,
            lambda doing: confirm_replacement(doing.look.id, actor=doing.actor),
            gettext_lazy("Thank you. The case is over."),
        ),
        Act(
            "say",
            "say",
            _ask_say,
            lambda doing: add_words(
                doing.look.id, doing.text, doing.files, side=Side.BUYER, actor=doing.actor, key=doing.key
            ),
            gettext_lazy("It is added to the case."),
            MOST_LETTERS,
            keeps=AfterSaleFile,
        ),
        Act(
            "escalate",
            "escalate",
            _ask_escalate,
            lambda doing: open_dispute(
                doing.look.id, doing.text, doing.files, side=Side.BUYER, actor=doing.actor
            ),
            gettext_lazy("The platform is asked. Both sides can state their case now."),
            MOST_STATED,
            keeps=StatementFile,
        ),
        Act(
            "state",
            "statement",
            _ask_state,
            lambda doing: state_case(
                _dispute(doing), doing.text, doing.files, side=Side.BUYER, actor=doing.actor, key=doing.key
            ),
            gettext_lazy("Your statement is with the arbiter."),
            MOST_STATED,
            keeps=StatementFile,
        ),
        Act(
            "appeal",
            "appeal",
            _ask_appeal,
            lambda doing: appeal(
                _dispute(doing), doing.text, doing.files, side=Side.BUYER, actor=doing.actor, key=doing.key
            ),
            gettext_lazy("Your appeal is in. Another arbiter looks at it."),
            MOST_STATED,
            keeps=StatementFile,
        ),
        Act(
            "accept",
            "accept",
            _ask_accept,
            lambda doing: accept_ruling(_dispute(doing), side=Side.BUYER, actor=doing.actor),
            gettext_lazy("The ruling is accepted and carried out."),
        ),
        Act(
            "drop",
            "drop",
            _ask_drop,
            lambda doing: drop_dispute(_dispute(doing), side=Side.BUYER, actor=doing.actor),
            gettext_lazy("The platform does not decide any more. The case goes on."),
        ),
        Act(
            "concede",
            "concede",
            _ask_concede,
            lambda doing: concede(_dispute(doing), side=Side.BUYER, actor=doing.actor),
            gettext_lazy("The case is withdrawn."),
        ),
    )
}
