"""Words of after-sale cases and disputes that buyers, staff and arbiters read alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise

    from tongdao.faces.kit.shapes import Tone

KINDS: Mapping[str, Promise] = {
    "cancel": _("Cancelled before shipping"),
    "refund": _("Money given back by the shop"),
    "refund_only": _("Money back only"),
    "return_refund": _("Return and money back"),
    "exchange": _("Exchange"),
    "repair": _("Repair"),
    "price_adjustment": _("Price adjustment"),
}

REASONS: Mapping[str, Promise] = {
    "no_reason": _("7-day return, no reason needed"),
    "not_received": _("The parcel did not arrive"),
    "lost": _("The carrier lost the parcel"),
    "refused_delivery": _("Delivery was refused at the door"),
    "damaged": _("Arrived damaged"),
    "missing": _("Something was missing"),
    "wrong_item": _("Another item arrived"),
    "quality": _("Faulty or of bad quality"),
    "not_as_described": _("Not as it was described"),
    "other_option": _("Another option fits better"),
    "price_fell": _("The price fell after the purchase"),
    "agreed": _("Agreed with the shop"),
    "too_late": _("Arrived too late"),
    "other": _("Another reason"),
}
"""Of all kinds but those that cancel; a code means the same in each."""

CANCEL_REASONS: Mapping[str, Promise] = {
    "changed_mind": _("Not wanted any more"),
    "wrong_item": _("Wrong item ordered"),
    "wrong_address": _("Wrong address"),
    "too_slow": _("Takes too long"),
    "group_dissolved": _("Its group did not form"),
    "other": _("Another reason"),
}

SELLER_REFUSALS: Mapping[str, Promise] = {
    "not_received_yet": _("What was sent back has not arrived"),
    "arrived_whole": _("The parcel arrived whole, as the carrier's record shows"),
    "as_described": _("The goods are as they were described"),
    "used": _("The goods were used or are damaged"),
    "not_what_was_sold": _("What came back is not what was sold"),
    "too_late": _("It was asked for too late"),
    "other": _("Another reason"),
}

STATES: Mapping[str, tuple[Promise, Tone]] = {
    "requested": (_("Waiting for the shop's answer"), "waiting"),
    "agreed": (_("Agreed: send the goods back"), "waiting"),
    "returning": (_("On the way back to the shop"), ""),
    "received": (_("The shop looks at what came back"), ""),
    "replaced": (_("On the way to you"), ""),
    "refused": (_("The shop said no"), "error"),
    "granted": (_("The money is going back"), "success"),
    "settled": (_("Over and done"), "success"),
    "withdrawn": (_("Taken back by you"), ""),
    "lapsed": (_("Ended: not sent back in time"), ""),
    "closed": (_("Ended without money back"), ""),
}
"""As the buyer reads them; while the platform decides, DISPUTED stands instead."""

DISPUTED: tuple[Promise, Tone] = (_("The platform decides"), "waiting")

SIDES: Mapping[str, Promise] = {
    "buyer": _("The buyer"),
    "seller": _("The seller"),
    "platform": _("The platform"),
}

DISPUTE_STATES: Mapping[str, tuple[Promise, Tone]] = {
    "open": (_("Both sides state their case"), "waiting"),
    "ruled": (_("Ruled; an appeal is possible"), "waiting"),
    "appealed": (_("Appealed: another arbiter looks"), "waiting"),
    "enforced": (_("Ruled and carried out"), "success"),
    "dropped": (_("Not pursued any more"), ""),
}

OUTCOMES: Mapping[str, Promise] = {
    "buyer": _("For the buyer"),
    "part": _("For the buyer in part"),
    "seller": _("For the shop"),
}

RULES: Mapping[str, tuple[Promise, Promise]] = {
    "seven_days": (
        _("Seven days without a reason"),
        _("Goods bought online may be given back within seven days of receipt without a reason."),
    ),
    "quality": (
        _("Goods have to be sound"),
        _("Who sells goods that are not sound has to take them back, replace them or repair them."),
    ),
    "as_described": (
        _("Goods have to be as they were described"),
        _("What a shop says of its goods has to be true, complete and in time."),
    ),
    "delivery": (
        _("Goods have to arrive as agreed"),
        _("Until they are handed over, the risk of the way is the shop's."),
    ),
    "promise": (
        _("What was agreed at purchase stands"),
        _("With the order the contract is made, and its terms bind the shop."),
    ),
    "deception": (
        _("Nobody may be deceived"),
        _("Who deceives a buyer owes more than the price."),
    ),
    "goods_used": (
        _("Goods go back whole"),
        _("Goods that are given back without a reason have to be whole; looking at and trying them is fine."),
    ),
    "excluded": (
        _("Excluded from returns without a reason"),
        _("Some kinds of goods are excluded by law, others if the buyer agreed at purchase."),
    ),
    "evidence": (
        _("Who claims has to show it"),
        _("Each side has to show what speaks for what it says."),
    ),
    "fairness": (
        _("The platform's after-sale rules"),
        _("Where no rule says it word for word, both sides bear what is fair."),
    ),
}
"""By the codes of trade.disputes.rules, which has their sources: name, and what it says."""

RULE_SOURCES: Mapping[str, Promise] = {
    "seven_days": _("Consumer Protection Law, Art. 25"),
    "quality": _("Consumer Protection Law, Art. 24"),
    "as_described": _("E-Commerce Law, Art. 17"),
    "delivery": _("E-Commerce Law, Art. 20"),
    "promise": _("E-Commerce Law, Art. 49"),
    "deception": _("Consumer Protection Law, Art. 55"),
    "goods_used": _("Interim Measures for Seven-Day No-Reason Returns, Art. 8 and 9"),
    "excluded": _("Interim Measures for Seven-Day No-Reason Returns, Art. 6 and 7"),
    "evidence": _("Civil Procedure Law, Art. 67"),
    "fairness": _("The platform's own rule"),
}


def reason_words(kind: str, code: str) -> str:
    """Of a case of any kind; a code that is new here is shown as it is."""
    table = CANCEL_REASONS if kind == "cancel" else REASONS
    return str(table.get(code, code))


def state_words(state: str, *, paused: bool) -> tuple[str, Tone]:
    """(words, tone) as the buyer reads them."""
    words, tone = DISPUTED if paused else STATES[state]
    return str(words), tone
