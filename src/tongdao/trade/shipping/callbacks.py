"""Pushes of the carrier gateway: proven, taken once, always on record."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from uuid import UUID

from tongdao.foundation import clock, directory
from tongdao.foundation.actors import CARRIER
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.payments.models import CallbackRecord, Verdict
from tongdao.trade.shipping.gateway import BadTrace
from tongdao.trade.shipping.kuaidi100 import md5_upper
from tongdao.trade.shipping.models import Parcel, ReturnParcel
from tongdao.trade.shipping.operations.scanning import apply_trace, lock_parcel, lock_return
from tongdao.trade.shipping.traces import read_push

LARGEST_PARAM = 262_144  # characters
SOURCE = "carrier"

Answer = tuple[int, dict[str, object]]

TAKEN: Answer = (200, {"result": True, "returnCode": "200", "message": "成功"})
_STATUS = {
    Verdict.ACCEPTED: 200,
    Verdict.REPEATED: 200,
    Verdict.REPLAYED: 200,
    Verdict.FORGED: 403,
    Verdict.REFUSED: 400,
    Verdict.UNKNOWN: 404,
}


def take_push(token: str, form: Mapping[str, str]) -> Answer:
    """Take one push at `/callbacks/carrier/<token>`; returns the HTTP status and the JSON body to answer.

    `form` holds `param` (JSON text) and `sign`. Anything but a 200 makes the gateway push again later.
    """
    plain = token.isascii() and token.isalnum() and len(token) <= 128
    found = directory.lookup("callback", token) if plain else None
    if found is None:
        return _answer(Verdict.UNKNOWN)  # nobody's: there is no merchant to record it with
    param, sign = form.get("param", ""), form.get("sign", "")
    with merchant_scope(found.merchant_id):
        digest = hashlib.sha256(f"{sign}\n{param[:LARGEST_PARAM]}".encode("utf-8", "replace")).digest()
        verdict = _judge(found.id, param, sign, digest)
        CallbackRecord.objects.create(
            source=SOURCE, verdict=verdict, digest=digest, kind="parcel.push", at=clock.now()
        )
    return _answer(verdict)


def _answer(verdict: Verdict) -> Answer:
    status = _STATUS[verdict]
    if status == TAKEN[0]:
        return TAKEN
    return status, {"result": False, "returnCode": str(status), "message": verdict.value}


def _judge(parcel_id: UUID, param: str, sign: str, digest: bytes) -> Verdict:
    out = Parcel.objects.filter(id=parcel_id).exists()
    if not out and not ReturnParcel.objects.filter(id=parcel_id).exists():
        return Verdict.UNKNOWN
    if not param or not sign or len(param) > LARGEST_PARAM:
        return Verdict.REFUSED
    parcel = lock_parcel(parcel_id) if out else lock_return(parcel_id)
    right = md5_upper(param.encode("utf-8", "replace").decode(), parcel.callback_salt)
    if not hmac.compare_digest(right.encode(), sign.encode("utf-8", "replace")):
        return Verdict.FORGED
    if CallbackRecord.objects.filter(digest=digest, verdict=Verdict.ACCEPTED).exists():
        return Verdict.REPLAYED
    return _take(parcel, param)


def _take(parcel: Parcel | ReturnParcel, param: str) -> Verdict:
    try:
        trace = read_push(param)
    except BadTrace:
        return Verdict.REFUSED
    if (trace.carrier, trace.waybill_no) != (parcel.carrier, parcel.waybill_no) or not parcel.waybill_no:
        return Verdict.UNKNOWN
    return Verdict.ACCEPTED if apply_trace(parcel, trace, actor=CARRIER) else Verdict.REPEATED
