"""How I am paid: real name and way, said after the words that ask for it, and taken back as easily."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.faces.promoter.forms import PayeeForm
from tongdao.faces.promoter.notices import Notice, form_notice, notice_of
from tongdao.faces.promoter.pages.payouts import payee_state
from tongdao.foundation.refusals import Refusal
from tongdao.party.members.consents import consents_of, say
from tongdao.party.merchants.operations import current_account
from tongdao.party.merchants.refusals import NoPaymentAccount
from tongdao.party.people.consents import ConsentState
from tongdao.party.people.wechat import openid_of
from tongdao.rewards.settlement.models import Way
from tongdao.rewards.settlement.operations import PayeeTerms, say_payee
from tongdao.rewards.settlement.operations.forgetting import forget_payee
from tongdao.rewards.settlement.queries.mine import my_payee

ASKED = "payee"  # the purpose of the consent


@sensitive_post_parameters("real_name", "card")
@require_http_methods(["GET", "HEAD", "POST"])
@promoter_page
def payee(walk: Walk) -> HttpResponse:
    """Who has left may say it, too: what was earned is paid out as before."""
    asked = _asked(walk)
    if walk.request.method != "POST":
        return _page(walk, PayeeForm(initial={"version": asked.version, "way": "wechat"}), asked)
    if "forget" in walk.request.POST:
        return _forget(walk, asked)
    form = PayeeForm(walk.request.POST)
    if not form.is_valid():
        return _page(walk, form, asked, form_notice(), 422)
    try:
        _say(walk, form)
    except Refusal as refusal:
        return _page(walk, form, asked, notice_of(refusal), refusal.status)
    messages.success(walk.request, _("Kept. It holds from the next payout on."))
    return redirect(walk.url("income"))


def _asked(walk: Walk) -> ConsentState:
    assert walk.person_id is not None
    with walk.scope():
        states = consents_of(walk.person_id, walk.language, level="promoter")
    return next(state for state in states if state.purpose == ASKED)


@sensitive_variables()
def _say(walk: Walk, form: PayeeForm) -> None:
    """The consent and what it was given for are one. Who came back is paid for all that was earned before."""
    typed = form.cleaned_data
    bank = typed["way"] == "bank"
    terms = PayeeTerms(
        Way(typed["way"]), typed["real_name"], typed["bank"] if bank else "", typed["card"] if bank else ""
    )
    with walk.scope():
        _consent(walk, True, typed["version"])
        for promoter_id in walk.ids:
            say_payee(promoter_id, terms, actor=walk.actor)


def _forget(walk: Walk, asked: ConsentState) -> HttpResponse:
    with walk.scope():
        _consent(walk, False, asked.version)
        for promoter_id in walk.ids:
            forget_payee(promoter_id, actor=walk.actor)
    messages.success(walk.request, _("Taken back. Name and card are gone; what is under way goes on."))
    return redirect(walk.url("payee"))


def _consent(walk: Walk, given: bool, version: str) -> None:
    say(
        ASKED,
        given,
        version=version,
        language=walk.language or "zh-hans",
        face="promoter",
        actor=walk.actor,
        level="promoter",
    )


def _page(
    walk: Walk, form: PayeeForm, asked: ConsentState, notice: Notice | None = None, status: int = 200
) -> HttpResponse:
    with walk.scope():
        said = my_payee(walk.ids)
        unknown = said is not None and said.way == "wechat" and not _known(walk)
    context = {
        "form": form,
        "asked": asked,
        "said": said,
        "state": payee_state(said),
        "unknown": unknown,
        "wechat_url": walk.url("sign_in_wechat"),
    }
    return walk.show(
        "payee", _("How I am paid"), context, tab="income", back="income", notice=notice, status=status
    )


def _known(walk: Walk) -> bool:
    """WeChat has said who this is in the app that pays."""
    assert walk.person_id is not None
    try:
        return bool(openid_of(walk.person_id, current_account().appid))
    except NoPaymentAccount:
        return True  # nobody is paid by WeChat yet: nothing to ask for
