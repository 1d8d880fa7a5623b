"""My payouts: what each is made of, how it reaches me, and taking what waits for me."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.faces.promoter.income_words import (
    PAYOUTS,
    TRANSFERS,
    booked_rows,
    payout_text,
    transfer_text,
)
from tongdao.faces.promoter.pages.orders import PAGE, TAIL
from tongdao.faces.promoter.typed import identifier, page_number
from tongdao.party.merchants.models import WechatKind
from tongdao.party.merchants.operations import wechat_app
from tongdao.party.people.wechat import inside_wechat, is_sandbox
from tongdao.rewards.settlement.operations import send_transfer
from tongdao.rewards.settlement.queries.mine import (
    MyPayee,
    MyPayout,
    MyTransfer,
    my_payee,
    my_payout,
    my_payouts,
    payout_booked,
    payout_lines,
    payout_transfers,
    taking,
)
from tongdao.trade.payments.gateways import GatewayDown, GatewayRefused

SOON, LATER = 2, 20  # seconds between two looks: once it was taken, and while anything is open
CHANNEL = "https://api.mch.weixin.qq.com"
CONFIRM = "/transfer/confirm"  # of the payment sandbox: what WeChat shows its user


@dataclass(frozen=True, slots=True)
class PayeeState:
    """How I am paid, in two lines."""

    title: str
    text: str
    tone: str
    asks: bool


def payee_state(payee: MyPayee | None) -> PayeeState:
    """`asks`: without it nothing can be paid out."""
    if payee is None:
        return PayeeState(
            _("Not said yet"), _("Nothing can be paid out before you say how."), "waiting", True
        )
    if payee.way == "wechat":
        return PayeeState(_("By WeChat"), payee.masked_name, "success", False)
    where = f"{payee.bank} …{payee.card_end}"
    if payee.checked_at is None:
        return PayeeState(
            where, _("The shop compares name and card with your papers first."), "waiting", False
        )
    return PayeeState(where, _("Compared with your papers by the shop."), "success", False)


def payout_card(walk: Walk, payout: MyPayout) -> dict[str, object]:
    words, tone = PAYOUTS[payout.state]
    return {
        "payout": payout,
        "label": str(words),
        "tone": tone,
        "text": payout_text(payout),
        "url": walk.url("payout", payout_id=payout.payout_id),
    }


@require_safe
@promoter_page
def payouts(walk: Walk) -> HttpResponse:
    number = page_number(walk.request.GET)
    with walk.scope():
        found = my_payouts(walk.ids, offset=(number - 1) * PAGE, limit=PAGE + 1)
        payee = my_payee(walk.ids)
    here = walk.url("payouts")
    context = {
        "cards": [payout_card(walk, each) for each in found[:PAGE]],
        "payee": payee_state(payee),
        "previous_url": f"{here}?page={number - 1}" if number > 1 else "",
        "next_url": f"{here}?page={number + 1}" if len(found) > PAGE else "",
    }
    return walk.show("payouts", _("Payouts"), context, tab="income", back="income")


@require_safe
@promoter_page
def payout(walk: Walk, payout_id: UUID) -> HttpResponse:
    """`?taken=` names a transfer: back from WeChat. The channel is asked once, then the page waits for it."""
    taken = identifier(walk.request.GET.get("taken"))
    if taken is not None:
        _ask(walk, payout_id, taken)
        return redirect(walk.url("payout", payout_id=payout_id) + "?waiting=1")
    return walk.show("payout", _("Payout"), _story(walk, payout_id), tab="income", back="payouts")


@require_safe
@promoter_page
def payout_parts(walk: Walk, payout_id: UUID) -> HttpResponse:
    """The payout's page without its frame, for htmx to look again."""
    context = _story(walk, payout_id)
    return render(walk.request, "promoter/part/payout.html", {"walk": walk, **context})


def _story(walk: Walk, payout_id: UUID) -> dict[str, object]:
    with walk.scope():
        found = my_payout(walk.ids, payout_id)
        lines, rows = payout_lines(payout_id), payout_booked(walk.ids, payout_id)
        transfers = payout_transfers(payout_id)
    moving = any(row.state in ("created", "accepted") for row in transfers)
    waiting = "waiting" in walk.request.GET and (moving or bool(found.waiting))
    parts = walk.url("payout_parts", payout_id=payout_id)
    return {
        **payout_card(walk, found),
        "lines": [(one, one.number[-TAIL:], walk.url("income_line", line_id=one.line_id)) for one in lines],
        "transfers": [_transfer(walk, payout_id, row) for row in transfers],
        "many": len({row.part for row in transfers}) > 1,
        "booked": booked_rows(rows),
        "waiting": waiting,
        "every": SOON if waiting or moving else LATER if found.state == "approved" else 0,
        "parts_url": f"{parts}?waiting=1" if waiting else parts,
        "needs_wechat": found.state == "approved" and found.way == "wechat" and not transfers,
        "wechat_url": walk.url("sign_in_wechat"),
    }


def _transfer(walk: Walk, payout_id: UUID, row: MyTransfer) -> dict[str, object]:
    words, tone = TRANSFERS[row.state]
    url = walk.url("take", payout_id=payout_id, transfer_id=row.transfer_id)
    return {
        "row": row,
        "label": str(words),
        "tone": tone,
        "text": transfer_text(row),
        "take_url": url if row.state == "waiting" else "",
    }


def _ask(walk: Walk, payout_id: UUID, transfer_id: UUID) -> None:
    """What became of it; only of one's own that is open. What WeChat told the page is no proof."""
    with walk.scope():
        my_payout(walk.ids, payout_id)
        states = {row.transfer_id: row.state for row in payout_transfers(payout_id)}
    if states.get(transfer_id) not in ("waiting", "accepted"):
        return
    try:
        send_transfer(walk.place.merchant_id, transfer_id)
    except (GatewayDown, GatewayRefused):
        messages.warning(walk.request, _("WeChat does not answer now. This page looks again by itself."))


@require_safe
@promoter_page
def take(walk: Walk, payout_id: UUID, transfer_id: UUID) -> HttpResponse:
    """Hand a transfer that waits to WeChat, which asks its user to take it; elsewhere say where to."""
    with walk.scope():
        found = taking(walk.ids, payout_id, transfer_id)
    there = walk.url("payout", payout_id=payout_id)
    if found is None:
        return redirect(there)
    inside = inside_wechat(walk.request.headers.get("User-Agent", ""))
    done = f"{there}?taken={transfer_id}"
    back = walk.request.build_absolute_uri(done)
    given = {"mchId": found.mchid, "appId": found.appid, "package": found.package}
    query = urlencode({**given, "redirect_url": back})
    tried = settings.ENV.sandboxes and found.gateway_url != CHANNEL
    context = {
        "fen": found.amount_fen,
        "inside": inside,
        "given": json.dumps(given),
        "done_url": done,
        "payout_url": there,
        "here": walk.request.build_absolute_uri(walk.request.path),
        "sandbox_url": f"{found.gateway_url}{CONFIRM}?{query}" if tried else "",
        "bridge": _bridge(walk) if tried and inside else "",
        "bridge_transfer": found.gateway_url + CONFIRM,
        "bridge_back": back,
    }
    return walk.show("take", _("Take it"), context, tab="income", back="payouts")


def _bridge(walk: Walk) -> str:
    """Where the sandbox's own WeixinJSBridge is; nothing where the shop's app is no sandbox's."""
    with walk.scope():
        app = wechat_app(WechatKind.OFFICIAL)
    return f"{app.gateway}/sandbox/bridge.js" if app and is_sandbox(app.gateway) else ""
