"""The payer's side: paying an order."""

from tongdao.sandboxes.wechatpay import errors, modes, notices, numbers, orders
from tongdao.sandboxes.wechatpay.errors import ApiError
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row
from tongdao.sandboxes.wechatpay.times import now


def obstacle(sandbox: Sandbox, order: Row) -> ApiError | None:
    """Why this order cannot be paid any more, if so."""
    if order["state"] == "SUCCESS":
        return errors.order_paid()
    if order["state"] == "CLOSED":
        race = modes.of(sandbox.store, order["out_trade_no"]).close_race
        return None if race == "paid_after_close" else errors.order_closed()
    if order["expires_at"] <= now():
        return errors.invalid_request("订单已过支付结束时间")
    return None


def pay(sandbox: Sandbox, order: Row, force: bool = False) -> Row:
    """Pay the order once; paying a paid order gives it back. `force` pays a closed or expired one too."""
    key = (order["mchid"], order["out_trade_no"])
    with sandbox.store.transaction():
        current = orders.find(sandbox.store, *key)
        assert current is not None
        if current["state"] == "SUCCESS":
            return current
        why = obstacle(sandbox, current)
        if why is not None and not force:
            raise why
        return _capture(sandbox, current)


def _capture(sandbox: Sandbox, order: Row) -> Row:
    at = now()
    key = (order["mchid"], order["out_trade_no"])
    sandbox.store.run(
        "update orders set state = 'SUCCESS', transaction_id = ?, paid_at = ?, openid = ?"
        " where mchid = ? and out_trade_no = ?",
        numbers.transaction_id(at),
        at,
        order["openid"] or numbers.openid(),
        *key,
    )
    paid = orders.find(sandbox.store, *key)
    assert paid is not None
    plain = orders.view(sandbox.store, paid)
    mode = modes.of(sandbox.store, order["out_trade_no"])
    notices.add(sandbox, paid, "TRANSACTION.SUCCESS", "支付成功", plain, mode)
    return paid
