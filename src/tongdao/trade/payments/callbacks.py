"""What the payment channel tells us. Every message is recorded, also those that are not believed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock, directory
from tongdao.foundation.actors import CHANNEL
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import MerchantAccount
from tongdao.trade.payments.gateways import (
    BadCallback,
    Credentials,
    PaidNotice,
    RefundNotice,
    gateway_for,
)
from tongdao.trade.payments.models import CallbackRecord, Verdict
from tongdao.trade.payments.operations.capturing import capture
from tongdao.trade.payments.operations.refunding import record_refund

log = logging.getLogger(__name__)
FRESH = timedelta(minutes=5)  # how far a message's own timestamp may be from now
STATUS = {
    Verdict.ACCEPTED: 200,
    Verdict.REPEATED: 200,
    Verdict.FORGED: 401,
    Verdict.STALE: 401,
    Verdict.REPLAYED: 409,
    Verdict.UNKNOWN: 404,
    Verdict.REFUSED: 422,
}


class MessageSeen(Exception):
    """This very message was accepted before."""


def take_notification(token: str, headers: Mapping[str, str], body: bytes) -> int:
    """Act on a notification; the HTTP status to answer with. `headers` by their ordinary names.

    Raises NotFound when no account has this callback address. Opens its own scopes.
    """
    found = directory.lookup("callback", token)
    if found is None:
        raise NotFound()
    with merchant_scope(found.merchant_id):
        account = MerchantAccount.objects.filter(pk=found.id).first()
        if account is None:
            raise NotFound()
        credentials = Credentials.of(account)
    digest = hashlib.sha256(headers.get("Wechatpay-Nonce", "").encode() + b"\n" + body).digest()
    try:
        notice = gateway_for(credentials).read(headers, body.decode("utf-8", "strict"))
    except (BadCallback, UnicodeDecodeError):
        return _note(found.merchant_id, Verdict.FORGED, digest)
    if not _fresh(headers.get("Wechatpay-Timestamp", "")):
        return _note(found.merchant_id, Verdict.STALE, digest)
    try:
        return _act(found.merchant_id, notice, digest)
    except MessageSeen:
        return _note(found.merchant_id, Verdict.REPLAYED, digest)
    except NotFound:
        return _note(found.merchant_id, Verdict.UNKNOWN, digest)


def _fresh(stamp: str) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    return abs(clock.now().timestamp() - int(stamp)) <= FRESH.total_seconds()


def _act(merchant_id: UUID, notice: PaidNotice | RefundNotice, digest: bytes) -> int:
    """Record and effect in one transaction, so that a message counts once or not at all."""
    with merchant_scope(merchant_id):
        _accept(digest, type(notice).__name__)
        if isinstance(notice, RefundNotice):
            return STATUS[Verdict.ACCEPTED if record_refund(notice, actor=CHANNEL) else Verdict.REPEATED]
        if notice.state != "paid":
            return STATUS[Verdict.REPEATED]
        outcome = capture(notice, actor=CHANNEL)
        return STATUS[Verdict.REFUSED if outcome == "mismatched" else Verdict.ACCEPTED]


def _accept(digest: bytes, kind: str) -> None:
    """The unique key on accepted digests is the guard: of two equal messages at once, one waits and fails."""
    try:
        with transaction.atomic():
            _write(Verdict.ACCEPTED, digest, kind)
    except IntegrityError as error:
        raise MessageSeen() from error


def _note(merchant_id: UUID, verdict: Verdict, digest: bytes) -> int:
    log.warning("payment notification %s: %s", digest.hex()[:12], verdict)
    with merchant_scope(merchant_id):
        _write(verdict, digest, "")
    return STATUS[verdict]


def _write(verdict: Verdict, digest: bytes, kind: str) -> None:
    CallbackRecord.objects.create(
        source="wechatpay", verdict=verdict, digest=digest, kind=kind, at=clock.now()
    )
