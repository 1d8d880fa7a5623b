"""Codes of commissions and payouts in the words of the desk."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongdao.faces.kit.shapes import Tone

Words = dict[str, tuple[Promise, Tone]]

COMMISSION_STATES: Words = {
    "held": (_("Held"), "waiting"),
    "released": (pgettext_lazy("commission", "Due"), "success"),
    "claimed": (_("Being paid out"), "waiting"),
    "paid": (pgettext_lazy("payouts", "Paid out"), "success"),
    "void": (pgettext_lazy("commission", "Taken back"), ""),
}

BATCH_STATES: Words = {
    "proposed": (_("To be approved"), "waiting"),
    "approved": (pgettext_lazy("payouts", "Approved"), "success"),
    "rejected": (pgettext_lazy("payouts", "Rejected"), "error"),
}

PAYOUT_STATES: Words = {
    "claimed": (_("To be approved"), "waiting"),
    "approved": (pgettext_lazy("payouts", "On its way"), "waiting"),
    "paid": (pgettext_lazy("payouts", "Paid out"), "success"),
    "partly": (pgettext_lazy("payouts", "Partly paid"), ""),
    "returned": (_("Not paid, due again"), ""),
}

TRANSFER_STATES: Words = {
    "created": (_("To be sent"), "waiting"),
    "accepted": (_("At the channel"), "waiting"),
    "waiting": (_("Waits for its payee"), "waiting"),
    "paid": (_("Arrived"), "success"),
    "failed": (pgettext_lazy("transfer", "Not arrived"), "error"),
    "cancelled": (pgettext_lazy("transfer", "Called off"), "error"),
}

PAYEE_STATES: Words = {
    "waiting": (_("To be checked"), "waiting"),
    "checked": (_("Checked"), "success"),
}

WAYS: dict[str, Promise] = {"wechat": _("WeChat"), "bank": pgettext_lazy("payouts", "Bank")}

WAITS: dict[str, Promise] = {
    "payment": _("Nothing is shared out before the payment."),
    "receipt": _("Held until the buyer confirms receipt, and the time for giving back is over."),
    "window": _("Held until the goods can no longer be given back."),
    "refund": _("Held until the refund is paid back."),
    "case": _("Held until the after-sale case is settled."),
    "turn": _("Released in a moment."),
    "released": _("Released: the shares are their owners'."),
    "over": _("All of it went back, or nothing was paid."),
}

REJECT_REASONS: dict[str, Promise] = {
    "amounts": _("The amounts look wrong"),
    "payees": _("A name or a card has to be checked first"),
    "no_money": _("There is not enough money for it now"),
    "mistake": _("It was proposed by mistake"),
    "other": _("Another reason"),
}

HINDRANCES: dict[str, tuple[Promise, Promise]] = {
    "nameless": (
        _("No real name"),
        _("They have not said under which name and by which way they are paid; their own pages ask for it."),
    ),
    "unchecked": (_("Card not checked"), _("Compare name and card with papers first.")),
    "too_little": (_("Below the minimum"), _("It is paid out once enough has come together.")),
    "under_way": (_("A payout is under way"), _("The next one begins when that one is over.")),
    "later": (_("In the next batch"), _("A batch holds so many; propose another one after this.")),
}
"""Why somebody is left out of a batch, and what happens next."""

PROBLEMS: dict[str, Promise] = {
    "unreachable": _("The payment channel cannot be reached. It is asked again by itself."),
    "NOT_ENOUGH": _(
        "Your account at the channel has too little money. Top it up; it is sent again by itself."
    ),
    "OVERDUE_CLOSE": _("The payee did not take it in time. Send it again when they are ready to."),
    "NAME_NOT_CORRECT": _("The real name is not that of the WeChat account. Ask the payee to correct it."),
    "ACCOUNT_FROZEN": _("The payee's WeChat account is frozen. They can ask for a bank payment instead."),
    "REAL_NAME_CHECK_FAIL": _("The payee's WeChat account has no proven name. They have to prove it first."),
    "PAYEE_ACCOUNT_ABNORMAL": _("The payee's WeChat account cannot take money at the moment."),
    "RECEIVE_ACCOUNT_NOT_PERMIT": _("The payee's WeChat account may not take it."),
    "TRANSFER_QUOTA_EXCEED": _("The payee has taken as much as they may today. Send it again tomorrow."),
    "CREATE_FAILED": _("The channel could not make it. Send it again."),
}


def transfer_problem(code: str) -> str:
    """What holds a transfer up or ended it, and what to do about it; nothing for nothing."""
    if not code:
        return ""
    return str(PROBLEMS.get(code) or _now("The channel says %(code)s.") % {"code": code})
