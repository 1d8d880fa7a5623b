"""Transfers from a merchant to a person, which the payee confirms: bills, their states, and what ends them.

Source: pay.weixin.qq.com/doc/v3/merchant, merchant transfers with confirmation (fund-app/mch-transfer). A
bill waits for its payee for a day, and ends in SUCCESS, FAIL or CANCELLED; only then is it notified of.
"""

import json
from typing import Any

from tongdao.sandboxes.wechatpay import crypto, errors, fields, modes, notices, numbers
from tongdao.sandboxes.wechatpay.fields import Body
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row, Store
from tongdao.sandboxes.wechatpay.times import now, rfc3339

NUMBER = r"[0-9A-Za-z]{1,32}"
LEAST, NAMELESS_BELOW, NAMED_FROM = 10, 30, 200_000  # fen
REPORTS = {"1005": ("岗位类型", "报酬说明")}  # what a scene has to say; others say what they like
ENDED = {"SUCCESS": "转账成功", "FAIL": "转账失败", "CANCELLED": "转账撤销完成"}
WAITING = ("ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM")
_SELECT = "select *, out_bill_no as out_trade_no from transfers"


def _reports(body: Body, scene: str) -> list[dict[str, str]]:
    """What the merchant reports of the transfer, in the kinds that the scene asks for."""
    given = body.get("transfer_scene_report_infos")
    if not isinstance(given, list) or not given:
        raise errors.param_error("/transfer_scene_report_infos", "转账场景报备信息不能为空")
    found = [
        {
            "info_type": fields.text(each if isinstance(each, dict) else {}, "/info_type", 15),
            "info_content": fields.text(each if isinstance(each, dict) else {}, "/info_content", 32),
        }
        for each in given
    ]
    wanted = REPORTS.get(scene)
    if wanted and sorted(each["info_type"] for each in found) != sorted(wanted):
        raise errors.invalid_request("转账场景报备信息与转账场景不匹配")
    return found


def _name(sandbox: Sandbox, body: Body, serial: str) -> str:
    """The payee's name, encrypted for the key that the caller names."""
    sealed = fields.optional_text(body, "/user_name", 1024)
    if not sealed:
        return ""
    try:
        return crypto.open_sealed(sandbox.platform.key_for(serial), sealed)
    except ValueError:
        raise errors.param_error("/user_name", "收款用户姓名解密失败") from None


def _terms(sandbox: Sandbox, merchant: Row, body: Body, serial: str) -> dict[str, Any]:
    if fields.text(body, "/appid", 32) != merchant["appid"]:
        raise errors.ApiError(400, "APPID_MCHID_NOT_MATCH", "appid和mchid不匹配，请检查后再试")
    scene = fields.text(body, "/transfer_scene_id", 36)
    return {
        "out_bill_no": fields.text(body, "/out_bill_no", 32, NUMBER),
        "transfer_scene_id": scene,
        "openid": fields.text(body, "/openid", 64),
        "user_name": _name(sandbox, body, serial),
        "transfer_amount": fields.fen(body, "/transfer_amount"),
        "transfer_remark": fields.text(body, "/transfer_remark", 32),
        "notify_url": fields.notify_url(body, required=False),
        "user_recv_perception": fields.optional_text(body, "/user_recv_perception", 32),
        "reports": _reports(body, scene),
    }


def _check_amount(terms: dict[str, Any], mode: modes.Mode) -> None:
    amount, named = terms["transfer_amount"], bool(terms["user_name"])
    if not LEAST <= amount <= mode.transfer_most_fen:
        raise errors.invalid_request("转账金额不在商户的单笔限额之内")
    if named and amount < NAMELESS_BELOW:
        raise errors.invalid_request("转账金额小于0.3元时，不支持填写收款用户姓名")
    if not named and amount >= NAMED_FROM:
        raise errors.invalid_request("转账金额大于等于2000元时，收款用户姓名必填")


def find(store: Store, mchid: str, out_bill_no: str) -> Row | None:
    """The merchant's bill of that number."""
    return store.one(f"{_SELECT} where mchid = ? and out_bill_no = ?", mchid, out_bill_no)


def find_by_id(store: Store, mchid: str, transfer_bill_no: str) -> Row | None:
    """The merchant's bill by WeChat's own number."""
    return store.one(f"{_SELECT} where mchid = ? and transfer_bill_no = ?", mchid, transfer_bill_no)


def find_by_package(store: Store, mchid: str, package: str) -> Row | None:
    """The bill that a page of the merchant asks its payee to confirm."""
    return store.one(f"{_SELECT} where mchid = ? and package_info = ?", mchid, package)


def _insert(store: Store, merchant: Row, terms: dict[str, Any], mode: modes.Mode) -> None:
    at = now()
    wait = mode.transfer_delay_seconds if mode.transfer_start == "ACCEPTED" else mode.transfer_life_seconds
    store.insert(
        "transfers",
        mchid=merchant["mchid"],
        out_bill_no=terms["out_bill_no"],
        appid=merchant["appid"],
        transfer_bill_no=numbers.transfer_bill_no(at),
        openid=terms["openid"],
        user_name=terms["user_name"],
        amount=terms["transfer_amount"],
        remark=terms["transfer_remark"],
        terms=json.dumps(terms, sort_keys=True),
        notify_url=terms["notify_url"],
        package_info=numbers.token(64),
        state=mode.transfer_start,
        fail_reason="",
        created_at=at,
        updated_at=at,
        expires_at=at + mode.transfer_life_seconds,
        due_at=at + wait,
    )


def ask(sandbox: Sandbox, merchant: Row, body: Body, serial: str) -> Row:
    """Make a bill, or give back the same one asked for before, as it is now."""
    terms = _terms(sandbox, merchant, body, serial)
    store, mchid = sandbox.store, merchant["mchid"]
    with store.transaction():
        bill = find(store, mchid, terms["out_bill_no"])
        if bill is None:
            mode = modes.of_transfer(store, terms["out_bill_no"])
            _check_amount(terms, mode)
            if mode.transfer_balance == "short":
                raise errors.ApiError(403, "NOT_ENOUGH", "商户运营账户余额不足")
            _insert(store, merchant, terms, mode)
            bill = find(store, mchid, terms["out_bill_no"])
        elif json.loads(bill["terms"]) != terms:
            raise errors.invalid_request("商户单号已存在，且请求参数与之前不一致")
    assert bill is not None
    sandbox.bell.set()
    return bill


def _move(store: Store, bill: Row, before: tuple[str, ...], state: str, due: float, reason: str = "") -> bool:
    """From one of the states to another; False where it is in none of them any more."""
    marks = ", ".join("?" * len(before))
    where = f"mchid = ? and out_bill_no = ? and state in ({marks})"
    changes = "state = ?, due_at = ?, fail_reason = ?, updated_at = ?"
    sql = f"update transfers set {changes} where {where}"  # noqa: S608 (own names, marks)
    values = (state, due, reason, now(), bill["mchid"], bill["out_bill_no"], *before)
    return store.run(sql, *values) == 1


def _now(store: Store, bill: Row) -> Row:
    found = find(store, bill["mchid"], bill["out_bill_no"])
    assert found is not None
    return found


def confirm(sandbox: Sandbox, bill: Row) -> Row:
    """The payee takes the money; it arrives a moment later. Raises where it can no longer be taken."""
    store = sandbox.store
    with store.transaction():
        current = _now(store, bill)
        if current["state"] in ("TRANSFERING", "SUCCESS"):
            return current
        if current["state"] not in WAITING or current["expires_at"] <= now():
            raise errors.invalid_request("转账单已过期或已撤销，不能收款")
        mode = modes.of_transfer(store, bill["out_bill_no"])
        _move(store, bill, WAITING, "TRANSFERING", now() + mode.transfer_delay_seconds)
    sandbox.bell.set()
    return _now(store, bill)


def cancel(sandbox: Sandbox, merchant: Row, out_bill_no: str) -> Row:
    """Take a bill back that its payee has not confirmed; it is CANCELLED a moment later."""
    store = sandbox.store
    with store.transaction():
        bill = find(store, merchant["mchid"], out_bill_no)
        if bill is None:
            raise errors.ApiError(404, "NOT_FOUND", "转账单不存在")
        if bill["state"] not in ("CANCELING", "CANCELLED"):
            mode = modes.of_transfer(store, out_bill_no)
            if not _move(store, bill, WAITING, "CANCELING", now() + mode.transfer_delay_seconds):
                raise errors.invalid_request("当前转账单状态不支持撤销")
    sandbox.bell.set()
    return _now(store, bill)


def settle(sandbox: Sandbox, bill: Row, state: str, reason: str = "") -> Row:
    """End a bill now and write the notification down; one that has ended is left alone."""
    store = sandbox.store
    with store.transaction():
        if _move(store, bill, (*WAITING, "TRANSFERING", "CANCELING"), state, bill["due_at"], reason):
            ended = _now(store, bill)
            mode = modes.of_transfer(store, bill["out_bill_no"])
            notices.add(sandbox, ended, "MCHTRANSFER.BILL.FINISHED", ENDED[state], _plain(ended), mode)
    return _now(store, bill)


def settle_due(sandbox: Sandbox) -> None:
    """Move every bill on whose time has come."""
    sql = f"{_SELECT} where state not in ('SUCCESS', 'FAIL', 'CANCELLED') and due_at <= ?"
    for bill in sandbox.store.all(sql, now()):
        move_on(sandbox, bill)


def move_on(sandbox: Sandbox, bill: Row) -> None:
    """The next state of a bill to which nobody does anything."""
    mode = modes.of_transfer(sandbox.store, bill["out_bill_no"])
    match bill["state"]:
        case "ACCEPTED":
            _move(sandbox.store, bill, ("ACCEPTED",), "WAIT_USER_CONFIRM", bill["expires_at"])
        case "TRANSFERING" if mode.transfer_outcome == "FAIL":
            settle(sandbox, bill, "FAIL", mode.transfer_fail_reason)
        case "TRANSFERING":
            settle(sandbox, bill, "SUCCESS")
        case "CANCELING":
            settle(sandbox, bill, "CANCELLED")
        case _:
            settle(sandbox, bill, "FAIL", "OVERDUE_CLOSE")


def made(bill: Row) -> dict[str, Any]:
    """The bill as making it is answered."""
    answer = {
        "out_bill_no": bill["out_bill_no"],
        "transfer_bill_no": bill["transfer_bill_no"],
        "create_time": rfc3339(bill["created_at"]),
        "state": bill["state"],
    }
    more = {"package_info": bill["package_info"]} if bill["state"] == "WAIT_USER_CONFIRM" else {}
    return answer | more | ({"fail_reason": bill["fail_reason"]} if bill["fail_reason"] else {})


def cancelled(bill: Row) -> dict[str, Any]:
    """The bill as taking it back is answered."""
    names = ("out_bill_no", "transfer_bill_no", "state")
    return {name: bill[name] for name in names} | {"update_time": rfc3339(bill["updated_at"])}


def _plain(bill: Row) -> dict[str, Any]:
    plain = {
        "mch_id": bill["mchid"],
        "out_bill_no": bill["out_bill_no"],
        "transfer_bill_no": bill["transfer_bill_no"],
        "state": bill["state"],
        "transfer_amount": bill["amount"],
        "openid": bill["openid"],
        "create_time": rfc3339(bill["created_at"]),
        "update_time": rfc3339(bill["updated_at"]),
    }
    return plain | ({"fail_reason": bill["fail_reason"]} if bill["fail_reason"] else {})


def view(bill: Row) -> dict[str, Any]:
    """The bill as a query answers it; the payee's name stays sealed, so it is not told again."""
    return _plain(bill) | {"appid": bill["appid"], "transfer_remark": bill["remark"]}
