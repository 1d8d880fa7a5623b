"""Income line by line, payouts and transfers in the words of a promoter."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tongdao.faces.kit.shapes import Tone
from tongdao.faces.lists.plan_words import rule_words
from tongdao.faces.lists.words import MOVES
from tongdao.faces.promoter.words import STAGES, Reason, over_reason, reason_of, when, why
from tongdao.foundation.money import format_yuan
from tongdao.rewards.commissions.queries import Booked, Income, IncomeLine, LineState, Part, Sale, Waiting
from tongdao.rewards.settlement.queries.mine import MyPayout, MyTransfer

Words = tuple[Promise, Tone]
STATES: dict[LineState, Words] = {
    "estimated": STAGES["estimated"],
    "held": STAGES["held"],
    "released": STAGES["released"],
    "claimed": (pgettext_lazy("commission", "On its way"), "waiting"),
    "paid": (pgettext_lazy("commission", "Paid out"), "success"),
    "over": STAGES["over"],
}
OWED = pgettext_lazy("commission", "Owed back")
PAYOUTS: dict[str, Words] = {
    "claimed": (gettext_lazy("The shop looks at it"), "waiting"),
    "approved": (pgettext_lazy("commission", "On its way"), "waiting"),
    "paid": (pgettext_lazy("commission", "Paid out"), "success"),
    "partly": (pgettext_lazy("payout", "Paid in part"), "success"),
    "returned": (gettext_lazy("Not paid out"), "plain"),  # type: ignore[dict-item]  # a tone of the kit's tag
}
TRANSFERS: dict[str, Words] = {
    "created": (gettext_lazy("Being sent"), "waiting"),
    "accepted": (gettext_lazy("WeChat works on it"), "waiting"),
    "waiting": (gettext_lazy("Waits for you"), "waiting"),
    "paid": (gettext_lazy("Arrived"), "success"),
    "failed": (gettext_lazy("Did not arrive"), "error"),
    "cancelled": (pgettext_lazy("payout", "Taken back"), "plain"),  # type: ignore[dict-item]  # as above
}
ACCOUNTS: dict[str, Promise] = {
    "buyer_funds": gettext_lazy("The buyer's payment"),
    "refund_due": gettext_lazy("Back to the buyer"),
    "held.promoter": STAGES["held"][0],
    "released.promoter": STAGES["released"][0],
    "claimed.promoter": gettext_lazy("In a payout"),
    "owed_back.promoter": OWED,
    "external.payee": gettext_lazy("With you"),
}
MOVED: dict[str, Promise] = {**MOVES, "payout": gettext_lazy("Payout")}
PROBLEMS: dict[str, Promise] = {
    "OVERDUE_CLOSE": gettext_lazy("You did not take it within 24 hours."),
    "ACCOUNT_FROZEN": gettext_lazy("Your WeChat account cannot receive money at present."),
    "REAL_NAME_CHECK_FAIL": gettext_lazy("Your WeChat account has no real name yet."),
    "NAME_NOT_CORRECT": gettext_lazy("The name does not match the one of your WeChat account."),
    "OPENID_INVALID": gettext_lazy("This WeChat account does not belong to the shop's account any more."),
}
RENAME = ("REAL_NAME_CHECK_FAIL", "NAME_NOT_CORRECT")


def line_reason(line: IncomeLine, sale: Sale, waiting: Waiting | None = None) -> Reason:
    """Why the line's share stands where it stands; `waiting` says what keeps it held, if asked."""
    match line.state:
        case "estimated":
            return reason_of(sale)
        case "held":
            return _open(waiting) or reason_of(sale)
        case "released" if not line.due_fen:
            return Reason(_("All of it made good what was owed for goods given back earlier."))
        case "released":
            return Reason(_("It is yours and goes with the next payout."))
        case "claimed":
            return Reason(_("A payout has taken it and is on its way to you."))
        case "paid":
            return Reason(_("It has reached you."))
    return Reason(over_reason(sale))


def _open(waiting: Waiting | None) -> Reason | None:
    cause = waiting.cause if waiting else ""
    if cause == "refund":
        return Reason(_("A refund of the order is under way. What is left is yours after it."))
    if cause == "case":
        return Reason(_("Something about the order is still being settled with the buyer."))
    if cause == "turn":
        return Reason(_("Everything is settled. It becomes yours within minutes."))
    return None


def debt_words(line: IncomeLine) -> str:
    """What of the line is still kept back from others, or empty."""
    if not line.debt_fen:
        return ""
    text = _(
        "Goods were given back after this was yours: ¥%(owed)s is kept back from what becomes yours next."
    )
    return text % {"owed": format_yuan(line.debt_fen)}


def rule_text(line: IncomeLine) -> str:
    """Which rule of which version of the plan, and what it is for. In the merchant's scope."""
    rule = line.rule
    about = _("All other goods") if rule.position > 1 and not rule.bound else rule_words([rule])[0].about
    text = _("Rule %(rule)d of version %(version)d of the shop's plan: %(about)s")
    return text % {"rule": rule.position, "version": line.plan_version, "about": about}


def sums(income: Income) -> list[tuple[LineState, str, int, str]]:
    """Each amount: state, name, fen, one sentence."""
    told = why(income)
    amounts: list[tuple[LineState, Part, str]] = [
        ("estimated", income.estimated, told["estimated"]),
        ("held", income.held, told["held"]),
        ("released", income.released, _why_due(income)),
        ("claimed", income.claimed, _why_claimed(income.claimed)),
        ("paid", income.paid, _why_paid(income.paid)),
    ]
    return [(state, str(STATES[state][0]), part.fen, text) for state, part, text in amounts]


def _why_due(income: Income) -> str:
    if not income.released.fen:
        return _("Nothing waits to be paid out.")
    text = ngettext(
        "Yours, from %(count)d order: it goes with the next payout.",
        "Yours, from %(count)d orders: it goes with the next payout.",
        income.released.orders,
    )
    return text % {"count": income.released.orders}


def _why_claimed(part: Part) -> str:
    return _("In a payout that has not arrived whole.") if part.fen else _("No payout is under way.")


def _why_paid(part: Part) -> str:
    return _("It has reached you, all payouts together.") if part.fen else _("Nothing has been paid out yet.")


def owed_text(part: Part) -> str:
    """What is kept back, and for how many orders; empty where nothing is."""
    if not part.fen:
        return ""
    text = ngettext(
        "Goods of %(count)d order were given back after its commission was yours. This much is kept back from"
        " what becomes yours next; you need not pay anything.",
        "Goods of %(count)d orders were given back after their commission was yours. This much is kept back"
        " from what becomes yours next; you need not pay anything.",
        part.orders,
    )
    return text % {"count": part.orders}


def booked_rows(found: Iterable[Booked]) -> list[dict[str, object]]:
    return [
        {
            "at": one.at,
            "move": str(MOVED.get(one.kind, one.kind)),
            "source": str(ACCOUNTS.get(one.source.kind, one.source.kind)),
            "destination": str(ACCOUNTS.get(one.destination.kind, one.destination.kind)),
            "fen": one.fen,
        }
        for one in found
    ]


def payout_text(payout: MyPayout) -> str:
    """Where it stands, and what comes next."""
    if payout.state == "claimed":
        return _("Somebody else of the shop looks at it before it is sent.")
    if payout.state == "returned":
        return _("It came to nothing. What it had taken is yours as before and goes with a later payout.")
    if payout.state == "partly":
        return _("Some of it has reached you. The rest is yours as before and goes with a later payout.")
    if payout.state == "paid":
        return _("All of it has reached you.")
    if payout.way == "bank":
        return _("The shop pays it at the bank. It is shown here once that is done.")
    if not payout.transfers:
        return _("WeChat does not know yet who you are at this shop. Open this page in WeChat and sign in.")
    if payout.waiting and payout.take_by:
        text = ngettext(
            "%(count)d transfer waits for you. Take it before %(when)s, or it lapses.",
            "%(count)d transfers wait for you. Take the first before %(when)s, or it lapses.",
            payout.waiting,
        )
        return text % {"count": payout.waiting, "when": when(payout.take_by)}
    return _("WeChat is on it.")


def transfer_text(row: MyTransfer) -> str:
    """Why, and what comes next."""
    if row.state == "created":
        return _("It is sent within minutes. If the shop's account is short, it is tried again by itself.")
    if row.state == "accepted":
        return _("The money is on its way; mostly it takes seconds.")
    if row.state == "waiting":
        return _("WeChat asks you to take it.")
    if row.state == "paid":
        return ""
    if row.again:
        return " ".join(filter(None, (_problem(row.problem), _("It was sent again, see below."))))
    return " ".join(filter(None, (_problem(row.problem), _next(row))))


def _next(row: MyTransfer) -> str:
    if row.problem in RENAME:
        return _(
            "Look at your name under “How I am paid”. The shop can send it again; the money stays yours."
        )
    return _("The shop can send it again or pay you with a later payout; the money stays yours.")


def _problem(code: str) -> str:
    if not code:
        return ""
    known = PROBLEMS.get(code)
    return str(known) if known else _("WeChat refused it (%(code)s).") % {"code": code}
