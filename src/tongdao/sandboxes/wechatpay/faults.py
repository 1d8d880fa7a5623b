"""Answers that go wrong at will, each a set number of times.

`operation` is one of OPERATIONS or `*`; `key` is the number of what it is for, or `*`. Kinds:

- `SYSTEM_ERROR` (500) and `FREQUENCY_LIMITED` (429): refused without effect,
- `SYSTEM_ERROR_AFTER`: 500, although the effect has happened,
- `LOST_BEFORE` and `LOST_AFTER`: the connection is dropped before, or after, the effect is committed,
- `SLOW`: answered well, after `seconds`.
"""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from tongdao.sandboxes.wechatpay.errors import ApiError
from tongdao.sandboxes.wechatpay.store import Row, Store

OPERATIONS = (
    *("certificates", "prepay", "query", "close", "refund", "query_refund"),
    *("transfer", "query_transfer", "cancel_transfer"),
)
KINDS = ("SYSTEM_ERROR", "FREQUENCY_LIMITED", "SYSTEM_ERROR_AFTER", "LOST_BEFORE", "LOST_AFTER", "SLOW")

Answered = TypeVar("Answered")


class Dropped(Exception):
    """The answer is to be lost: drop the connection."""


def system_error() -> ApiError:
    """500, to be retried with the same request."""
    return ApiError(500, "SYSTEM_ERROR", "系统异常，请稍后重试")


def frequency_limited() -> ApiError:
    """429, to be retried more slowly."""
    return ApiError(429, "FREQUENCY_LIMITED", "频率超限，请降低请求接口频率")


def add(store: Store, operation: str, key: str, kind: str, seconds: float, times: int) -> None:
    """Arm a fault; ValueError if it is not one."""
    if operation not in (*OPERATIONS, "*") or kind not in KINDS or times < 1 or not 0 <= seconds <= 600:
        raise ValueError(f"fault: {operation!r} {kind!r} {seconds!r} {times!r}")
    store.insert("faults", operation=operation, key=key, kind=kind, seconds=seconds, remaining=times)


def _take(store: Store, operation: str, keys: Sequence[str]) -> Row | None:
    marks = ", ".join("?" * (len(keys) + 1))
    sql = (
        f"select * from faults where operation in (?, '*') and key in ({marks}) and remaining > 0 order by id"  # noqa: S608 (marks only)
    )
    with store.transaction():
        fault = store.one(sql, operation, *keys, "*")
        if fault is not None:
            store.run("update faults set remaining = remaining - 1 where id = ?", fault["id"])
    return fault


def under(store: Store, operation: str, keys: Sequence[str], work: Callable[[], Answered]) -> Answered:
    """Do `work`, with whatever fault is armed for it."""
    fault = _take(store, operation, keys)
    kind = None if fault is None else fault["kind"]
    if kind == "SYSTEM_ERROR":
        raise system_error()
    if kind == "FREQUENCY_LIMITED":
        raise frequency_limited()
    if kind == "LOST_BEFORE":
        raise Dropped
    if fault is not None and kind == "SLOW":
        time.sleep(fault["seconds"])
    result = work()
    if kind == "SYSTEM_ERROR_AFTER":
        raise system_error()
    if kind == "LOST_AFTER":
        raise Dropped
    return result
