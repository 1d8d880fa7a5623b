"""Events of after-sale cases and disputes in words: part of telling.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongdao.faces.console.words import CANCEL_REASONS, GIVE_BACK_REASONS
from tongdao.faces.kit.case_words import KINDS, OUTCOMES, RULES, SELLER_REFUSALS, reason_words
from tongdao.faces.kit.money_text import yuan
from tongdao.foundation.events import Event

Payload = Mapping[str, Any]

CASE_TITLES: dict[str, Promise] = {
    "after_sale.opened": gettext_lazy("After-sale case opened"),
    "after_sale.requested": gettext_lazy("After-sale case opened"),
    "after_sale.moved": gettext_lazy("After-sale case moved on"),
    "after_sale.granted": gettext_lazy("Money back granted"),
    "after_sale.due_soon": gettext_lazy("Time is nearly over"),
    "after_sale.exported": gettext_lazy("Taken along with its evidence"),
    "after_sale.settled": gettext_lazy("After-sale case settled"),
    "after_sale.return_signed": gettext_lazy("The carrier handed the goods over"),
    "after_sale.return_silent": gettext_lazy("The carrier knows nothing of the waybill"),
    "after_sale.return_corrected": gettext_lazy("The buyer corrected the waybill number"),
    "dispute.opened": gettext_lazy("The platform was called"),
    "dispute.stated": gettext_lazy("More was said to the platform"),
    "dispute.ruled": gettext_lazy("The platform has ruled"),
    "dispute.appealed": gettext_lazy("The ruling was appealed"),
    "dispute.enforced": gettext_lazy("The ruling is carried out"),
    "dispute.conceded": gettext_lazy("Settled without the platform"),
    "dispute.dropped": gettext_lazy("The platform is not needed any more"),
}

# By the state that a case came to.
MOVED: dict[str, Promise] = {
    "agreed": gettext_lazy("Return agreed"),
    "returning": gettext_lazy("Goods sent back"),
    "received": gettext_lazy("Goods are back"),
    "replaced": gettext_lazy("Replacement sent"),
    "refused": gettext_lazy("Refused"),
    "granted": gettext_lazy("Granted"),
    "settled": gettext_lazy("Replacement received"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "lapsed": gettext_lazy("Lapsed: nothing was sent back"),
    "closed": gettext_lazy("Closed without money"),
}

SIDES: dict[str, Promise] = {
    "buyer": gettext_lazy("the buyer"),
    "seller": gettext_lazy("the shop"),
    "platform": gettext_lazy("the platform"),
}


def case_of(event: Event) -> UUID | None:
    """The case that an event is about, if it is about one."""
    if event.subject_type == "after_sale":
        return event.subject_id
    return UUID(event.payload["aftersale_id"]) if event.name in CASE_TITLES else None


def moved_title(event: Event) -> str:
    """Of after_sale.moved: what came of it."""
    state = str((event.new or {}).get("state", ""))
    return str(MOVED.get(state) or CASE_TITLES["after_sale.moved"])


def _opened(payload: Payload, reason: str) -> str:
    words = {"refund": GIVE_BACK_REASONS}.get(payload["kind"], CANCEL_REASONS)
    return str({**GIVE_BACK_REASONS, **words}.get(reason, reason))


def _requested(payload: Payload, reason: str) -> str:
    units = ngettext("%(count)d unit", "%(count)d units", payload["units"]) % {"count": payload["units"]}
    kind = str(KINDS.get(payload["kind"], payload["kind"]))
    return " · ".join((kind, reason_words(payload["kind"], reason), units))


def _moved(payload: Payload, reason: str) -> str:
    if reason == "time_over":
        return _("its time was over")
    if reason == "no_reason":
        return _("the law asks for no reason")
    return str(SELLER_REFUSALS.get(reason, ""))


def _side(words: Promise) -> Callable[[Payload, str], str]:
    return lambda payload, reason: str(words) % {"side": SIDES.get(payload["side"], payload["side"])}


def _ruled(payload: Payload, reason: str) -> str:
    outcome = str(OUTCOMES.get(payload["outcome"], payload["outcome"]))
    money = f"¥{yuan(payload['goods_fen'])}" if payload["goods_fen"] else ""
    rule = str(RULES[payload["rule"]][0]) if payload["rule"] in RULES else payload["rule"]
    return " · ".join(filter(None, (outcome, money, rule)))


CASE_TEXTS: dict[str, Callable[[Payload, str], str]] = {
    "after_sale.opened": _opened,
    "after_sale.requested": _requested,
    "after_sale.moved": _moved,
    "after_sale.granted": lambda payload, reason: f"¥{yuan(payload['refund_fen'])}",
    "after_sale.due_soon": _side(gettext_lazy("it is the turn of %(side)s")),
    "dispute.ruled": _ruled,
    "dispute.enforced": lambda payload, reason: str(OUTCOMES.get(payload["outcome"], payload["outcome"])),
}
