"""Orders as the merchant's API sees them: place and query."""

import json
from typing import Any

from tongdao.sandboxes.wechatpay import errors, fields, numbers
from tongdao.sandboxes.wechatpay.fields import Body
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row, Store
from tongdao.sandboxes.wechatpay.times import now, rfc3339

TRADE_TYPES = {"jsapi": "JSAPI", "h5": "MWEB", "native": "NATIVE"}
NUMBER = r"[0-9A-Za-z_\-|*]{6,32}"
_STATES = {"SUCCESS": "支付成功", "REFUND": "转入退款", "NOTPAY": "订单未支付", "CLOSED": "订单已关闭"}
_WEEK, _QUARTER, _MINUTE = 7 * 86400, 90 * 86400, 60


def _terms(way: str, merchant: Row, body: Body) -> dict[str, Any]:
    """The checked terms of an order; what a repeated request must not change."""
    appid, mchid = fields.text(body, "/appid", 32), fields.text(body, "/mchid", 32)
    if mchid != merchant["mchid"]:
        raise errors.param_error("/mchid", "http header中的mchid与post payload中的mchid不匹配", mchid)
    if appid != merchant["appid"]:
        raise errors.ApiError(400, "APPID_MCHID_NOT_MATCH", "appid和mchid不匹配，请检查后再试")
    terms = {
        "trade_type": TRADE_TYPES[way],
        "description": fields.text(body, "/description", 127),
        "out_trade_no": fields.text(body, "/out_trade_no", 32, NUMBER),
        "time_expire": fields.moment(body, "/time_expire"),
        "attach": fields.optional_text(body, "/attach", 128),
        "notify_url": fields.notify_url(body, required=True),
        "total": fields.fen(body, "/amount/total"),
        "currency": fields.currency(body, "/amount/currency"),
        "openid": fields.text(body, "/payer/openid", 128) if way == "jsapi" else "",
    }
    if way == "h5":
        fields.text(body, "/scene_info/payer_client_ip", 45)
        fields.text(body, "/scene_info/h5_info/type", 32)
    return terms


def find(store: Store, mchid: str, out_trade_no: str) -> Row | None:
    """The merchant's order of that number."""
    return store.one("select * from orders where mchid = ? and out_trade_no = ?", mchid, out_trade_no)


def _expiry(asked: float | None, at: float) -> float:
    """WeChat moves an end that is too near or too far, rather than refuse it."""
    return at + _WEEK if asked is None else min(max(asked, at + _MINUTE), at + _QUARTER)


def _insert(store: Store, merchant: Row, terms: dict[str, Any]) -> None:
    at = now()
    store.insert(
        "orders",
        mchid=merchant["mchid"],
        out_trade_no=terms["out_trade_no"],
        appid=merchant["appid"],
        trade_type=terms["trade_type"],
        description=terms["description"],
        total=terms["total"],
        notify_url=terms["notify_url"],
        attach=terms["attach"],
        terms=json.dumps(terms, sort_keys=True),
        prepay_id=numbers.prepay_id(at),
        page_token=numbers.token(32),
        code=numbers.token(9),
        openid=terms["openid"],
        state="NOTPAY",
        created_at=at,
        expires_at=_expiry(terms["time_expire"], at),
    )


def _check_again(order: Row, terms: dict[str, Any]) -> None:
    """Placing an order again gives it back, as long as it is the same and still open."""
    if order["state"] == "SUCCESS":
        raise errors.order_paid()
    if order["state"] == "CLOSED":
        raise errors.order_closed()
    if json.loads(order["terms"]) != terms:
        raise errors.invalid_request("请求重入时，参数与首次请求时不一致")
    if order["expires_at"] <= now():
        raise errors.invalid_request("订单已过支付结束时间，请使用新的商户订单号下单")


def place(sandbox: Sandbox, way: str, merchant: Row, body: Body) -> Row:
    """Place an order (`way`: jsapi, h5, native), or give back the same one placed before."""
    terms = _terms(way, merchant, body)
    key = (merchant["mchid"], terms["out_trade_no"])
    with sandbox.store.transaction():
        order = find(sandbox.store, *key)
        if order is None:
            _insert(sandbox.store, merchant, terms)
            order = find(sandbox.store, *key)
        else:
            _check_again(order, terms)
    assert order is not None
    return order


def _trade_state(store: Store, order: Row) -> str:
    if order["state"] != "SUCCESS":
        return str(order["state"])
    sql = "select 1 from refunds where mchid = ? and out_trade_no = ? and status <> 'CLOSED'"
    return "REFUND" if store.one(sql, order["mchid"], order["out_trade_no"]) else "SUCCESS"


def view(store: Store, order: Row) -> dict[str, Any]:
    """The order as a query answers it."""
    state = _trade_state(store, order)
    answer: dict[str, Any] = {
        "appid": order["appid"],
        "mchid": order["mchid"],
        "out_trade_no": order["out_trade_no"],
        "trade_state": state,
        "trade_state_desc": _STATES[state],
        "promotion_detail": [],
        "amount": {"total": order["total"], "currency": "CNY"},
    }
    return answer if order["paid_at"] is None else answer | _paid_part(order)


def _paid_part(order: Row) -> dict[str, Any]:
    total = order["total"]
    return {
        "transaction_id": order["transaction_id"],
        "trade_type": order["trade_type"],
        "bank_type": "OTHERS",
        "attach": order["attach"],
        "success_time": rfc3339(order["paid_at"]),
        "payer": {"openid": order["openid"]},
        "amount": {"total": total, "payer_total": total, "currency": "CNY", "payer_currency": "CNY"},
    }
