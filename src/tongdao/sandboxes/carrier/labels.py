"""Ordering and cancelling electronic waybills: POST /label/order."""

from __future__ import annotations

import json
import secrets
import sqlite3

from tongdao.sandboxes.carrier.app import App, Json, now
from tongdao.sandboxes.carrier.carriers import CARRIERS
from tongdao.sandboxes.carrier.parcels import addresses, dump_plan, write_line
from tongdao.sandboxes.carrier.places import city_of
from tongdao.sandboxes.carrier.replies import label_done, label_refused
from tongdao.sandboxes.carrier.route import cancelled, journey, ordered
from tongdao.sandboxes.carrier.signing import matches

_PARTIES = (("sendMan", "寄件人"), ("recMan", "收件人"))


def label_order(app: App, form: dict[str, str], base_url: str) -> Json:
    """Check key and signature, then do what `method` says; `Refused` otherwise."""
    account, param = app.account, form.get("param", "")
    if form.get("key") != account.key:
        raise label_refused(600, "您不是合法的用户（即授权Key出错）")
    if not matches(form.get("sign", ""), param, form.get("t", ""), account.key, account.secret):
        raise label_refused(503, "签名验证失败")
    content = _object(param)
    if form.get("method") == "order":
        return _order(app, content, base_url)
    if form.get("method") == "cancel":
        return _cancel(app, content)
    raise label_refused(400, "参数错误：method")


def _object(param: str) -> Json:
    try:
        content = json.loads(param)
    except ValueError:
        raise label_refused(400, "参数错误：param不是JSON") from None
    if not isinstance(content, dict):
        raise label_refused(400, "参数错误：param不是对象")
    return content


def _text(content: Json, name: str) -> str:
    value = content.get(name)
    return value if isinstance(value, str) and value.strip() else ""


def _check_order(app: App, content: Json) -> None:
    if _text(content, "partnerId") != app.account.partner_id:
        raise label_refused(400, "参数错误：partnerId，电子面单账号不存在")
    if _text(content, "kuaidicom") not in CARRIERS:
        raise label_refused(400, "参数错误：kuaidicom，不支持的快递公司")
    for field, name in _PARTIES:
        party = content.get(field)
        if not isinstance(party, dict):
            raise label_refused(400, f"参数错误：{field}，{name}信息不能为空")
        if not (_text(party, "name") and _text(party, "printAddr")):
            raise label_refused(400, f"参数错误：{field}，{name}姓名和地址不能为空")
        if not (_text(party, "mobile") or _text(party, "tel")):
            raise label_refused(400, f"参数错误：{field}，{name}手机号和电话号二者其一必填")


def _repeat(parcel: sqlite3.Row, content: Json) -> None:
    """Let the same order through a second time; refuse another one under the same number."""
    if parcel["phase"] == "cancelled":
        raise label_refused(501, "重复提交：该订单号的面单已取消，请更换订单号")
    if json.loads(parcel["content"]) != content:
        raise label_refused(501, "重复提交：该订单号已用于其他面单")


def _insert(connection: sqlite3.Connection, app: App, content: Json, order_id: str | None) -> str:
    carrier = CARRIERS[content["kuaidicom"]]
    number = carrier.new_number()
    sender, receiver = content["sendMan"]["printAddr"], content["recMan"]["printAddr"]
    connection.execute(
        "INSERT INTO parcel"
        " (number, company, order_id, task_id, kd_order, content, plan, next_at, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            carrier.code,
            order_id,
            secrets.token_hex(16).upper(),
            f"01{secrets.token_hex(9)}",
            json.dumps(content, ensure_ascii=False),
            dump_plan(journey(carrier.code, sender, receiver)),
            now() + app.pace,
            now(),
        ),
    )
    write_line(connection, number, ordered(carrier.code, sender))
    return number


def _order(app: App, content: Json, base_url: str) -> Json:
    _check_order(app, content)
    order_id = _text(content, "orderId") or _text(content, "thirdOrderId") or None
    with app.store.writing() as connection:
        known = connection.execute("SELECT * FROM parcel WHERE order_id = ?", (order_id,)).fetchone()
        if known is not None:
            _repeat(known, content)
        number = known["number"] if known is not None else _insert(connection, app, content, order_id)
        parcel = connection.execute("SELECT * FROM parcel WHERE number = ?", (number,)).fetchone()
    app.move_wake.set()
    return label_done(
        {
            "taskId": parcel["task_id"],
            "kuaidinum": number,
            "kuaidicom": parcel["company"],
            "kdComOrderNum": parcel["kd_order"],
            "bulkpen": city_of(content["recMan"]["printAddr"]).city,
            "label": f"{base_url}/label/{parcel['task_id']}.html",
        }
    )


def _cancel(app: App, content: Json) -> Json:
    with app.store.writing() as connection:
        parcel = connection.execute(
            "SELECT * FROM parcel WHERE number = ? AND company = ? AND order_id IS NOT NULL",
            (_text(content, "kuaidinum"), _text(content, "kuaidicom")),
        ).fetchone()
        if parcel is None:
            raise label_refused(400, "参数错误：kuaidinum，面单不存在")
        if _text(content, "orderId") != parcel["kd_order"]:
            raise label_refused(400, "参数错误：orderId，与下单时返回的kdComOrderNum不符")
        if parcel["phase"] == "cancelled":
            raise label_refused(201, "取消失败：面单已取消")
        if parcel["position"] > 0:
            raise label_refused(201, "取消失败：快件已揽收")
        connection.execute("UPDATE parcel SET phase = 'cancelled' WHERE number = ?", (parcel["number"],))
        write_line(connection, parcel["number"], cancelled(addresses(parcel)[0]))
        connection.execute("UPDATE subscription SET status = 'abort' WHERE number = ?", (parcel["number"],))
    return label_done({"kuaidinum": parcel["number"]})
