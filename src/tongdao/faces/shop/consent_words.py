"""Names of purposes and ways, and how an answer stands."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.party.people.consents import ConsentState

PURPOSES = {
    "platform_privacy": gettext_lazy("Your account"),
    "privacy": gettext_lazy("Your orders"),
    "marketing_sms": gettext_lazy("News and offers by text message"),
    "marketing_wechat": gettext_lazy("News and offers by WeChat"),
    "marketing_email": gettext_lazy("News and offers by e-mail"),
    "personal": gettext_lazy("Recommendations for you"),
    "partner_sharing": gettext_lazy("Shipping by a partner"),
}
NEWS = {
    "security": gettext_lazy("Sign-in and safety"),
    "order": gettext_lazy("Your orders"),
    "refund": gettext_lazy("Money back to you"),
    "review": gettext_lazy("Reminders to review"),
    "marketing": gettext_lazy("News and offers"),
}
WAYS = {
    "sms": gettext_lazy("Text message"),
    "wechat": gettext_lazy("WeChat"),
    "email": gettext_lazy("E-mail"),
}


def consent_title(purpose: str) -> str:
    return str(PURPOSES[purpose])


def standing_text(state: ConsentState) -> str:
    if state.notice:
        return _("Told") if state.given else ""
    return {
        "never": _("Not asked yet: no"),
        "given": _("You said yes"),
        "withdrawn": _("You said no"),
        "outdated": _("The text is new: no, until you say yes again"),
    }[state.standing]


def rule_text(rule: str) -> str:
    """Why something cannot be switched off, or what switching it on means."""
    return {
        "always": _("It keeps your account safe, so it is always told."),
        "one_way": _("On one way at least: you have to know what becomes of your order and your money."),
        "free": "",
        "consent": _("Only if you ask for it. Switching it on is a consent, and off takes it back."),
    }[rule]
