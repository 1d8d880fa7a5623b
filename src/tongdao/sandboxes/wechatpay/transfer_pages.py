"""What the payee of a transfer sees: who sends how much and why, and a button that takes it.

- `GET /transfer/confirm?mchId=&appId=&package=[&redirect_url=]`: what WeixinJSBridge's
  `requestMerchantTransfer` is given,
- `POST /transfer/confirm`: take it, or not now; then 303 to `redirect_url` if that is http(s).
"""

from tongdao.sandboxes.wechatpay import looks, merchants, transfers
from tongdao.sandboxes.wechatpay.errors import ApiError
from tongdao.sandboxes.wechatpay.messages import Answer, Request, Route
from tongdao.sandboxes.wechatpay.payer import Handler, html, lang, refused, safe
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row
from tongdao.sandboxes.wechatpay.times import rfc3339

PATH = "/transfer/confirm"


def _bill(sandbox: Sandbox, values: dict[str, str]) -> Row | None:
    bill = transfers.find_by_package(sandbox.store, values.get("mchId", ""), values.get("package", ""))
    return bill if bill is not None and bill["appid"] == values.get("appId") else None


def _show(sandbox: Sandbox, request: Request) -> Answer:
    bill = _bill(sandbox, request.query)
    if bill is None:
        return refused(request, 404, "unknown", "unknown_note")
    back = safe(request.query.get("redirect_url", ""))
    if bill["state"] != "WAIT_USER_CONFIRM":
        return refused(request, 200, f"transfer_{bill['state']}", "transfer_note", back)
    merchant = merchants.find(sandbox.store, bill["mchid"])
    assert merchant is not None
    rows = {
        "payer": merchant["name"],
        "why": bill["remark"],
        "take_before": rfc3339(bill["expires_at"])[:16].replace("T", " "),
    }
    hidden = {name: request.query[name] for name in ("mchId", "appId", "package")} | {"redirect_url": back}
    text = looks.taking(lang(request), looks.yuan(bill["amount"]), rows, hidden, PATH)
    return html(200, text)


def _decide(sandbox: Sandbox, request: Request) -> Answer:
    bill = _bill(sandbox, request.form)
    if bill is None:
        return refused(request, 404, "unknown", "unknown_note")
    back, result = safe(request.form.get("redirect_url", "")), "not_taken"
    if request.form.get("action") == "take":
        result = "taken"
        try:
            transfers.confirm(sandbox, bill)
        except ApiError:
            return refused(request, 409, "transfer_FAIL", "transfer_note", back)
    if back:
        return Answer(303, b"", {"Location": back, "Cache-Control": "no-store"})
    return refused(request, 200, result, f"{result}_note")


ROUTES: list[Route[Handler]] = [
    Route("GET", PATH, "transfer", _show),
    Route("POST", PATH, "take", _decide),
]
