"""Closing an order, and the race with a payer who is just paying it."""

from tongdao.sandboxes.wechatpay import errors, modes, orders, payments
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row, Store


def close(sandbox: Sandbox, merchant: Row, out_trade_no: str) -> None:
    """Close an unpaid order."""
    with sandbox.store.transaction():
        order = orders.find(sandbox.store, merchant["mchid"], out_trade_no)
        if order is None:
            raise errors.order_not_exist()
        if order["state"] == "CLOSED":
            raise errors.order_closed()
        if modes.of(sandbox.store, out_trade_no).close_race != "paid_before_close":
            _close_open(sandbox.store, order)
            return
        payments.pay(sandbox, order, force=True)
    raise errors.order_paid()


def _close_open(store: Store, order: Row) -> None:
    if order["state"] == "SUCCESS":
        raise errors.order_paid()
    sql = "update orders set state = 'CLOSED' where mchid = ? and out_trade_no = ?"
    store.run(sql, order["mchid"], order["out_trade_no"])
