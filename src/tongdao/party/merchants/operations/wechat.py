"""The merchant's apps at WeChat, and the ticket with which its pages are signed there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast
from uuid import UUID

from django.db.models import Q

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.events import WechatAppConnected
from tongdao.party.merchants.models import WechatApp, WechatKind
from tongdao.party.people.wechat import App, fetch_ticket, inside_wechat
from tongdao.party.people.wechat.gateway import Kind

EARLY = timedelta(minutes=10)  # so long before its end a ticket is renewed, while the old one is still good
ONE_ASKS = timedelta(seconds=30)  # so long nobody else asks, whether or not WeChat answers


@dataclass(frozen=True, slots=True)
class WechatTerms:
    """What WeChat gave the merchant."""

    kind: WechatKind
    appid: str
    secret: str = field(repr=False)
    gateway_url: str


def connect_wechat(terms: WechatTerms, *, actor: Actor) -> WechatApp:
    """Use this app of its kind from now on, in place of the one until now."""
    now = clock.now()
    WechatApp.objects.filter(kind=terms.kind, effective_to__isnull=True).update(effective_to=now)
    app = WechatApp.objects.create(
        kind=terms.kind,
        appid=terms.appid,
        secret=terms.secret,
        gateway_url=terms.gateway_url.rstrip("/"),
        effective_from=now,
    )
    record(WechatAppConnected(kind=Code(terms.kind.value)), subject=app, actor=actor)
    return app


def wechat_app(kind: WechatKind) -> App | None:
    """The app of this kind that is connected now."""
    row = _current(kind)
    return _app(row) if row else None


def sign_in_app(user_agent: str) -> App | None:
    """By which one signs in in this browser: the official account inside WeChat, a code to scan elsewhere."""
    return wechat_app(WechatKind.OFFICIAL if inside_wechat(user_agent) else WechatKind.WEBSITE)


def share_ticket(merchant_id: UUID) -> tuple[App, str] | None:
    """The official account and the ticket that signs its pages; None where there is neither.

    Opens its own scopes. Who comes while another one asks WeChat uses the old ticket, if it is still good.
    Raises what `fetch_ticket` does.
    """
    now = clock.now()
    with merchant_scope(merchant_id):
        row = _current(WechatKind.OFFICIAL)
        if row is None:
            return None
        app, good = (
            _app(row),
            row.ticket is not None and row.ticket_until is not None and row.ticket_until > now,
        )
        asks = _may_ask(row.id)
    if asks:
        ticket, seconds = fetch_ticket(app)
        with merchant_scope(merchant_id):
            until = now + timedelta(seconds=seconds)
            WechatApp.objects.filter(pk=row.id).update(ticket=ticket, ticket_until=until)
        return app, ticket
    return (app, cast(str, row.ticket)) if good else None


def _may_ask(app_id: UUID) -> bool:
    """One statement: of those who come at the same time one asks."""
    now = clock.now()
    old = Q(ticket_until__isnull=True) | Q(ticket_until__lt=now + EARLY)
    free = Q(ticket_asked_at__isnull=True) | Q(ticket_asked_at__lt=now - ONE_ASKS)
    return bool(WechatApp.objects.filter(old, free, pk=app_id).update(ticket_asked_at=now))


def _current(kind: WechatKind) -> WechatApp | None:
    return WechatApp.objects.filter(kind=kind, effective_to__isnull=True).first()


def _app(row: WechatApp) -> App:
    return App(row.appid, row.secret, cast(Kind, row.kind), row.gateway_url)
