"""The merchant API under /v3: authenticate, route, answer, sign."""

from collections.abc import Callable
from datetime import UTC

from tongdao.sandboxes.wechatpay import (
    auth,
    closing,
    crypto,
    errors,
    faults,
    fields,
    notices,
    numbers,
    orders,
    refunds,
    transfers,
)
from tongdao.sandboxes.wechatpay.errors import ApiError
from tongdao.sandboxes.wechatpay.messages import Answer, Request, Route, choose, json_answer
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row
from tongdao.sandboxes.wechatpay.times import rfc3339

Params = dict[str, str]
Handler = Callable[[Sandbox, Row, Request, Params], Answer]
H5_PATH = "/cgi-bin/mmpayweb-bin/checkmweb"
CODE_PREFIX = "weixin://wxpay/bizpayurl?pr="


def _certificates(sandbox: Sandbox, merchant: Row, _request: Request, _params: Params) -> Answer:
    platform, nonce = sandbox.platform, numbers.token(12)
    encrypted = {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": nonce,
        "associated_data": "certificate",
        "ciphertext": crypto.encrypt(merchant["apiv3_key"], nonce, "certificate", platform.certificate),
    }
    certificate = {
        "serial_no": platform.certificate_serial,
        "effective_time": rfc3339(platform.effective.astimezone(UTC).timestamp()),
        "expire_time": rfc3339(platform.expires.astimezone(UTC).timestamp()),
        "encrypt_certificate": encrypted,
    }
    return json_answer(200, {"data": [certificate]})


def _opening(sandbox: Sandbox, way: str, order: Row) -> dict[str, str]:
    """What the shop needs to open the payment, by the way it was placed."""
    if way == "jsapi":
        return {"prepay_id": order["prepay_id"]}
    if way == "native":
        return {"code_url": f"{CODE_PREFIX}{order['code']}"}
    query = f"prepay_id={order['prepay_id']}&package={order['page_token']}"
    return {"h5_url": f"{sandbox.gateway}{H5_PATH}?{query}"}


def _prepay(way: str) -> Handler:
    def place(sandbox: Sandbox, merchant: Row, request: Request, _params: Params) -> Answer:
        order = orders.place(sandbox, way, merchant, fields.parse(request.body))
        return json_answer(200, _opening(sandbox, way, order))

    return place


def _check_mchid(merchant: Row, mchid: object) -> None:
    if mchid != merchant["mchid"]:
        raise errors.param_error("/mchid", "http header中的mchid与请求参数中的mchid不匹配", mchid)


def _query(sandbox: Sandbox, merchant: Row, request: Request, params: Params) -> Answer:
    _check_mchid(merchant, request.query.get("mchid"))
    column = "out_trade_no" if "out_trade_no" in params else "transaction_id"
    sql = f"select * from orders where mchid = ? and {column} = ?"  # noqa: S608 (one of two names)
    order = sandbox.store.one(sql, merchant["mchid"], params[column])
    if order is None:
        raise errors.order_not_exist()
    return json_answer(200, orders.view(sandbox.store, order))


def _close(sandbox: Sandbox, merchant: Row, request: Request, params: Params) -> Answer:
    _check_mchid(merchant, fields.text(fields.parse(request.body), "/mchid", 32))
    closing.close(sandbox, merchant, params["out_trade_no"])
    return json_answer(204, None)


def _refund(sandbox: Sandbox, merchant: Row, request: Request, _params: Params) -> Answer:
    return json_answer(200, refunds.view(refunds.ask(sandbox, merchant, fields.parse(request.body))))


def _query_refund(sandbox: Sandbox, merchant: Row, _request: Request, params: Params) -> Answer:
    refund = refunds.find(sandbox.store, merchant["mchid"], params["out_refund_no"])
    if refund is None:
        raise errors.resource_not_exists("退款单不存在")
    return json_answer(200, refunds.view(refund))


def _transfer(sandbox: Sandbox, merchant: Row, request: Request, _params: Params) -> Answer:
    serial = request.headers.get("Wechatpay-Serial", "")
    return json_answer(
        200, transfers.made(transfers.ask(sandbox, merchant, fields.parse(request.body), serial))
    )


def _query_transfer(sandbox: Sandbox, merchant: Row, _request: Request, params: Params) -> Answer:
    find = transfers.find if "out_bill_no" in params else transfers.find_by_id
    bill = find(sandbox.store, merchant["mchid"], *params.values())
    if bill is None:
        raise errors.ApiError(404, "NOT_FOUND", "转账单不存在")
    return json_answer(200, transfers.view(bill))


def _cancel_transfer(sandbox: Sandbox, merchant: Row, _request: Request, params: Params) -> Answer:
    return json_answer(200, transfers.cancelled(transfers.cancel(sandbox, merchant, params["out_bill_no"])))


_BY_NUMBER = "/v3/pay/transactions/out-trade-no/{out_trade_no}"
_REFUNDS = "/v3/refund/domestic/refunds"
_TRANSFERS = "/v3/fund-app/mch-transfer/transfer-bills"
ROUTES: list[Route[Handler]] = [
    Route("GET", "/v3/certificates", "certificates", _certificates),
    *[Route("POST", f"/v3/pay/transactions/{way}", "prepay", _prepay(way)) for way in orders.TRADE_TYPES],
    Route("GET", _BY_NUMBER, "query", _query),
    Route("GET", "/v3/pay/transactions/id/{transaction_id}", "query", _query),
    Route("POST", f"{_BY_NUMBER}/close", "close", _close),
    Route("POST", _REFUNDS, "refund", _refund),
    Route("GET", f"{_REFUNDS}/{{out_refund_no}}", "query_refund", _query_refund),
    Route("POST", _TRANSFERS, "transfer", _transfer),
    Route("GET", f"{_TRANSFERS}/out-bill-no/{{out_bill_no}}", "query_transfer", _query_transfer),
    Route("GET", f"{_TRANSFERS}/transfer-bill-no/{{transfer_bill_no}}", "query_transfer", _query_transfer),
    Route("POST", f"{_TRANSFERS}/out-bill-no/{{out_bill_no}}/cancel", "cancel_transfer", _cancel_transfer),
]


def _keys(request: Request, params: Params) -> list[str]:
    """The numbers by which a fault may be meant for this request."""
    body = fields.parse(request.body) if request.body else {}
    named = [*map(body.get, ("out_trade_no", "out_refund_no", "out_bill_no")), *params.values()]
    return [value for value in named if isinstance(value, str)]


def _answer(sandbox: Sandbox, request: Request) -> Answer:
    merchant = auth.authenticate(sandbox, request)
    chosen = choose(ROUTES, request)
    if chosen is None:
        raise errors.resource_not_exists("请求的资源不存在")
    route, params = chosen
    keys = _keys(request, params)
    return faults.under(
        sandbox.store, route.name, keys, lambda: route.handler(sandbox, merchant, request, params)
    )


def _serial(sandbox: Sandbox, request: Request) -> str:
    """The key the caller says it knows; without that, the platform certificate."""
    asked = request.headers.get("Wechatpay-Serial", "")
    platform = sandbox.platform
    return (
        asked
        if asked in (platform.public_key_id, platform.certificate_serial)
        else platform.certificate_serial
    )


def handle(sandbox: Sandbox, request: Request) -> Answer:
    """Answer a /v3 request, well or not, and sign the answer."""
    try:
        answer = _answer(sandbox, request)
    except ApiError as error:
        answer = json_answer(error.status, error.body())
    signed = notices.signed_headers(sandbox, _serial(sandbox, request), answer.body.decode())
    return Answer(answer.status, answer.body, answer.headers | signed)
