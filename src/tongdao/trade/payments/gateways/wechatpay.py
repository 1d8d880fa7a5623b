"""WeChat Pay API v3 through the library `wechatpayv3`, against the real gateway or the sandbox.

The library checks no callback timestamp and no nonce: trade.payments.callbacks does.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import requests
from wechatpayv3 import WeChatPay, WeChatPayType

from tongdao.foundation.clock import BEIJING
from tongdao.foundation.ids import token
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import assert_outside_scope
from tongdao.trade.payments.gateways.port import (
    BadCallback,
    Credentials,
    Gateway,
    GatewayDown,
    GatewayRefused,
    PaidNotice,
    PayTerms,
    RefundNotice,
    RefundTerms,
    TransferNotice,
    TransferTerms,
)

TIMEOUT = (3.05, 10)  # seconds to connect, to read
BUSY = frozenset(("SYSTEM_ERROR", "SYSTEMERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "BANK_ERROR"))
GONE = frozenset(("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS", "NOT_FOUND"))
PAID = frozenset(("ORDERPAID", "ORDER_PAID"))
CLOSED = frozenset(("ORDER_CLOSED", "ORDERCLOSED"))
PAY_TYPES = {
    "jsapi": WeChatPayType.JSAPI,
    "h5": WeChatPayType.H5,
    "native": WeChatPayType.NATIVE,
}
TRADE_STATES: dict[str, Literal["paid", "open", "closed", "unknown"]] = {
    "SUCCESS": "paid",
    "REFUND": "paid",
    "NOTPAY": "open",
    "USERPAYING": "open",
    "PAYERROR": "open",
    "CLOSED": "closed",
    "REVOKED": "closed",
}
REFUND_STATES: dict[str, Literal["accepted", "succeeded", "failed", "unknown"]] = {
    "PROCESSING": "accepted",
    "SUCCESS": "succeeded",
    "CLOSED": "failed",
    "ABNORMAL": "failed",
}


TRANSFER_STATES: dict[str, Literal["accepted", "waiting", "paid", "failed", "cancelled", "unknown"]] = {
    "ACCEPTED": "accepted",
    "PROCESSING": "accepted",
    "TRANSFERING": "accepted",
    "CANCELING": "accepted",
    "WAIT_USER_CONFIRM": "waiting",
    "SUCCESS": "paid",
    "FAIL": "failed",
    "CANCELLED": "cancelled",
}


class WechatPayGateway:
    """One merchant account's client."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._client = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=credentials.mchid,
            private_key=credentials.private_key,
            cert_serial_no=credentials.certificate_serial,
            apiv3_key=credentials.api_v3_key,
            appid=credentials.appid,
            notify_url=None,
            timeout=TIMEOUT,
            public_key=credentials.platform_public_key,
            public_key_id=credentials.platform_key_id,
        )
        self._client._core._gate_way = credentials.gateway_url

    def open(self, terms: PayTerms) -> Mapping[str, Any]:
        scene = {"payer_client_ip": terms.client_ip, "h5_info": {"type": "Wap"}}
        return self._call(
            self._client.pay,
            description=terms.description,
            out_trade_no=terms.trade_no,
            amount={"total": terms.amount_fen, "currency": "CNY"},
            time_expire=terms.expires_at.astimezone(BEIJING).isoformat(timespec="seconds"),
            notify_url=terms.notify_url,
            payer={"openid": terms.payer} if terms.payer else None,
            scene_info=scene if terms.product == "h5" else None,
            pay_type=PAY_TYPES[terms.product],
        )

    def query(self, trade_no: str) -> PaidNotice:
        try:
            return read_payment(self._call(self._client.query, out_trade_no=trade_no))
        except GatewayRefused as refused:
            if refused.code in GONE:
                return PaidNotice(trade_no, "unknown")
            raise

    def close(self, trade_no: str) -> Literal["closed", "paid"]:
        try:
            self._call(self._client.close, out_trade_no=trade_no)
        except GatewayRefused as refused:
            if refused.code in PAID:
                return "paid"
            if refused.code not in GONE | CLOSED:
                raise
        return "closed"

    def refund(self, terms: RefundTerms) -> RefundNotice:
        answer = self._call(
            self._client.refund,
            out_refund_no=terms.refund_no,
            out_trade_no=terms.trade_no,
            amount={"refund": terms.amount_fen, "total": terms.total_fen, "currency": "CNY"},
            notify_url=terms.notify_url,
        )
        return read_refund(answer)

    def query_refund(self, refund_no: str) -> RefundNotice:
        try:
            return read_refund(self._call(self._client.query_refund, out_refund_no=refund_no))
        except GatewayRefused as refused:
            if refused.code in GONE:
                return RefundNotice(refund_no, "unknown")
            raise

    def transfer(self, terms: TransferTerms) -> TransferNotice:
        answer = self._call(
            self._client.mch_transfer_bills,
            out_bill_no=terms.bill_no,
            transfer_scene_id=terms.scene,
            openid=terms.payee,
            transfer_amount=terms.amount_fen,
            transfer_remark=terms.remark,
            user_name=terms.name or None,
            transfer_scene_report_infos=[
                {"info_type": kind, "info_content": content} for kind, content in terms.reports
            ],
            notify_url=terms.notify_url,
        )
        return read_transfer(answer)

    def query_transfer(self, bill_no: str) -> TransferNotice:
        try:
            return read_transfer(self._call(self._client.mch_transfer_bills_query, out_bill_no=bill_no))
        except GatewayRefused as refused:
            if refused.code in GONE:
                return TransferNotice(bill_no, "unknown")
            raise

    def cancel_transfer(self, bill_no: str) -> TransferNotice:
        return read_transfer(self._call(self._client.mch_transfer_bills_cancel, out_bill_no=bill_no))

    def read(self, headers: Mapping[str, str], body: str) -> PaidNotice | RefundNotice | TransferNotice:
        # The library raises bare exceptions on malformed input; each of them means "not the channel's".
        try:
            message = self._client.callback(dict(headers), body)
        except Exception as error:
            raise BadCallback(type(error).__name__) from error
        if not isinstance(message, dict) or not isinstance(message.get("resource"), dict):
            raise BadCallback("signature")
        resource = message["resource"]
        if "out_refund_no" in resource:
            return read_refund({**resource, "status": resource.get("refund_status")})
        if "out_bill_no" in resource:
            return read_transfer(resource)
        return read_payment(resource)

    def jsapi_parameters(self, prepay_id: str) -> Mapping[str, str]:
        stamp, nonce, package = str(int(time.time())), token(32), f"prepay_id={prepay_id}"
        signature = self._client.sign([self._credentials.appid, stamp, nonce, package])
        return {
            "appId": self._credentials.appid,
            "timeStamp": stamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": signature,
        }

    def _call(self, method: Any, **arguments: Any) -> Mapping[str, Any]:
        """Call the library; raises GatewayDown or GatewayRefused."""
        assert_outside_scope()
        try:
            status, text = method(**arguments)
        except requests.RequestException as error:
            raise GatewayDown(type(error).__name__) from error
        except Exception as error:
            # The library's bare one: the answer's signature does not verify, so nobody knows whose it is.
            raise GatewayDown("unverified") from error
        answer = _parse(text)
        if 200 <= status < 300:
            return answer
        code = str(answer.get("code", status))
        if status >= 500 or status == 429 or code in BUSY:
            raise GatewayDown(code)
        raise GatewayRefused(code, str(answer.get("message", "")))


def _parse(text: str | bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(text or "{}")
    except ValueError as error:
        raise GatewayDown("not JSON") from error
    if not isinstance(answer, dict):
        raise GatewayDown("not an object")
    return answer


def read_payment(answer: Mapping[str, Any]) -> PaidNotice:
    """A transaction object of the protocol in our words."""
    state = TRADE_STATES.get(str(answer.get("trade_state")), "unknown")
    paid = state == "paid"
    return PaidNotice(
        trade_no=str(answer["out_trade_no"]),
        state=state,
        channel_no=str(answer.get("transaction_id") or ""),
        amount_fen=Fen(int(answer["amount"]["total"])) if paid else None,
        paid_at=datetime.fromisoformat(answer["success_time"]) if paid else None,
    )


def read_refund(answer: Mapping[str, Any]) -> RefundNotice:
    """A refund object of the protocol in our words."""
    amount = (answer.get("amount") or {}).get("refund")
    return RefundNotice(
        refund_no=str(answer["out_refund_no"]),
        state=REFUND_STATES.get(str(answer.get("status")), "unknown"),
        channel_no=str(answer.get("refund_id") or ""),
        amount_fen=None if amount is None else Fen(int(amount)),
        closed=answer.get("status") == "CLOSED",
    )


def read_transfer(answer: Mapping[str, Any]) -> TransferNotice:
    """A transfer bill of the protocol in our words."""
    amount = answer.get("transfer_amount")
    return TransferNotice(
        bill_no=str(answer["out_bill_no"]),
        state=TRANSFER_STATES.get(str(answer.get("state")), "unknown"),
        channel_no=str(answer.get("transfer_bill_no") or ""),
        amount_fen=None if amount is None else Fen(int(amount)),
        package=str(answer.get("package_info") or ""),
        reason=str(answer.get("fail_reason") or ""),
    )


@lru_cache(maxsize=256)
def gateway_for(credentials: Credentials) -> Gateway:
    """The client of a merchant account; parsing its keys costs milliseconds, so clients are kept."""
    return WechatPayGateway(credentials)
