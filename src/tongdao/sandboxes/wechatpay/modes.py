"""How the sandbox behaves at will: a default, overridden per order or transfer, overridden per refund.

A mode is a JSON object; every key may be left out:

- `notification`: `normal`, `late` (by `late_seconds`), `twice`, `lost` or `out_of_order` (kept back until
  another notification of the same merchant has been delivered, or a minute of schedule has passed),
- `refund_outcome`: `SUCCESS`, `ABNORMAL` or `CLOSED`; `refund_delay_seconds`: how long a refund stays
  PROCESSING,
- `transfer_start`: the state in which a transfer begins, `WAIT_USER_CONFIRM`, `ACCEPTED` (it waits for its
  payee after `transfer_delay_seconds`) or `PROCESSING` (it stays there until it is over),
- `transfer_outcome`: `SUCCESS` or `FAIL` (with `transfer_fail_reason`) once its payee has confirmed;
  `transfer_life_seconds`: how long the payee may take; `transfer_most_fen`: the limit of one transfer;
  `transfer_balance`: `enough` or `short`,
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
    "transfer_start": ("WAIT_USER_CONFIRM", "ACCEPTED", "PROCESSING"),
    "transfer_outcome": ("SUCCESS", "FAIL"),
    "transfer_fail_reason": ("ACCOUNT_FROZEN", "REAL_NAME_CHECK_FAIL", "NAME_NOT_CORRECT", "OPENID_INVALID"),
    "transfer_balance": ("enough", "short"),
    "close_race": ("none", "paid_before_close", "paid_after_close"),
}
_NUMBERS = {
    "late_seconds": 86_400,
    "refund_delay_seconds": 86_400,
    "transfer_delay_seconds": 86_400,
    "transfer_life_seconds": 7 * 86_400,
    "transfer_most_fen": 10_000_000,
}
SCOPES = ("default", "order", "refund", "transfer")


@dataclass(frozen=True)
class Mode:
    """The behaviour in force for one order, refund or transfer; seconds are not divided by the speed."""

    notification: str = "normal"
    late_seconds: float = 0
    refund_outcome: str = "SUCCESS"
    refund_delay_seconds: float = 2
    close_race: str = "none"
    transfer_start: str = "WAIT_USER_CONFIRM"
    transfer_delay_seconds: float = 2
    transfer_life_seconds: float = 86_400
    transfer_outcome: str = "SUCCESS"
    transfer_fail_reason: str = "ACCOUNT_FROZEN"
    transfer_most_fen: int = 20_000
    transfer_balance: str = "enough"


def checked(raw: dict[str, Any]) -> dict[str, Any]:
    """`raw` if it is a mode; ValueError names the key that is not."""
    for key, value in raw.items():
        if key in _NUMBERS:
            most, number = _NUMBERS[key], isinstance(value, int | float) and not isinstance(value, bool)
            good = number and 0 <= value <= most
        else:
            good = value in _CHOICES.get(key, ())
        if not good:
            raise ValueError(f"{key}: {value!r}")
    return raw


def put(store: Store, scope: str, key: str, raw: dict[str, Any]) -> None:
    """Replace the mode of a scope; `key` is the number of what it is for, or empty for the default."""
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


def of_transfer(store: Store, out_bill_no: str) -> Mode:
    """The mode in force for a transfer."""
    return Mode(**(_raw(store, "default", "") | _raw(store, "transfer", out_bill_no)))


def listing(store: Store) -> list[dict[str, Any]]:
    """Every mode that was set."""
    rows = store.all("select * from modes order by scope, key")
    return [{"scope": row["scope"], "key": row["key"], "mode": json.loads(row["mode"])} for row in rows]
