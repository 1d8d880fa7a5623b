"""The story of a case for its buyer: from the log, from what was ruled, and what is waited for now."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.faces.kit.case_words import DISPUTE_STATES, KINDS, OUTCOMES, SELLER_REFUSALS, SIDES
from tongdao.faces.kit.shapes import Step
from tongdao.faces.shop.case_tells import short_wait, waits_for
from tongdao.foundation.events.models import Event
from tongdao.foundation.events.queries import timeline
from tongdao.foundation.money import Fen, format_yuan
from tongdao.trade.aftersales.deadlines import REPLACING
from tongdao.trade.aftersales.models import Side
from tongdao.trade.aftersales.queries import CaseView
from tongdao.trade.disputes.queries import DisputeView

WAY_BACK = {
    "after_sale.return_signed": gettext_lazy("The carrier handed the goods over to the shop"),
    "after_sale.return_corrected": gettext_lazy("You corrected the waybill number"),
}
MOVES = ("after_sale.moved", "after_sale.settled")


def case_steps(view: CaseView, dispute: DisputeView | None) -> list[Step]:
    """In the merchant's scope. Times of what happened, then the one step that runs, with its countdown."""
    return [*case_told(view, dispute), *_now(view, dispute)]


def case_told(view: CaseView, dispute: DisputeView | None) -> list[Step]:
    """In the merchant's scope. What happened, the earliest first."""
    done = [Step(_asked(view), "done", at=view.row.opened_at)]
    for event in timeline(view.row):
        state = "settled" if event.name == "after_sale.settled" else (event.new or {}).get("state", "")
        if event.name in WAY_BACK:
            done.append(Step(str(WAY_BACK[event.name]), "done", at=_when(view, event)))
        if event.name in MOVES and (title := _moved(view, str(state), event)):
            done.append(Step(title, "done", _why(view, str(state)), event.at))
    done += _ruled(dispute)
    return sorted(done, key=lambda step: step.at or view.row.opened_at)


def _when(view: CaseView, event: Event) -> datetime:
    """Of what the carrier did: when it did it, not when it was heard of."""
    signed = event.name == "after_sale.return_signed" and view.row.signed_at
    return signed or event.at


def _asked(view: CaseView) -> str:
    kind = str(KINDS.get(view.row.kind, view.row.kind))
    if view.row.kind in ("cancel", "refund"):
        return kind
    return _("You asked: %(what)s") % {"what": kind}


def _moved(view: CaseView, state: str, event: Event) -> str:
    silent = event.actor_kind == "system" and event.payload.get("side") == "seller"
    ruled = event.payload.get("side") == "platform"
    if state == "agreed":
        if event.reason == "no_reason":
            return _("Agreed at once")
        return _("Agreed: the shop did not answer in time") if silent else _("It was agreed to")
    if state == "received":
        return _("It counts as arrived") if silent else _("The shop has the goods")
    if state == "granted":
        if ruled:
            return _("The money was granted by the platform")
        return _("Granted: the shop did not move in time") if silent else _("The money was granted")
    if state == "settled":
        return _("You have the goods") if view.row.kind in REPLACING and not view.back_fen else money_back()
    titles = {
        "returning": _("You sent the goods back"),
        "refused": _("The shop said no"),
        "replaced": _("The shop sent the goods"),
        "withdrawn": _("You took it back"),
        "lapsed": _("It ended: nothing was sent back in time"),
        "closed": _("It was closed without money back"),
    }
    return titles.get(state, "")


def money_back() -> str:
    """The last step of a case that came to money."""
    return _("The money is back where you paid from.").rstrip(".。")


def _why(view: CaseView, state: str) -> str:
    if state == "refused" and view.row.refused_as:
        return str(SELLER_REFUSALS.get(view.row.refused_as, view.row.refused_as))
    if state in ("granted", "settled") and view.back_fen:
        return f"¥{format_yuan(view.back_fen)}"
    return ""


def _ruled(dispute: DisputeView | None) -> list[Step]:
    if dispute is None:
        return []
    who = _side(dispute.row.opened_by)
    told = _("%(who)s asked the platform to decide") % {"who": who}
    found = [Step(told, "done", at=dispute.row.opened_at)]
    for ruling in dispute.rulings:
        title = _("The platform ruled") if ruling.round == 1 else _("The platform ruled on the appeal")
        found.append(Step(title, "done", str(OUTCOMES[ruling.outcome]), ruling.ruled_at))
    for said in dispute.statements:
        if said.step == "appeal":
            title = _("%(who)s appealed") % {"who": _side(said.side)}
            found.append(Step(title, "done", at=said.said_at))
    if dispute.row.state == "dropped" and dispute.row.ended_at:
        found.append(Step(_("The platform was not asked any more"), "done", at=dispute.row.ended_at))
    return sorted(found, key=lambda step: step.at or dispute.row.opened_at)


def _side(side: str) -> str:
    return _("You") if side == Side.BUYER else str(SIDES[side])


def _now(view: CaseView, dispute: DisputeView | None) -> list[Step]:
    if view.row.ended_at:
        return []
    if view.paused and dispute:
        by, words = dispute.row.due_at, str(DISPUTE_STATES[dispute.row.state][0])
        return [Step(words, "current", dispute_tells(dispute), by=by, countdown=by is not None)]
    by = view.row.due_at
    words = short_wait(view.row)
    step = Step(words, "current", waits_for(view.row), by=by, countdown=by is not None)
    if view.row.state == "granted" and view.refund_state == "failed":
        held = _(
            "The payment service could not pay it back. The shop sees this and will get in touch with you."
        )
        return [Step(words, "current", held)]
    return [step]


def dispute_tells(dispute: DisputeView) -> str:
    """What the platform waits for now."""
    if dispute.row.state == "ruled":
        return _("It is ruled. If nobody appeals until then, the ruling is carried out by itself.")
    if dispute.row.state == "appealed":
        return _("Another arbiter looks at all of it and rules by then. That ruling stands.")
    return _("Both sides state their case; the platform rules by then. Meanwhile nobody else moves the case.")


def yuan(fen: int) -> str:
    return f"¥{format_yuan(Fen(fen))}"
