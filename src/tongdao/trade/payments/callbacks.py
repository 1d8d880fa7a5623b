"""What the payment channel tells us. Every message is recorded, also those that are not believed.

The request's thread proves who speaks, without a connection; what is proven waits in a queue for the next
transaction of its merchant (operations.noticing).
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from tongdao.foundation import clock, directory
from tongdao.foundation.committing import GroupCommit, QueueFull
from tongdao.foundation.events import request_id
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import MerchantAccount
from tongdao.trade.payments.gateways import (
    BadCallback,
    Credentials,
    PaidNotice,
    RefundNotice,
    TransferNotice,
    gateway_for,
)
from tongdao.trade.payments.models import Verdict
from tongdao.trade.payments.operations.noticing import Message, take_messages, write_records

log = logging.getLogger(__name__)
FRESH = timedelta(minutes=5)  # how far a message's own timestamp may be from now
LOOK_AGAIN = 1.0  # seconds for which an account is not read again
MOST_KEPT = 1_000  # accounts
STATUS = {
    Verdict.ACCEPTED: 200,
    Verdict.REPEATED: 200,
    Verdict.FORGED: 401,
    Verdict.STALE: 401,
    Verdict.REPLAYED: 409,
    Verdict.UNKNOWN: 404,
    Verdict.REFUSED: 422,
}


class Account(NamedTuple):
    """Whose callback address it is, and the keys to prove a message with; good until `until` (monotonic)."""

    merchant_id: UUID
    credentials: Credentials
    until: float


class Proven(NamedTuple):
    """A message that is the channel's, and new enough. `digest`: SHA-256 of its nonce and body."""

    merchant_id: UUID
    digest: bytes
    notice: PaidNotice | RefundNotice | TransferNotice


queue: GroupCommit[Message, Verdict] = GroupCommit("notices", take_messages, batch=64, depth=1_000)
_accounts: dict[str, Account] = {}


def take_notification(token: str, headers: Mapping[str, str], body: bytes) -> int:
    """Act on a notification; the HTTP status to answer with. `headers` by their ordinary names.

    Raises NotFound when no account has this callback address. Opens its own scopes. 503: very many wait, or
    the server stops; nothing was recorded and the channel tells it again.
    """
    proven = prove(token, headers, body)
    if isinstance(proven, Verdict):
        return STATUS[proven]
    merchant_id, digest, notice = proven
    if isinstance(notice, TransferNotice):  # they have an address of their own
        return STATUS[_disbelieve(merchant_id, Verdict.UNKNOWN, digest)]
    try:
        verdict = queue.submit(merchant_id, Message(digest, notice, request_id.get()))
    except QueueFull as full:
        return full.status
    if verdict in (Verdict.REPLAYED, Verdict.UNKNOWN):
        log.warning("payment notification %s: %s", digest.hex()[:12], verdict)
    return STATUS[verdict]


def prove(token: str, headers: Mapping[str, str], body: bytes) -> Proven | Verdict:
    """What the channel says at an account's callback address; the verdict, which is on record by then, where
    it is not to be believed. Raises NotFound when no account has this address. Opens its own scopes.
    """
    account = _account(token)
    digest = hashlib.sha256(headers.get("Wechatpay-Nonce", "").encode() + b"\n" + body).digest()
    try:
        notice = gateway_for(account.credentials).read(headers, body.decode("utf-8", "strict"))
    except (BadCallback, UnicodeDecodeError):
        return _disbelieve(account.merchant_id, Verdict.FORGED, digest)
    if not _fresh(headers.get("Wechatpay-Timestamp", "")):
        return _disbelieve(account.merchant_id, Verdict.STALE, digest)
    return Proven(account.merchant_id, digest, notice)


def _account(token: str) -> Account:
    """The account of a callback address, read at most once a second. Only those that exist are kept, so that
    made-up addresses fill nothing.
    """
    now = time.monotonic()
    kept = _accounts.get(token)
    if kept is not None and now < kept.until:
        return kept
    account = _read_account(token, now + LOOK_AGAIN)
    if len(_accounts) >= MOST_KEPT:
        _accounts.clear()
    _accounts[token] = account
    return account


def _read_account(token: str, until: float) -> Account:
    found = directory.lookup("callback", token)
    if found is None:
        raise NotFound()
    with merchant_scope(found.merchant_id):
        account = MerchantAccount.objects.filter(pk=found.id).first()
        if account is None:
            raise NotFound()
        credentials = Credentials.of(account)
    connection.close()  # back to the pool: whoever waits in the queue holds none
    return Account(found.merchant_id, credentials, until)


def _fresh(stamp: str) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    return abs(clock.now().timestamp() - int(stamp)) <= FRESH.total_seconds()


def _disbelieve(merchant_id: UUID, verdict: Verdict, digest: bytes) -> Verdict:
    log.warning("payment notification %s: %s", digest.hex()[:12], verdict)
    with merchant_scope(merchant_id):
        write_records([(verdict, digest)])
    return verdict
