"""How the sandbox behaves at will: a default, overridden per order, overridden per refund.

A mode is a JSON object; every key may be left out:

- `notification`: `normal`, `late` (by `late_seconds`), `twice`, `lost` or `out_of_order` (kept back until
  another notification of the same merchant has been delivered, or a minute of schedule has passed),
- `refund_outcome`: `SUCCESS`, `ABNORMAL` or `CLOSED`; `refund_delay_seconds`: how long a refund stays
  PROCESSING,
- `close_race`: `none`; `paid_before_close`: the payer pays while the close is on its way, which then meets
  ORDERPAID; `paid_after_close`: the close answers 204, and a payer who had the password page open can
  still pay.
"""

import json
from dataclasses import dataclass
from typing import Any

from tongdao.sandboxes.wechatpay.store import Store

_CHOICES = {
    "notification": ("normal", "late", "twice", "lost", "out_of_order"),
    "refund_outcome": ("SUCCESS", "ABNORMAL", "CLOSED"),
    "close_race": ("none", "paid_before_close", "paid_after_close"),
}
_SECONDS = ("late_seconds", "refund_delay_seconds")
SCOPES = ("default", "order", "refund")


@dataclass(frozen=True)
class Mode:
    """The behaviour in force for one order or refund; seconds are not divided by the speed."""

    notification: str = "normal"
    late_seconds: float = 0
    refund_outcome: str = "SUCCESS"
    refund_delay_seconds: float = 2
    close_race: str = "none"


def checked(raw: dict[str, Any]) -> dict[str, Any]:
    """`raw` if it is a mode; ValueError names the key that is not."""
    for key, value in raw.items():
        if key in _SECONDS:
            good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 86400
        else:
            good = value in _CHOICES.get(key, ())
        if not good:
            raise ValueError(f"{key}: {value!r}")
    return raw


def put(store: Store, scope: str, key: str, raw: dict[str, Any]) -> None:
    """Replace the mode of a scope; `key` is an out_trade_no, an out_refund_no, or empty for the default."""
    if scope not in SCOPES:
        raise ValueError(f"scope: {scope!r}")
    text = json.dumps(checked(raw))
    store.run("insert or replace into modes (scope, key, mode) values (?, ?, ?)", scope, key, text)


def _raw(store: Store, scope: str, key: str) -> dict[str, Any]:
    row = store.one("select mode from modes where scope = ? and key = ?", scope, key)
    return {} if row is None else dict(json.loads(row["mode"]))


def of(store: Store, out_trade_no: str, out_refund_no: str | None = None) -> Mode:
    """The mode in force for an order, or for a refund of it."""
    merged = _raw(store, "default", "") | _raw(store, "order", out_trade_no)
    if out_refund_no is not None:
        merged |= _raw(store, "refund", out_refund_no)
    return Mode(**merged)


def listing(store: Store) -> list[dict[str, Any]]:
    """Every mode that was set."""
    rows = store.all("select * from modes order by scope, key")
    return [{"scope": row["scope"], "key": row["key"], "mode": json.loads(row["mode"])} for row in rows]
