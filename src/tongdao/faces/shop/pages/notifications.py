"""Of what one wants to hear, and on which ways."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.consent_words import NEWS, WAYS, rule_text
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.typed import text
from tongdao.foundation.actors import Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.members.notices import CHANNELS, Choice, choices_of, choose_notice
from tongdao.party.people.consents import asked_now


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page
def notifications(request: HttpRequest, store: Store) -> HttpResponse:
    """One switch for each way of each kind of news; each is a button, so it works without scripts."""
    buyer = buyer_of(request)
    if buyer is None:
        return redirect(store.url("me"))
    if request.method == "POST":
        return _choose(request, store, buyer)
    with merchant_scope(store.merchant_id):
        choices = choices_of(buyer)
    context = {
        "page_title": _("Notifications"),
        "private": True,
        "back_url": store.url("me"),
        "news": [_news(choice) for choice in choices],
        "consents_url": store.url("consents"),
    }
    return show(request, store, "notifications", context, tab="me")


def _choose(request: HttpRequest, store: Store, buyer: UUID) -> HttpResponse:
    purpose, channel = text(request.POST, "purpose", 16), text(request.POST, "channel", 8)
    with merchant_scope(store.merchant_id):
        choose_notice(
            purpose,
            channel,
            text(request.POST, "wanted", 1) == "1",
            version=text(request.POST, "version", 24),
            language=get_language() or "zh-hans",
            face="shop",
            actor=Actor("person", buyer),
        )
    return redirect(f"{store.url('notifications')}#{purpose}")


def _news(choice: Choice) -> dict[str, object]:
    asked = asked_now("merchant")
    ways = []
    for way in CHANNELS:
        text_of = asked.get(f"{choice.purpose}_{way}")
        ways.append(
            {
                "channel": way,
                "label": WAYS[way],
                "on": choice.on[way],
                "fixed": way in choice.fixed,
                "version": text_of.version if text_of else "",
            }
        )
    return {
        "purpose": choice.purpose,
        "title": NEWS[choice.purpose],
        "why": rule_text(choice.rule),
        "ways": ways,
    }
