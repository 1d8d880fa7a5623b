"""Names of codes, for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    # states of jobs
    "todo": _("waiting"),
    "doing": _("running"),
    "succeeded": _("done"),
    "failed": _("failed"),
    "cancelled": _("cancelled"),
    "aborted": _("aborted"),
    "stalled": _("stalled"),
    "scheduled": _("not before this"),
    "deferred": _("put into the queue"),
    "deferred_for_retry": _("put back to be tried again"),
    "started": _("begun"),
    "abort_requested": _("asked to stop"),
    # what a callback was taken for
    "accepted": _("accepted"),
    "repeated": _("came again"),
    "forged": _("forged"),
    "stale": _("too old"),
    "replayed": _("replayed"),
    "unknown": _("of nothing we know"),
    "refused": _("refused"),
    # intents
    "pending": _("waiting"),
    "done": _("done"),
    # reviews
    "shown": _("shown"),
    "folded": _("folded"),
    "taken_down": _("taken down"),
    "unlawful": _("its content breaks the law"),
    "court_order": _("a court ordered it"),
    "authority_order": _("an authority ordered it"),
    "rights": _("it infringes somebody's rights"),
    "erasure": _("its writer had personal data erased"),
    # people
    "phone": _("phone"),
    "email": _("e-mail"),
    "browser": _("browser"),
    "operator": _("operator"),
    "observer": _("observer"),
    # readers
    "projection": _("projection"),
    "reactor": _("reactor"),
    # sources of callbacks
    "wechatpay": _("WeChat Pay"),
    "carrier": _("carrier"),
    "wechat": _("WeChat"),
    "sms": _("text messages"),
    # why a merchant is suspended
    "unlicensed": _("sells without a licence it needs"),
    "unlawful_goods": _("sells what nobody may"),
    "fraud": _("deceives buyers or makes trade up"),
    "identity": _("what it says of itself is not true"),
    "authority": _("an authority or a court ordered it"),
    "own_wish": _("it asked for it"),
    # staff
    "owner": _("owner"),
    "operations": _("operations"),
    "service": _("service"),
    "finance": _("finance"),
    "read_only": _("read only"),
    "own": _("a role of its own"),
    # deeds
    "switch.set": _("set a switch"),
    "reader.retry": _("let a reader try again"),
    "reader.replay": _("replayed a reader"),
    "intent.retry": _("let a delivery try again"),
    "job.retry": _("let a job run again"),
    "job.cancel": _("cancelled a job"),
    "operator.grant": _("made somebody an operator"),
    "operator.revoke": _("took the platform's role away"),
    "person.unmask": _("looked at a person unmasked"),
    "person.lock": _("locked an account"),
    "person.unlock": _("unlocked an account"),
    "merchant.suspend": _("suspended a merchant"),
    "merchant.resume": _("resumed a merchant"),
    "review.take_down": _("took a review down"),
    "sandbox.command": _("moved a sandbox"),
}


def word(code: str) -> str:
    """What a code is called; the code itself where it has no name."""
    return str(WORDS.get(code, code))
