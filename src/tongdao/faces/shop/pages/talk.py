"""Talking about an order: with the shop, and by the buyer's own choice with who recommended it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongdao.faces.kit.attachments import serve_attachment
from tongdao.faces.kit.talking import standing_of
from tongdao.faces.shop.notices import notice_of
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.faces.shop.talking import actor_of, messages_context, promoter_asked, read_talk, talk_context
from tongdao.faces.shop.typed import text
from tongdao.foundation.attachments import Kept
from tongdao.foundation.ids import token
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.talk.access import order_of_buyer
from tongdao.trade.talk.models import MOST_LETTERS, Message
from tongdao.trade.talk.operations import Said, send_as_buyer
from tongdao.trade.talk.posting import post
from tongdao.trade.talk.queries import file_of

READ = MOST_LETTERS + 100  # letters read of what was typed: enough to see that it is too long
KEY = 24  # letters of a sending's own key


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page
def talk(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    """`?with=` names a promoter of record. What is refused is shown again with its words."""
    wrong: Refusal | None = None
    if request.method == "POST":
        try:
            return _say(request, store, order_id)
        except NotFound:
            raise
        except Refusal as refusal:
            wrong = refusal
    view, others = read_talk(request, store, order_id)
    typed = text(request.POST, "text", READ) if wrong else ""
    context = {
        **talk_context(store, view, others, key=token(KEY), typed=typed),
        "notice": notice_of(wrong) if wrong else None,
    }
    return show(request, store, "talk", context, tab="me", status=wrong.status if wrong else 200)


@never_cache
@require_safe
@shop_page
def talk_news(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    """The log alone, for htmx to look again; 204 while it stands as `?has=` says."""
    view, others = read_talk(request, store, order_id)
    if standing_of(view) == text(request.GET, "has", 64):
        return HttpResponse(status=204)
    return render(request, "kit/talk_messages.html", messages_context(store, view, others))


@never_cache
@require_safe
@shop_page
def talk_file(request: HttpRequest, store: Store, order_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A picture or video of the buyer's conversation with the shop."""
    with merchant_scope(store.merchant_id):
        order_of_buyer(order_id, actor_of(request))
        row = file_of(order_id, file_id)
    return serve_attachment(row, request)


def _say(request: HttpRequest, store: Store, order_id: UUID) -> HttpResponse:
    actor, promoter_id = actor_of(request), promoter_asked(request)
    words, key = text(request.POST, "text", READ), text(request.POST, "key", 64)

    def say(kept: Sequence[Kept]) -> Message:
        return send_as_buyer(order_id, Said(words, key, kept), promoter_id=promoter_id, actor=actor)

    post(store.merchant_id, say, request.FILES.getlist("files"), actor=actor)
    return redirect(request.get_full_path() + "#say")
