"""What the shop tells and asks of one's data: the words, what was said and when, and one tap to change it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.consent_words import consent_title, standing_text
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import text
from tongdao.foundation.actors import Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.members.consents import consents_of, say
from tongdao.party.people.consents import ConsentState, asked_now, platform_consents, state_of

NOBODY = UUID(int=0)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page
def consents(request: HttpRequest, store: Store) -> HttpResponse:
    """Anybody may read it; who has bought or signed in may answer."""
    buyer = buyer_of(request)
    if request.method == "POST" and buyer is not None:
        return _say(request, store, buyer)
    language = get_language() or "zh-hans"
    with merchant_scope(store.merchant_id):
        states = consents_of(buyer or NOBODY, language)
    platform = platform_consents(buyer, language) if buyer else _unsaid(language)
    context = {
        "page_title": _("Privacy and consents"),
        "private": True,
        "back_url": store.url("me"),
        "notices": [_row(state) for state in (*states, *platform) if state.notice],
        "asked": [_row(state) for state in states if not state.notice],
        "may_answer": buyer is not None,
    }
    return show(request, store, "consents", context, tab="me")


def _say(request: HttpRequest, store: Store, buyer: UUID) -> HttpResponse:
    given = text(request.POST, "given", 1) == "1"
    with merchant_scope(store.merchant_id):
        say(
            text(request.POST, "purpose", 24),
            given,
            version=text(request.POST, "version", 24),
            language=get_language() or "zh-hans",
            face="shop",
            actor=Actor("person", buyer),
        )
    messages.success(request, _("Noted: yes, until you take it back.") if given else _("Noted: no."))
    return redirect(store.url("consents"))


def _row(state: ConsentState) -> dict[str, object]:
    return {"state": state, "title": consent_title(state.purpose), "standing": standing_text(state)}


def _unsaid(language: str) -> list[ConsentState]:
    return [state_of(asked, None, language) for asked in asked_now("platform").values()]
