"""Events in words: what a line of an order's story says. A name that is new here shows as itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tongdao.faces.console.day_words import FLAGS
from tongdao.faces.console.reading.record import Record, Told
from tongdao.faces.console.telling_cases import CASE_TEXTS, CASE_TITLES, case_of, moved_title
from tongdao.faces.console.words import REFUND_REASONS
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Step
from tongdao.trade.shipping.carriers import CARRIERS, STATUS_NAMES
from tongdao.trade.shipping.problems import problem_text

Payload = Mapping[str, Any]

TITLES: dict[str, Promise] = {
    "member.joined": gettext_lazy("Joined"),
    "review.written": gettext_lazy("Review written"),
    "review.followed_up": gettext_lazy("Followed up"),
    "review.taken_down": gettext_lazy("Review taken down"),
    "review.unfolded": gettext_lazy("Review unfolded"),
    "review.folded": gettext_lazy("Review folded"),
    "review.answered": gettext_lazy("Review answered"),
    "order.placed": gettext_lazy("Ordered"),
    "order.paid": gettext_lazy("Paid"),
    "order.closing_begun": gettext_lazy("Closing: the channel is asked first"),
    "order.closed": gettext_lazy("Closed unpaid"),
    "order.cancelled": gettext_lazy("Cancelled"),
    "order.completed": gettext_lazy("Completed"),
    "order.released": gettext_lazy("Shares released"),
    "payment.captured": gettext_lazy("Payment received"),
    "payment.mismatched": gettext_lazy("Payment does not match"),
    "refund.requested": gettext_lazy("Refund promised"),
    "refund.completed": gettext_lazy("Refund paid back"),
    "refund.failed": gettext_lazy("Refund held up"),
    "buying_group.opened": gettext_lazy("Group opened"),
    "buying_group.formed": gettext_lazy("Group formed: it can be packed"),
    "buying_group.dissolved": gettext_lazy("Group dissolved"),
    "parcel.requested": gettext_lazy("Packed"),
    "parcel.shipped": gettext_lazy("Shipped"),
    "parcel.moved": gettext_lazy("Parcel moved"),
    "parcel.delivered": gettext_lazy("Delivered"),
    "parcel.voided": gettext_lazy("Parcel void"),
    "parcel.cancel_asked": gettext_lazy("Parcel wanted back"),
    "parcel.cancel_refused": gettext_lazy("Parcel could not be taken back"),
    "return_address.set": gettext_lazy("Return address set"),
    "return_address.ended": gettext_lazy("Return address ended"),
    "carriage.offered": gettext_lazy("Who pays for sending back changed"),
    "order.noted": gettext_lazy("Note written"),
    "order.note_pinned": gettext_lazy("Note pinned"),
    "order.flagged": gettext_lazy("Flag set"),
    "delivery_address.unmasked": gettext_lazy("Address read in full"),
    "message.sent": gettext_lazy("Message sent"),
    "talk.settled": gettext_lazy("Message needs no answer"),
    "quick_answer.saved": gettext_lazy("Quick answer saved"),
    "quick_answer.removed": gettext_lazy("Quick answer removed"),
    **CASE_TITLES,
}

NEXT: dict[str, Promise] = {
    "paid": gettext_lazy("The buyer pays"),
    "group": gettext_lazy("The group fills"),
    "shipped": gettext_lazy("You ship"),
    "delivered": pgettext_lazy("next", "The parcel arrives"),
    "completed": gettext_lazy("The buyer confirms receipt"),
    "refund": gettext_lazy("The refund is paid back"),
}

ACTORS: dict[str, Promise] = {
    "person": gettext_lazy("The buyer"),
    "staff": gettext_lazy("Staff"),
    "system": gettext_lazy("By itself"),
    "carrier": gettext_lazy("The carrier"),
    "channel": gettext_lazy("The payment channel"),
    "operator": gettext_lazy("The platform"),
}


def steps_of(record: Record, case_url: Callable[[UUID], str]) -> list[Step]:
    """What happened, then what comes next and by when. Scans in a row are told once, by the last; what is
    about an after-sale case leads there.
    """
    told = []
    for each in _merged(record.events):
        case_id = case_of(each.event)
        told.append(replace(step_of(each), url=case_url(case_id) if case_id else ""))
    coming = [step for step in record.story.steps if step.state != "done" and step.code in NEXT]
    return told + [
        Step(str(NEXT[step.code]), step.state, by=step.by, countdown=step.state == "current")
        for step in coming
    ]


def _merged(events: Sequence[Told]) -> list[Told]:
    kept: list[Told] = []
    for told in events:
        same = kept and told.event.name == "parcel.moved" == kept[-1].event.name
        if same and told.event.subject_id == kept[-1].event.subject_id:
            kept[-1] = told
        else:
            kept.append(told)
    return kept


def step_of(told: Told) -> Step:
    event = told.event
    title = moved_title(event) if event.name == "after_sale.moved" else TITLES.get(event.name)
    words = TEXTS.get(event.name)
    # A name stands for staff only: the buyer is "the buyer" wherever a name is not needed.
    who = told.who if event.actor_kind == "staff" and told.who else str(ACTORS.get(event.actor_kind, ""))
    detail = words(event.payload, event.reason) if words else ""
    text = " · ".join(part for part in (detail, who) if part)
    return Step(str(title) if title else event.name, "done", text=text, at=event.at)


def _placed(payload: Payload, reason: str) -> str:
    units = ngettext("%(count)d unit", "%(count)d units", payload["units"]) % {"count": payload["units"]}
    return f"¥{yuan(payload['total_fen'])} · {units}"


def _amount(name: str) -> Callable[[Payload, str], str]:
    return lambda payload, reason: f"¥{yuan(payload[name])}"


def _refund(payload: Payload, reason: str) -> str:
    why = _("sent again") if reason == "retry" else str(REFUND_REASONS.get(reason, ""))
    return " · ".join(part for part in (f"¥{yuan(payload['amount_fen'])}", why) if part)


def _packed(payload: Payload, reason: str) -> str:
    units = ngettext("%(count)d unit", "%(count)d units", payload["units"]) % {"count": payload["units"]}
    return f"{units} · {CARRIERS.get(payload['carrier'], payload['carrier'])}"


def _shipped(payload: Payload, reason: str) -> str:
    rest = _("everything has left") if payload["last"] else _("more follows")
    return f"{CARRIERS.get(payload['carrier'], payload['carrier'])} · {rest}"


def _mismatch(payload: Payload, reason: str) -> str:
    return _("%(asked)s asked for, %(told)s reported: look at the channel") % {
        "asked": f"¥{yuan(payload['asked_fen'])}",
        "told": f"¥{yuan(payload['told_fen'])}",
    }


TEXTS: dict[str, Callable[[Payload, str], str]] = {
    "order.placed": _placed,
    "order.paid": _amount("total_fen"),
    "order.cancelled": _amount("refund_fen"),
    "payment.captured": _amount("captured_fen"),
    "payment.mismatched": _mismatch,
    "refund.requested": _refund,
    "refund.completed": _amount("amount_fen"),
    "refund.failed": _amount("amount_fen"),
    "parcel.requested": _packed,
    "parcel.shipped": _shipped,
    "parcel.moved": lambda payload, reason: str(STATUS_NAMES.get(payload["status"], payload["status"])),
    "parcel.voided": lambda payload, reason: problem_text(payload["problem"]),
    "order.flagged": lambda payload, reason: str(FLAGS.get(payload["flag"], (_("No flag"), ""))[0]),
    "order.note_pinned": lambda payload, reason: "" if payload["entry_id"] else _("No note is pinned now."),
    **CASE_TEXTS,
    "order.released": lambda payload, reason: f"¥{yuan(payload['seller_fen'] + payload['promoter_fen'])}",
}
