"""Who is asking: verification of the Authorization header.

Source: pay.weixin.qq.com/doc/v3/merchant/4012365342; requests more than five minutes off are refused.
"""

import re
import sqlite3
from typing import Any

from tongdao.sandboxes.wechatpay import crypto, merchants
from tongdao.sandboxes.wechatpay.errors import sign_error
from tongdao.sandboxes.wechatpay.messages import Request
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row, Store
from tongdao.sandboxes.wechatpay.times import now

MOST_SKEW_SECONDS = 300
_PART = re.compile(r'([a-z_]+)="([^"]*)"')
_PARTS = ("mchid", "nonce_str", "signature", "timestamp", "serial_no")


def _parts(header: str) -> dict[str, str]:
    scheme, _, rest = header.partition(" ")
    if scheme != crypto.SCHEME:
        raise sign_error("Http头Authorization认证类型不正确")
    parts = dict(_PART.findall(rest))
    if any(not parts.get(name) for name in _PARTS):
        raise sign_error("Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
    return parts


def _merchant(store: Store, parts: dict[str, str]) -> Row:
    merchant = merchants.find(store, parts["mchid"])
    if merchant is None:
        raise sign_error("商户号不存在")
    if merchant["cert_serial_no"] != parts["serial_no"].upper():
        raise sign_error("商户证书序列号有误。请使用签名私钥匹配的证书序列号")
    return merchant


def _check_time(timestamp: str) -> None:
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(now() - int(timestamp)) > MOST_SKEW_SECONDS:
        raise sign_error("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")


def _mismatch(request: Request, message: bytes) -> dict[str, Any]:
    text = message.decode(errors="replace")
    shown = {"method": request.method, "url": request.target, "sign_message_length": len(message)}
    return {
        "detail": {"issue": "sign not match"},
        "field": "signature",
        "location": "authorization",
        "sign_information": shown | {"truncated_sign_message": text[:100]},
    }


def _use_nonce(store: Store, mchid: str, nonce: str) -> None:
    """Remember a nonce as long as its timestamp may be good; one seen before is a replay."""
    store.run("delete from nonces where at < ?", now() - 3 * MOST_SKEW_SECONDS)
    try:
        store.insert("nonces", mchid=mchid, nonce=nonce, at=now())
    except sqlite3.IntegrityError:
        raise sign_error("请求重放：nonce_str已被使用") from None


def authenticate(sandbox: Sandbox, request: Request) -> Row:
    """The merchant that signed this request; SIGN_ERROR otherwise."""
    parts = _parts(request.headers.get("Authorization", ""))
    merchant = _merchant(sandbox.store, parts)
    _check_time(parts["timestamp"])
    body = request.body.decode(errors="replace")
    message = crypto.request_message(
        request.method, request.target, parts["timestamp"], parts["nonce_str"], body
    )
    if not crypto.verify(crypto.load_public(merchant["public_key"]), message, parts["signature"]):
        raise sign_error("错误的签名，验签失败", _mismatch(request, message))
    _use_nonce(sandbox.store, merchant["mchid"], parts["nonce_str"])
    return merchant
