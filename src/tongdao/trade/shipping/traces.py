"""Reading what Kuaidi100 tells of a parcel, in a push or an answer. It is bounded and never trusted."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from tongdao.foundation.clock import BEIJING
from tongdao.trade.shipping.carriers import status_of
from tongdao.trade.shipping.gateway import BadTrace, Scan, Trace

MOST_SCANS = 300
TEXT_SHOWN = 500
AREA_SHOWN = 120


def read_push(text: str) -> Trace:
    """The trace of a push's `param`. Raises BadTrace."""
    return read_result(_mapping(_parsed(text)).get("lastResult"))


def read_result(result: object) -> Trace:
    """The trace of a query's answer, or of `lastResult`. Raises BadTrace."""
    fields = _mapping(result)
    lines = fields.get("data")
    if not isinstance(lines, list) or len(lines) > MOST_SCANS:
        raise BadTrace("data")
    return Trace(
        _text(fields, "com", 24), _text(fields, "nu", 40), tuple(_scan(_mapping(line)) for line in lines)
    )


def fingerprint(scan: Scan) -> bytes:
    """SHA-256 over what makes a scan the same scan when it is told again."""
    told = f"{scan.at.isoformat()}\x1f{scan.status}\x1f{scan.text}"
    return hashlib.sha256(told.encode()).digest()


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadTrace("not JSON") from None


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadTrace("not an object")
    return value


def _text(fields: dict[str, Any], name: str, longest: int) -> str:
    """A text without the characters that PostgreSQL cannot store."""
    value = fields.get(name) or ""
    if not isinstance(value, str):
        raise BadTrace(name)
    return value.replace("\x00", "").encode("utf-8", "replace").decode()[:longest]


def _scan(line: dict[str, Any]) -> Scan:
    said = _text(line, "ftime", 19) or _text(line, "time", 19)
    try:
        at = datetime.strptime(said, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    except ValueError:
        raise BadTrace("time") from None
    if not 2000 <= at.year < 2200:
        raise BadTrace("time")
    status = status_of(_text(line, "statusCode", 8))
    return Scan(status, _text(line, "context", TEXT_SHOWN), _text(line, "areaName", AREA_SHOWN), at)
