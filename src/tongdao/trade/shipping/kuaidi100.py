"""A client of Kuaidi100 (快递100): electronic waybills, following, asking.

Source: the public documentation at api.kuaidi100.com (electronic waybill V2, push, real-time query). The
protocol prescribes MD5 in capitals for its signatures. Forms in UTF-8; `param` is signed exactly as sent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import httpx

from tongdao.foundation.clock import now
from tongdao.foundation.tenancy import assert_outside_scope
from tongdao.trade.shipping.gateway import (
    Access,
    BadTrace,
    GatewayDown,
    GatewayRefused,
    Party,
    Trace,
    Watch,
    Waybill,
    WaybillRequest,
)
from tongdao.trade.shipping.traces import read_result

TIMEOUT = httpx.Timeout(10.0, connect=3.0)
LARGEST_ANSWER = 1_000_000  # bytes
FINE_CODES = "4"  # resultv2: fine status codes and areas
CARGO = "商品"  # what is printed as the contents: no carrier learns what somebody bought

_OUR_FAULT = frozenset({"503", "600", "601"})  # signature, key, account used up
_QUERY_OUR_FAULT = frozenset({"400", "503", "600", "601"})
_LABEL_HOST = {"https://poll.kuaidi100.com": "https://api.kuaidi100.com"}  # the real one has two hosts


def md5_upper(*parts: str) -> str:
    """The protocol's signature over the UTF-8 of all parts."""
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest().upper()


class Kuaidi100Gateway:
    """Implements CarrierGateway for one merchant's account."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._base = access.url.rstrip("/")

    def book_waybill(self, request: WaybillRequest) -> Waybill:
        """POST /label/order, method order. A number of 6 to 32 characters."""
        data = self._label("order", _order(request, self._access))
        number = _told(data, "kuaidinum", 40)
        if len(number) < 6:
            raise GatewayDown("an answer without a waybill number")
        return Waybill(number, _told(data, "kdComOrderNum", 64), _told(data, "bulkpen", 64))

    def cancel_waybill(self, carrier: str, waybill: Waybill) -> None:
        """POST /label/order, method cancel."""
        self._label(
            "cancel",
            _json(
                {
                    "partnerId": self._access.partner_id,
                    "kuaidicom": carrier,
                    "kuaidinum": waybill.number,
                    "orderId": waybill.order_no,
                }
            ),
        )

    def _label(self, method: str, param: str) -> dict[str, Any]:
        """What the answer's `data` holds."""
        access, stamp = self._access, str(int(now().timestamp() * 1000))
        sign = md5_upper(param, stamp, access.key, access.secret)
        form = {"method": method, "key": access.key, "t": stamp, "sign": sign, "param": param}
        answer = _post(f"{_LABEL_HOST.get(self._base, self._base)}/label/order", form)
        code = str(answer.get("code", ""))
        if code != "200":
            raise _refusal(code, _OUR_FAULT)
        data = answer.get("data")
        return data if isinstance(data, dict) else {}

    def subscribe(self, watch: Watch, callback_url: str, salt: str) -> None:
        """POST /poll. Being subscribed already (501) is well."""
        parameters = {
            "callbackurl": callback_url,
            "salt": salt,
            "resultv2": FINE_CODES,
            "phone": watch.phone,
        }
        param = _json(
            {
                "company": watch.carrier,
                "number": watch.waybill_no,
                "key": self._access.key,
                "parameters": parameters,
            }
        )
        answer = _post(f"{self._base}/poll", {"schema": "json", "param": param})
        code = str(answer.get("returnCode", ""))
        if code not in ("200", "501"):
            raise _refusal(code, _OUR_FAULT)

    def query(self, watch: Watch) -> Trace | None:
        """POST /poll/query.do. Code 500 there means that nothing is known yet."""
        access = self._access
        param = _json(
            {"com": watch.carrier, "num": watch.waybill_no, "phone": watch.phone, "resultv2": FINE_CODES}
        )
        form = {
            "customer": access.customer,
            "sign": md5_upper(param, access.key, access.customer),
            "param": param,
        }
        answer = _post(f"{self._base}/poll/query.do", form)
        if "returnCode" in answer:
            code = str(answer["returnCode"])
            if code == "500":
                return None
            raise _refusal(code, _QUERY_OUR_FAULT)
        try:
            return read_result(answer)
        except BadTrace as error:
            raise GatewayDown("a trace that cannot be read") from error


def _told(data: Mapping[str, Any], name: str, longest: int) -> str:
    """A text of the answer, or nothing; one that is too long is none of ours."""
    value = data.get(name)
    return value if isinstance(value, str) and len(value) <= longest and "\x00" not in value else ""


def _refusal(code: str, our_fault: frozenset[str]) -> GatewayDown | GatewayRefused:
    """What to raise for a code other than success; a server's error says nothing about the parcel."""
    if code in ("", "500") or not code.isascii() or not code.isalnum():
        return GatewayDown(f"code {code[:16]!r}")
    return GatewayRefused(code[:16].lower(), ours=code in our_fault)


def _order(request: WaybillRequest, access: Access) -> str:
    return _json(
        {
            "orderId": request.reference,
            "partnerId": access.partner_id,
            "kuaidicom": request.carrier,
            "recMan": _party(request.receiver),
            "sendMan": _party(request.sender),
            "cargo": CARGO,
            "count": 1,
            "payType": "MONTHLY",
            "printType": "HTML",
        }
    )


def _party(party: Party) -> dict[str, str]:
    return {"name": party.name, "mobile": party.phone, "printAddr": party.address}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _post(url: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The answer's JSON object. Raises GatewayDown, ScopeNested."""
    assert_outside_scope()
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, data=form) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise GatewayDown(f"HTTP {response.status_code}")
            text = _bounded(response)
        answer = json.loads(text)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise GatewayDown(type(error).__name__) from error
    except (ValueError, RecursionError) as error:
        raise GatewayDown("not JSON") from error
    if not isinstance(answer, dict):
        raise GatewayDown("not a JSON object")
    return answer


def _bounded(response: httpx.Response) -> bytes:
    found = bytearray()
    for chunk in response.iter_bytes():
        found += chunk
        if len(found) > LARGEST_ANSWER:
            raise GatewayDown("an answer too large")
    return bytes(found)
