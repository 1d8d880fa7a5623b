"""Reading request bodies: each reader returns a value of the right form or raises PARAM_ERROR.

A pointer such as `/amount/total` names a field, as WeChat Pay's own messages do.
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from tongdao.sandboxes.wechatpay.errors import ApiError, param_error
from tongdao.sandboxes.wechatpay.times import parse_rfc3339

Body = dict[str, Any]


def parse(raw: bytes) -> Body:
    """The JSON object of a request."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ApiError(400, "PARAM_ERROR", "请求包体不是合法的JSON对象")
    return body


def _at(body: Body, pointer: str) -> object:
    value: object = body
    for step in pointer.strip("/").split("/"):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _missing(pointer: str) -> ApiError:
    return param_error(pointer, f"输入源“/body{pointer}”必填性规则校验失败，此字段为必填项")


def _malformed(pointer: str, value: object) -> ApiError:
    return param_error(pointer, f"输入源“/body{pointer}”格式校验失败", value)


def text(body: Body, pointer: str, longest: int, pattern: str = r"(?s).+") -> str:
    """A required string of 1 to `longest` characters."""
    value = _at(body, pointer)
    if value is None or value == "":
        raise _missing(pointer)
    good = isinstance(value, str) and len(value) <= longest and re.fullmatch(pattern, value)
    if not isinstance(value, str) or not good or re.search("[\ud800-\udfff]", value):
        raise _malformed(pointer, value)
    return value


def optional_text(body: Body, pointer: str, longest: int) -> str:
    """A string that may be absent; then empty."""
    return "" if _at(body, pointer) in (None, "") else text(body, pointer, longest)


def fen(body: Body, pointer: str) -> int:
    """A required whole number of fen, at least 1."""
    value = _at(body, pointer)
    if value is None:
        raise _missing(pointer)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 10_000_000_000:
        raise _malformed(pointer, value)
    return value


def currency(body: Body, pointer: str) -> str:
    """CNY, which is also what absence means."""
    value = _at(body, pointer)
    if value not in (None, "CNY"):
        raise _malformed(pointer, value)
    return "CNY"


def moment(body: Body, pointer: str) -> float | None:
    """An optional RFC 3339 time, in epoch seconds."""
    value = optional_text(body, pointer, 64)
    try:
        return parse_rfc3339(value) if value else None
    except ValueError:
        raise _malformed(pointer, value) from None


def notify_url(body: Body, required: bool) -> str:
    """An http(s) URL without a query ("不能携带参数")."""
    value = text(body, "/notify_url", 255) if required else optional_text(body, "/notify_url", 255)
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and "?" not in value
    except ValueError:
        good = False
    if value and not good:
        raise _malformed("/notify_url", value)
    return value
