"""Refunds: accepted at once, settled later, never more in sum than was paid."""

import json
from typing import Any

from tongdao.sandboxes.wechatpay import errors, fields, modes, notices, numbers, orders
from tongdao.sandboxes.wechatpay.fields import Body
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row, Store
from tongdao.sandboxes.wechatpay.times import now, rfc3339

NUMBER = r"[0-9A-Za-z_\-|*@]{1,64}"
MOST_REFUNDS = 50
OUTCOMES = {"SUCCESS": "退款成功", "ABNORMAL": "退款异常", "CLOSED": "退款关闭"}
_ACCOUNT = "支付用户零钱"


def _terms(body: Body) -> dict[str, Any]:
    terms = {
        "transaction_id": fields.optional_text(body, "/transaction_id", 32),
        "out_trade_no": fields.optional_text(body, "/out_trade_no", 32),
        "out_refund_no": fields.text(body, "/out_refund_no", 64, NUMBER),
        "reason": fields.optional_text(body, "/reason", 80),
        "notify_url": fields.notify_url(body, required=False),
        "refund": fields.fen(body, "/amount/refund"),
        "total": fields.fen(body, "/amount/total"),
        "currency": fields.currency(body, "/amount/currency"),
    }
    if not terms["transaction_id"] and not terms["out_trade_no"]:
        raise errors.param_error("/transaction_id", "transaction_id和out_trade_no不能同时为空")
    return terms


def find(store: Store, mchid: str, out_refund_no: str) -> Row | None:
    """The merchant's refund of that number."""
    return store.one("select * from refunds where mchid = ? and out_refund_no = ?", mchid, out_refund_no)


def _order_of(store: Store, mchid: str, terms: dict[str, Any]) -> Row:
    if terms["transaction_id"]:
        sql = "select * from orders where mchid = ? and transaction_id = ?"
        order = store.one(sql, mchid, terms["transaction_id"])
    else:
        order = orders.find(store, mchid, terms["out_trade_no"])
    if order is None:
        raise errors.resource_not_exists("订单不存在")
    if order["state"] != "SUCCESS":
        raise errors.invalid_request("订单未支付，不能退款")
    return order


def _check_room(store: Store, order: Row, terms: dict[str, Any]) -> None:
    if terms["total"] != order["total"]:
        raise errors.invalid_request("订单金额或退款金额与之前请求不一致，请核实后再试")
    sql = "select coalesce(sum(refund), 0) as taken, count(*) as many from refunds"
    sql += " where mchid = ? and out_trade_no = ? and status <> 'CLOSED'"
    before = store.one(sql, order["mchid"], order["out_trade_no"])
    assert before is not None
    if before["taken"] + terms["refund"] > order["total"]:
        raise errors.invalid_request("申请退款金额大于订单剩余可退金额")
    if before["many"] >= MOST_REFUNDS:
        raise errors.invalid_request("该订单的退款次数已达上限")


def _insert(store: Store, order: Row, terms: dict[str, Any]) -> None:
    at = now()
    mode = modes.of(store, order["out_trade_no"], terms["out_refund_no"])
    store.insert(
        "refunds",
        mchid=order["mchid"],
        out_refund_no=terms["out_refund_no"],
        out_trade_no=order["out_trade_no"],
        refund_id=numbers.refund_id(at),
        transaction_id=order["transaction_id"],
        refund=terms["refund"],
        total=terms["total"],
        terms=json.dumps(terms, sort_keys=True),
        notify_url=terms["notify_url"],
        status="PROCESSING",
        outcome=mode.refund_outcome,
        created_at=at,
        due_at=at + mode.refund_delay_seconds,
    )


def ask(sandbox: Sandbox, merchant: Row, body: Body) -> Row:
    """Accept a refund, or give back the same one asked for before."""
    terms = _terms(body)
    store, mchid = sandbox.store, merchant["mchid"]
    with store.transaction():
        refund = find(store, mchid, terms["out_refund_no"])
        if refund is None:
            order = _order_of(store, mchid, terms)
            _check_room(store, order, terms)
            _insert(store, order, terms)
            refund = find(store, mchid, terms["out_refund_no"])
        elif json.loads(refund["terms"]) != terms:
            raise errors.invalid_request("订单金额或退款金额与之前请求不一致，请核实后再试")
    assert refund is not None
    sandbox.bell.set()
    return refund


def _amount(refund: Row) -> dict[str, Any]:
    total, part = refund["total"], refund["refund"]
    return {"total": total, "refund": part, "payer_total": total, "payer_refund": part}


def view(refund: Row) -> dict[str, Any]:
    """The refund as the API answers it."""
    total, part = refund["total"], refund["refund"]
    more = {"settlement_total": total, "settlement_refund": part, "discount_refund": 0, "currency": "CNY"}
    answer: dict[str, Any] = {
        "refund_id": refund["refund_id"],
        "out_refund_no": refund["out_refund_no"],
        "transaction_id": refund["transaction_id"],
        "out_trade_no": refund["out_trade_no"],
        "channel": "ORIGINAL",
        "user_received_account": _ACCOUNT,
        "create_time": rfc3339(refund["created_at"]),
        "status": refund["status"],
        "funds_account": "UNSETTLED",
        "amount": _amount(refund) | more | {"from": []},
        "promotion_detail": [],
    }
    if refund["success_at"] is not None:
        answer["success_time"] = rfc3339(refund["success_at"])
    return answer


def _plain(refund: Row) -> dict[str, Any]:
    plain = {
        "mchid": refund["mchid"],
        "out_trade_no": refund["out_trade_no"],
        "transaction_id": refund["transaction_id"],
        "out_refund_no": refund["out_refund_no"],
        "refund_id": refund["refund_id"],
        "refund_status": refund["status"],
        "user_received_account": _ACCOUNT,
        "amount": _amount(refund),
    }
    return plain | ({} if refund["success_at"] is None else {"success_time": rfc3339(refund["success_at"])})


def settle(sandbox: Sandbox, refund: Row, outcome: str) -> Row:
    """Give the refund its outcome and write the notification down; one already so is left alone."""
    store, key = sandbox.store, (refund["mchid"], refund["out_refund_no"])
    success_at = now() if outcome == "SUCCESS" else None
    with store.transaction():
        sql = "update refunds set status = ?, success_at = ? where mchid = ? and out_refund_no = ?"
        sql += " and status in ('PROCESSING', 'ABNORMAL') and status <> ?"
        changed = store.run(sql, outcome, success_at, *key, outcome)
        settled = find(store, *key)
        assert settled is not None
        if changed:
            mode = modes.of(store, settled["out_trade_no"], settled["out_refund_no"])
            notices.add(sandbox, settled, f"REFUND.{outcome}", OUTCOMES[outcome], _plain(settled), mode)
    return settled


def settle_due(sandbox: Sandbox) -> None:
    """Settle every refund whose time has come."""
    sql = "select * from refunds where status = 'PROCESSING' and due_at <= ?"
    for refund in sandbox.store.all(sql, now()):
        settle(sandbox, refund, refund["outcome"])
