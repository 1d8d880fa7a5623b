"""Notifications: what is written down when something happens, and what is sent of it."""

import json
import secrets
import uuid
from typing import Any

from tongdao.sandboxes.wechatpay import crypto, numbers
from tongdao.sandboxes.wechatpay.modes import Mode
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row
from tongdao.sandboxes.wechatpay.times import now, rfc3339

# "15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h", pay.weixin.qq.com/doc/v3/merchant/4012791861
RETRIES = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
HELD_SECONDS = 60
KINDS = {
    "MCHTRANSFER.BILL.FINISHED": "mch_payment"
}  # the type of what it holds, where its name does not say it


def _when(mode: Mode, at: float, speed: float) -> tuple[str, float]:
    """State and time of the first attempt."""
    if mode.notification == "late":
        return "pending", at + mode.late_seconds
    if mode.notification == "out_of_order":
        return "held", at + HELD_SECONDS / speed
    return ("lost" if mode.notification == "lost" else "pending"), at


def add(sandbox: Sandbox, row: Row, event_type: str, summary: str, plain: dict[str, Any], mode: Mode) -> None:
    """Write a notification down, in the caller's transaction; `row` is the order, refund or transfer."""
    if not row["notify_url"]:
        return
    at = now()
    state, next_at = _when(mode, at, sandbox.speed)
    sandbox.store.insert(
        "notifications",
        id=str(uuid.uuid4()),
        mchid=row["mchid"],
        kind=KINDS.get(event_type, event_type.split(".")[0].lower()),
        event_type=event_type,
        summary=summary,
        out_trade_no=row["out_trade_no"],
        out_refund_no=plain.get("out_refund_no"),
        notify_url=row["notify_url"],
        plaintext=json.dumps(plain, ensure_ascii=False),
        created_at=at,
        next_at=next_at,
        state=state,
        copies=2 if mode.notification == "twice" else 1,
    )
    sandbox.bell.set()


def envelope(notice: Row, apiv3_key: str) -> str:
    """The JSON that is posted: the event, with the resource encrypted for the merchant."""
    nonce = numbers.token(12)
    resource = {
        "original_type": notice["kind"],
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": crypto.encrypt(apiv3_key, nonce, notice["kind"], notice["plaintext"]),
        "associated_data": notice["kind"],
        "nonce": nonce,
    }
    event = {
        "id": notice["id"],
        "create_time": rfc3339(notice["created_at"]),
        "resource_type": "encrypt-resource",
        "event_type": notice["event_type"],
        "summary": notice["summary"],
        "resource": resource,
    }
    return json.dumps(event, ensure_ascii=False)


def signed_headers(sandbox: Sandbox, serial: str, body: str) -> dict[str, str]:
    """The Wechatpay-* headers of an answer or a notification."""
    timestamp, nonce = str(int(now())), secrets.token_hex(16)
    key = sandbox.platform.key_for(serial)
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature-Type": crypto.SCHEME,
        "Wechatpay-Signature": crypto.sign(key, crypto.answer_message(timestamp, nonce, body)),
    }
