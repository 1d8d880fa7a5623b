"""What the payer sees: the page behind an H5 link, a Native code, or a signed JSAPI call.

- `GET /cgi-bin/mmpayweb-bin/checkmweb?prepay_id=&package=[&redirect_url=]`: the `h5_url`; the shop appends
  `redirect_url`,
- `GET /pay/native?code=[&redirect_url=]`: a `code_url` or its `pr`; without `code` a field to type it into,
- `GET /pay/jsapi?appId=&timeStamp=&nonceStr=&package=prepay_id%3D…&signType=RSA&paySign=[&redirect_url=]`:
  what WeixinJSBridge's `getBrandWCPayRequest` is given; the `paySign` is verified,
- `POST /pay`: pay or cancel; then 303 to `redirect_url` if that is http(s).
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from tongdao.sandboxes.wechatpay import crypto, looks, merchants, payments
from tongdao.sandboxes.wechatpay.api import CODE_PREFIX, H5_PATH
from tongdao.sandboxes.wechatpay.errors import ApiError
from tongdao.sandboxes.wechatpay.messages import Answer, Request, Route, choose
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row
from tongdao.sandboxes.wechatpay.times import rfc3339
from tongdao.sandboxes.wechatpay.words import language

Handler = Callable[[Sandbox, Request], Answer]

# no form-action: browsers hold the redirect after the form against it, and shops live anywhere
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def _html(status: int, text: str) -> Answer:
    return Answer(status, text.encode(), dict(_HEADERS))


def _lang(request: Request) -> str:
    return language(request.headers.get("Accept-Language", ""))


def _safe(url: str) -> str:
    """The URL if a payer may be sent there, else nothing."""
    try:
        parts = urlsplit(url)
        good = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and url.isprintable()
            and " " not in url
        )
    except ValueError:
        good = False
    return url if good and url.isascii() else ""


def _refused(request: Request, status: int, key: str, note: str, back: str = "") -> Answer:
    return _html(status, looks.message(_lang(request), key, note, back))


def _unknown(request: Request) -> Answer:
    return _refused(request, 404, "unknown", "unknown_note")


def _checkout(sandbox: Sandbox, request: Request, order: Row) -> Answer:
    back = _safe(request.query.get("redirect_url", ""))
    why = payments.obstacle(sandbox, order)
    if why is not None:
        return _refused(request, 200, why.code, "blocked_note", back)
    merchant = merchants.find(sandbox.store, order["mchid"])
    assert merchant is not None
    rows = {
        "payee": merchant["name"],
        "number": order["out_trade_no"],
        "deadline": rfc3339(order["expires_at"])[:16].replace("T", " "),
    }
    hidden = {"prepay_id": order["prepay_id"], "package": order["page_token"], "redirect_url": back}
    text = looks.checkout(_lang(request), order["description"], looks.yuan(order["total"]), rows, hidden)
    return _html(200, text)


def _by_token(sandbox: Sandbox, values: dict[str, str]) -> Row | None:
    sql = "select * from orders where prepay_id = ? and page_token = ?"
    return sandbox.store.one(sql, values.get("prepay_id", ""), values.get("package", ""))


def _h5(sandbox: Sandbox, request: Request) -> Answer:
    order = _by_token(sandbox, request.query)
    return _unknown(request) if order is None else _checkout(sandbox, request, order)


def _native(sandbox: Sandbox, request: Request) -> Answer:
    code = request.query.get("code", "").strip().removeprefix(CODE_PREFIX)
    if not code:
        return _html(200, looks.ask_code(_lang(request)))
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
        return _refused(request, 403, "bad_sign", "bad_sign_note")
    return _checkout(sandbox, request, order)


def _decide(sandbox: Sandbox, request: Request) -> Answer:
    order = _by_token(sandbox, request.form)
    if order is None:
        return _unknown(request)
    back, result = _safe(request.form.get("redirect_url", "")), "cancelled"
    if request.form.get("action") == "pay":
        result = "paid"
        try:
            payments.pay(sandbox, order)
        except ApiError as why:
            return _refused(request, 409, why.code, "blocked_note", back)
    if back:
        return Answer(303, b"", {"Location": back, "Cache-Control": "no-store"})
    return _refused(request, 200, result, f"{result}_note")


ROUTES: list[Route[Handler]] = [
    Route("GET", H5_PATH, "h5", _h5),
    Route("GET", "/pay/native", "native", _native),
    Route("GET", "/pay/jsapi", "jsapi", _jsapi),
    Route("POST", "/pay", "decide", _decide),
]


def handle(sandbox: Sandbox, request: Request) -> Answer:
    """Answer a payer."""
    chosen = choose(ROUTES, request)
    return _unknown(request) if chosen is None else chosen[0].handler(sandbox, request)
