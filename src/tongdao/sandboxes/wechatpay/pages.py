"""What the payer sees: the page behind an H5 link, a Native code, or a signed JSAPI call.

- `GET /cgi-bin/mmpayweb-bin/checkmweb?prepay_id=&package=[&redirect_url=]`: the `h5_url`; the shop appends
  `redirect_url`,
- `GET /pay/native?code=[&redirect_url=]`: a `code_url` or its `pr`; without `code` a field to type it into,
- `GET /pay/jsapi?appId=&timeStamp=&nonceStr=&package=prepay_id%3D…&signType=RSA&paySign=[&redirect_url=]`:
  what WeixinJSBridge's `getBrandWCPayRequest` is given; the `paySign` is verified,
- `POST /pay`: pay or cancel; then 303 to `redirect_url` if that is http(s).
"""

from tongdao.sandboxes.wechatpay import crypto, looks, merchants, payments, transfer_pages
from tongdao.sandboxes.wechatpay.api import CODE_PREFIX, H5_PATH
from tongdao.sandboxes.wechatpay.errors import ApiError
from tongdao.sandboxes.wechatpay.messages import Answer, Request, Route, choose
from tongdao.sandboxes.wechatpay.payer import Handler, html, lang, refused, safe
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row
from tongdao.sandboxes.wechatpay.times import rfc3339


def _unknown(request: Request) -> Answer:
    return refused(request, 404, "unknown", "unknown_note")


def _checkout(sandbox: Sandbox, request: Request, order: Row) -> Answer:
    back = safe(request.query.get("redirect_url", ""))
    why = payments.obstacle(sandbox, order)
    if why is not None:
        return refused(request, 200, why.code, "blocked_note", back)
    merchant = merchants.find(sandbox.store, order["mchid"])
    assert merchant is not None
    rows = {
        "payee": merchant["name"],
        "number": order["out_trade_no"],
        "deadline": rfc3339(order["expires_at"])[:16].replace("T", " "),
    }
    hidden = {"prepay_id": order["prepay_id"], "package": order["page_token"], "redirect_url": back}
    text = looks.checkout(lang(request), order["description"], looks.yuan(order["total"]), rows, hidden)
    return html(200, text)


def _by_token(sandbox: Sandbox, values: dict[str, str]) -> Row | None:
    sql = "select * from orders where prepay_id = ? and page_token = ?"
    return sandbox.store.one(sql, values.get("prepay_id", ""), values.get("package", ""))


def _h5(sandbox: Sandbox, request: Request) -> Answer:
    order = _by_token(sandbox, request.query)
    return _unknown(request) if order is None else _checkout(sandbox, request, order)


def _native(sandbox: Sandbox, request: Request) -> Answer:
    code = request.query.get("code", "").strip().removeprefix(CODE_PREFIX)
    if not code:
        return html(200, looks.ask_code(lang(request)))
    order = sandbox.store.one("select * from orders where code = ? and trade_type = 'NATIVE'", code)
    return _unknown(request) if order is None else _checkout(sandbox, request, order)


def _signed(sandbox: Sandbox, order: Row, query: dict[str, str]) -> bool:
    """Whether the shop signed this very call with the key of the order's merchant."""
    merchant = merchants.find(sandbox.store, order["mchid"])
    assert merchant is not None
    parts = [query.get(name, "") for name in ("appId", "timeStamp", "nonceStr", "package")]
    right = query.get("appId") == order["appid"] and query.get("signType") == "RSA"
    key = crypto.load_public(merchant["public_key"])
    return right and crypto.verify(key, crypto.jsapi_message(*parts), query.get("paySign", ""))


def _jsapi(sandbox: Sandbox, request: Request) -> Answer:
    prepay_id = request.query.get("package", "").removeprefix("prepay_id=")
    sql = "select * from orders where prepay_id = ? and trade_type = 'JSAPI'"
    order = sandbox.store.one(sql, prepay_id)
    if order is None:
        return _unknown(request)
    if not _signed(sandbox, order, request.query):
        return refused(request, 403, "bad_sign", "bad_sign_note")
    return _checkout(sandbox, request, order)


def _decide(sandbox: Sandbox, request: Request) -> Answer:
    order = _by_token(sandbox, request.form)
    if order is None:
        return _unknown(request)
    back, result = safe(request.form.get("redirect_url", "")), "cancelled"
    if request.form.get("action") == "pay":
        result = "paid"
        try:
            payments.pay(sandbox, order)
        except ApiError as why:
            return refused(request, 409, why.code, "blocked_note", back)
    if back:
        return Answer(303, b"", {"Location": back, "Cache-Control": "no-store"})
    return refused(request, 200, result, f"{result}_note")


ROUTES: list[Route[Handler]] = [
    Route("GET", H5_PATH, "h5", _h5),
    Route("GET", "/pay/native", "native", _native),
    Route("GET", "/pay/jsapi", "jsapi", _jsapi),
    Route("POST", "/pay", "decide", _decide),
    *transfer_pages.ROUTES,
]


def handle(sandbox: Sandbox, request: Request) -> Answer:
    """Answer a payer."""
    chosen = choose(ROUTES, request)
    return _unknown(request) if chosen is None else chosen[0].handler(sandbox, request)
