"""Asking where a parcel is: POST /poll/query.do."""

from __future__ import annotations

from tongdao.sandboxes.carrier.app import App, Json
from tongdao.sandboxes.carrier.carriers import NEEDS_PHONE
from tongdao.sandboxes.carrier.following import fine_level, parse_object, phone_known
from tongdao.sandboxes.carrier.replies import poll_refused
from tongdao.sandboxes.carrier.signing import matches
from tongdao.sandboxes.carrier.trace import last_result


def query(app: App, form: dict[str, str]) -> Json:
    """The whole trace, newest first unless `order` is asc; `Refused` with 400, 408, 500 or 503."""
    text, account = form.get("param", ""), app.account
    if form.get("customer") != account.customer:
        raise poll_refused("400", "提交的数据不完整，或者贵公司没授权")
    if not matches(form.get("sign", ""), text, account.key, account.customer):
        raise poll_refused("503", "验证签名失败")
    param = parse_object(text, "400", "提交的数据不完整，或者贵公司没授权")
    number, company = str(param.get("num") or ""), str(param.get("com") or "")
    with app.store.writing() as connection:
        parcel = connection.execute(
            "SELECT * FROM parcel WHERE number = ? AND company = ?", (number, company)
        ).fetchone()
        result = last_result(connection, number, company, fine_level(param.get("resultv2")))
    if parcel is None or result is None:
        raise poll_refused("500", "查询无结果，请隔段时间再查")
    if company in NEEDS_PHONE and not phone_known(parcel, str(param.get("phone") or "")):
        raise poll_refused("408", "验证码错误：顺丰单号需要收件人或寄件人电话")
    if param.get("order") == "asc":
        result["data"].reverse()
    return result
