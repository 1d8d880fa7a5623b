"""What the channel tells of transfers. Every message is recorded, also those that are not believed."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.settlement.operations import TransferMismatch, record_transfer
from tongdao.trade.payments.callbacks import STATUS, Proven, prove
from tongdao.trade.payments.gateways import TransferNotice
from tongdao.trade.payments.models import CallbackRecord, Verdict
from tongdao.trade.payments.operations.noticing import write_records

log = logging.getLogger(__name__)


def take_transfer_notification(token: str, headers: Mapping[str, str], body: bytes) -> int:
    """Act on a notification; the HTTP status to answer with. Opens its own scopes.

    Raises NotFound when no account has this address.
    """
    proven = prove(token, headers, body)
    if isinstance(proven, Verdict):
        return STATUS[proven]
    with merchant_scope(proven.merchant_id):
        verdict = _take(proven)
        if verdict not in (Verdict.ACCEPTED, Verdict.REPEATED):
            log.warning("transfer notification %s: %s", proven.digest.hex()[:12], verdict)
            write_records([(verdict, proven.digest)])
    return STATUS[verdict]


def _take(proven: Proven) -> Verdict:
    """The unique key on accepted digests is the guard: of two equal messages the later one is REPLAYED. One
    about an unknown bill stays open to come again.
    """
    if not isinstance(proven.notice, TransferNotice):
        return Verdict.UNKNOWN
    try:
        with transaction.atomic():
            CallbackRecord.objects.create(
                source="wechatpay",
                verdict=Verdict.ACCEPTED,
                digest=proven.digest,
                kind="TransferNotice",
                at=clock.now(),
            )
            new = record_transfer(proven.notice, actor=CHANNEL)
    except IntegrityError:
        return Verdict.REPLAYED
    except NotFound:
        return Verdict.UNKNOWN
    except TransferMismatch:
        return Verdict.REFUSED
    return Verdict.ACCEPTED if new else Verdict.REPEATED
