"""Transfers are sent by the worker, and what the channel says of them is noted once. Unknown is asked about
before anything is sent again, and a bill that is asked for twice is the same bill.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, Actor
from tongdao.foundation.events import record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.settlement.events import TransferEnded
from tongdao.rewards.settlement.models import Payout, Transfer
from tongdao.rewards.settlement.operations.arriving import note_arrived
from tongdao.rewards.settlement.states import OPEN, TRANSFER
from tongdao.trade.payments.gateways import (
    Credentials,
    Gateway,
    GatewayRefused,
    TransferNotice,
    TransferTerms,
    gateway_for,
)

log = logging.getLogger(__name__)
DUE = """
select merchant_id, id from transfer
where state in ('created', 'accepted', 'waiting') and check_at <= %s
order by row_number() over (partition by merchant_id order by check_at), check_at limit %s
"""
SCENE = "1005"  # commission and wages, and what that scene has to be told
REPORTS = (("岗位类型", "推广员"), ("报酬说明", "商品推广佣金"))
REMARK = "推广佣金"
SLOWEST = timedelta(minutes=30)
LATER = frozenset(("NOT_ENOUGH",))  # the same bill may be asked for again when there is money


class TransferMismatch(Exception):
    """The channel names another amount than was asked for, or says paid without a number of its own."""


def transfer_url(credentials: Credentials) -> str:
    """Where the channel tells of transfers of this account."""
    return f"{settings.BASE_URL}/callbacks/wechat/{credentials.callback_token}/transfers"


def send_transfer(merchant_id: UUID, transfer_id: UUID) -> None:
    """Ask the channel for it, or what became of it. Opens its own scopes; safe to repeat at any point.

    Raises GatewayDown, after putting the next look off.
    """
    with merchant_scope(merchant_id):
        row = Transfer.objects.select_related("payout", "account").get(pk=transfer_id)
        credentials, fresh = Credentials.of(row.account), row.state == "created"
        terms = TransferTerms(
            bill_no=row.bill_no,
            payee=row.payee,
            amount_fen=Fen(row.amount_fen),
            remark=REMARK,
            scene=SCENE,
            reports=REPORTS,
            notify_url=transfer_url(credentials),
            name=row.payout.real_name,
        )
    notice, problem = TransferNotice(terms.bill_no, "unknown"), "unreachable"
    try:
        notice, problem = _ask(gateway_for(credentials), terms, fresh=fresh, first=row.tries == 0)
    finally:
        with merchant_scope(merchant_id):
            record_transfer(notice, problem=problem, actor=CHANNEL)


def _ask(gateway: Gateway, terms: TransferTerms, *, fresh: bool, first: bool) -> tuple[TransferNotice, str]:
    """What the channel says, and its word for a problem. Raises GatewayDown."""
    known = TransferNotice(terms.bill_no, "unknown")
    if not (fresh and first):
        known = gateway.query_transfer(terms.bill_no)
    if known.state != "unknown" or not fresh:
        return known, known.reason
    try:
        made = gateway.transfer(terms)
    except GatewayRefused as refused:
        log.warning("transfer %s: %s", terms.bill_no, refused)
        if refused.code in LATER:
            return known, refused.code
        # Only where the channel has no such bill is a refusal the end of it.
        there = gateway.query_transfer(terms.bill_no)
        if there.state == "unknown":
            return TransferNotice(terms.bill_no, "failed", reason=refused.code), refused.code
        return there, there.reason
    return made, made.reason


def record_transfer(notice: TransferNotice, *, problem: str = "", actor: Actor) -> bool:
    """Take note of what the channel says of a transfer; True when it told something new. Raises NotFound,
    TransferMismatch.
    """
    row = Transfer.objects.filter(bill_no=notice.bill_no).first()
    if row is None:
        raise NotFound()
    if notice.amount_fen is not None and notice.amount_fen != row.amount_fen:
        raise TransferMismatch(notice.bill_no)
    if notice.state == "paid" and not (notice.channel_no or row.channel_no):
        raise TransferMismatch(notice.bill_no)
    lock_rows(Rank.PAYOUT, Payout, [row.payout_id])
    row.refresh_from_db()
    if row.state not in OPEN:
        return False
    if notice.state in ("unknown", row.state):
        _look_later(row, notice, problem)
        return False
    ended = notice.state in ("paid", "failed", "cancelled")
    changes = {
        "package": notice.package,
        "problem": (problem or notice.reason)[:64],
        "channel_no": notice.channel_no or row.channel_no,
        "tries": 0,
        "check_at": clock.now() + timedelta(seconds=2),
        "ended_at": clock.now() if ended else None,
    }
    moved = _move(row.id, notice.state, changes)
    if ended and moved:
        _end(row, paid=notice.state == "paid", actor=actor)
    return moved


def _move(id: UUID, state: str, changes: Mapping[str, Any]) -> bool:
    """From whichever open state it is in; the channel may leave some of them out."""
    match state:
        case "accepted":
            moved = claim(TRANSFER, "created", "accepted", Transfer, [id], **changes) or claim(
                TRANSFER, "waiting", "accepted", Transfer, [id], **changes
            )
        case "waiting":
            moved = claim(TRANSFER, "created", "waiting", Transfer, [id], **changes) or claim(
                TRANSFER, "accepted", "waiting", Transfer, [id], **changes
            )
        case "paid":
            moved = (
                claim(TRANSFER, "created", "paid", Transfer, [id], **changes)
                or claim(TRANSFER, "accepted", "paid", Transfer, [id], **changes)
                or claim(TRANSFER, "waiting", "paid", Transfer, [id], **changes)
            )
        case "failed":
            moved = (
                claim(TRANSFER, "created", "failed", Transfer, [id], **changes)
                or claim(TRANSFER, "accepted", "failed", Transfer, [id], **changes)
                or claim(TRANSFER, "waiting", "failed", Transfer, [id], **changes)
            )
        case _:
            moved = (
                claim(TRANSFER, "created", "cancelled", Transfer, [id], **changes)
                or claim(TRANSFER, "accepted", "cancelled", Transfer, [id], **changes)
                or claim(TRANSFER, "waiting", "cancelled", Transfer, [id], **changes)
            )
    return bool(moved)


def _look_later(row: Transfer, notice: TransferNotice, problem: str) -> None:
    """Later each time: 2 s, 4 s, 8 s … up to half an hour."""
    row.tries += 1
    row.check_at = clock.now() + min(timedelta(seconds=2 ** min(row.tries, 12)), SLOWEST)
    row.problem, row.package = problem[:64], notice.package or row.package
    row.save(update_fields=["tries", "check_at", "problem", "package"])


def _end(row: Transfer, *, paid: bool, actor: Actor) -> None:
    payout = Payout.objects.get(pk=row.payout_id)
    row.refresh_from_db()
    told = TransferEnded(
        payout_id=payout.id,
        promoter_id=payout.promoter_id,
        part=row.part,
        amount_fen=row.amount_fen,
        paid=paid,
    )
    record(told, subject=row, actor=actor)
    if paid:
        note_arrived(payout, f"transfer:{row.id}", Fen(row.amount_fen), actor=actor)


def sweep_transfers(now: datetime, limit: int = 100) -> int:
    """Send and resolve what is due; returns how many were looked at."""
    return work_off(due_rows(DUE, now, limit), send_transfer, "sending money")
