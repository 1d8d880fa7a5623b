"""The control API under /_control: what a test or a demo does at will.

Every request bears `Authorization: Bearer <DIR/control.token>`; bodies and answers are JSON. Where an order
or refund is named by its number alone, `mchid` may be added if two merchants use the same number.

- `GET  /_control/info`: gateway, platform serials and PEMs, speed
- `POST /_control/merchants` `{name?, appid?, signing?}`: a new merchant's papers (201)
- `GET  /_control/orders`, `/refunds`, `/notifications` `?mchid=&out_trade_no=`: rows as kept
- `GET  /_control/transfers` `?mchid=`: likewise
- `POST /_control/pay` `{out_trade_no, force?}`: the payer pays; `force` also a closed or expired order
- `POST /_control/settle` `{out_refund_no, outcome}`: a refund ends now as SUCCESS, ABNORMAL or CLOSED
- `POST /_control/confirm` `{out_bill_no}`: the payee takes a transfer
- `POST /_control/settle_transfer` `{out_bill_no, state, fail_reason?}`: it ends now, in one of three ways
- `GET  /_control/modes`; `POST /_control/modes` `{scope, key?, mode}`: see `modes`; replaces the scope's mode
- `GET  /_control/faults`; `POST /_control/faults` `{operation, kind, key?, seconds?, times?}`: see `faults`
- `POST /_control/speed` `{speed}`: divides the schedule of notification retries (0.001 to 1000000)
- `POST /_control/flush` `{out_trade_no?}`: settle and send all that is open now, whatever the clock says
- `POST /_control/resend` `{id}`: send any notification again now, also a lost or delivered one
- `GET  /_control/resolve?code_url=`: the order behind a Native code
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tongdao.sandboxes.wechatpay import faults, fields, merchants, modes, payments, refunds, transfers
from tongdao.sandboxes.wechatpay.api import CODE_PREFIX
from tongdao.sandboxes.wechatpay.dispatcher import Dispatcher
from tongdao.sandboxes.wechatpay.errors import ApiError, param_error, resource_not_exists
from tongdao.sandboxes.wechatpay.messages import Answer, Request, Route, choose, json_answer
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.store import Row

_SECRET_COLUMNS = ("page_token", "terms", "private_key", "user_name")


@dataclass(frozen=True)
class Controls:
    """The hands on the sandbox."""

    sandbox: Sandbox
    dispatcher: Dispatcher


Handler = Callable[[Controls, Request], Answer]


def _shown(row: Row) -> dict[str, Any]:
    return {name: value for name, value in dict(row).items() if name not in _SECRET_COLUMNS}


def _body(request: Request) -> dict[str, Any]:
    return fields.parse(request.body) if request.body else {}


def _named(controls: Controls, body: dict[str, Any], table: str, column: str) -> Row:
    """The one order, refund or transfer that the body names."""
    number, mchid = fields.text(body, f"/{column}", 64), fields.optional_text(body, "/mchid", 32) or None
    sql = f"select * from {table} where {column} = ? and (? is null or mchid = ?)"  # noqa: S608 (own names)
    row = controls.sandbox.store.one(sql, number, mchid, mchid)
    if row is None:
        raise resource_not_exists(f"no such {column}")
    return row


def _info(controls: Controls, _request: Request) -> Answer:
    sandbox, platform = controls.sandbox, controls.sandbox.platform
    return json_answer(
        200,
        {
            "gateway": sandbox.gateway,
            "platform_certificate": platform.certificate,
            "platform_certificate_serial": platform.certificate_serial,
            "platform_public_key": platform.public_key,
            "platform_public_key_id": platform.public_key_id,
            "speed": sandbox.speed,
        },
    )


def _merchants(controls: Controls, request: Request) -> Answer:
    sandbox, body = controls.sandbox, _body(request)
    signing = fields.optional_text(body, "/signing", 32) or "public_key"
    if signing not in merchants.SIGNINGS:
        raise param_error("/signing", f"one of {merchants.SIGNINGS}", signing)
    name = fields.optional_text(body, "/name", 64) or "沙箱商户"
    merchant = merchants.create(
        sandbox.store, name, fields.optional_text(body, "/appid", 32) or None, signing
    )
    return json_answer(201, merchants.papers(merchant, sandbox.platform, sandbox.gateway))


def _rows(table: str) -> Handler:
    def show(controls: Controls, request: Request) -> Answer:
        mchid, number = request.query.get("mchid"), request.query.get("out_trade_no")
        where = "(? is null or mchid = ?) and (? is null or out_trade_no = ?)"
        sql = f"select * from {table} where {where} order by created_at"  # noqa: S608 (own names)
        rows = controls.sandbox.store.all(sql, mchid, mchid, number, number)
        return json_answer(200, {"data": [_shown(row) for row in rows]})

    return show


def _pay(controls: Controls, request: Request) -> Answer:
    body = _body(request)
    order = _named(controls, body, "orders", "out_trade_no")
    return json_answer(200, _shown(payments.pay(controls.sandbox, order, force=body.get("force") is True)))


def _settle(controls: Controls, request: Request) -> Answer:
    body = _body(request)
    refund = _named(controls, body, "refunds", "out_refund_no")
    outcome = fields.text(body, "/outcome", 16, "|".join(refunds.OUTCOMES))
    return json_answer(200, _shown(refunds.settle(controls.sandbox, refund, outcome)))


def _transfers(controls: Controls, request: Request) -> Answer:
    mchid = request.query.get("mchid")
    sql = "select * from transfers where ? is null or mchid = ? order by created_at"
    rows = controls.sandbox.store.all(sql, mchid, mchid)
    return json_answer(200, {"data": [_shown(row) for row in rows]})


def _confirm(controls: Controls, request: Request) -> Answer:
    bill = _named(controls, _body(request), "transfers", "out_bill_no")
    return json_answer(200, _shown(transfers.confirm(controls.sandbox, bill)))


def _settle_transfer(controls: Controls, request: Request) -> Answer:
    body = _body(request)
    bill = _named(controls, body, "transfers", "out_bill_no")
    state = fields.text(body, "/state", 16, "|".join(transfers.ENDED))
    reason = fields.optional_text(body, "/fail_reason", 64)
    return json_answer(200, _shown(transfers.settle(controls.sandbox, bill, state, reason)))


def _modes(controls: Controls, _request: Request) -> Answer:
    return json_answer(200, {"data": modes.listing(controls.sandbox.store)})


def _set_mode(controls: Controls, request: Request) -> Answer:
    body = _body(request)
    mode = body.get("mode")
    if not isinstance(mode, dict):
        raise param_error("/mode", "an object", mode)
    key = fields.optional_text(body, "/key", 64)
    try:
        modes.put(controls.sandbox.store, fields.text(body, "/scope", 16), key, mode)
    except ValueError as error:
        raise param_error("/mode", str(error)) from None
    return _modes(controls, request)


def _faults(controls: Controls, _request: Request) -> Answer:
    rows = controls.sandbox.store.all("select * from faults where remaining > 0 order by id")
    return json_answer(200, {"data": [_shown(row) for row in rows]})


def _add_fault(controls: Controls, request: Request) -> Answer:
    body = _body(request)
    operation, kind = fields.text(body, "/operation", 32), fields.text(body, "/kind", 32)
    key = fields.optional_text(body, "/key", 64) or "*"
    try:
        seconds, times = float(body.get("seconds", 0)), int(body.get("times", 1))
        faults.add(controls.sandbox.store, operation, key, kind, seconds, times)
    except (TypeError, ValueError) as error:
        raise param_error("/kind", str(error)) from None
    return _faults(controls, request)


def _speed(controls: Controls, request: Request) -> Answer:
    speed = _body(request).get("speed")
    if not isinstance(speed, int | float) or isinstance(speed, bool) or not 0.001 <= speed <= 1_000_000:
        raise param_error("/speed", "a number from 0.001 to 1000000", speed)
    controls.sandbox.store.remember("speed", str(speed))
    return json_answer(200, {"speed": speed})


def _flush(controls: Controls, request: Request) -> Answer:
    number = fields.optional_text(_body(request), "/out_trade_no", 32) or None
    return json_answer(200, {"data": controls.dispatcher.flush(number)})


def _resend(controls: Controls, request: Request) -> Answer:
    row = _named(controls, _body(request), "notifications", "id")
    sql = "update notifications set state = 'pending', copies = 1 where id = ?"
    controls.sandbox.store.run(sql, row["id"])
    return json_answer(200, {"id": row["id"], "state": controls.dispatcher.send(row["id"]).result()})


def _resolve(controls: Controls, request: Request) -> Answer:
    code = request.query.get("code_url", "").removeprefix(CODE_PREFIX)
    return json_answer(200, _shown(_named(controls, {"code": code}, "orders", "code")))


ROUTES: list[Route[Handler]] = [
    Route("GET", "/_control/info", "info", _info),
    Route("POST", "/_control/merchants", "merchants", _merchants),
    Route("GET", "/_control/orders", "orders", _rows("orders")),
    Route("GET", "/_control/refunds", "refunds", _rows("refunds")),
    Route("GET", "/_control/notifications", "notifications", _rows("notifications")),
    Route("POST", "/_control/pay", "pay", _pay),
    Route("POST", "/_control/settle", "settle", _settle),
    Route("GET", "/_control/transfers", "transfers", _transfers),
    Route("POST", "/_control/confirm", "confirm", _confirm),
    Route("POST", "/_control/settle_transfer", "settle_transfer", _settle_transfer),
    Route("GET", "/_control/modes", "modes", _modes),
    Route("POST", "/_control/modes", "set_mode", _set_mode),
    Route("GET", "/_control/faults", "faults", _faults),
    Route("POST", "/_control/faults", "add_fault", _add_fault),
    Route("POST", "/_control/speed", "speed", _speed),
    Route("POST", "/_control/flush", "flush", _flush),
    Route("POST", "/_control/resend", "resend", _resend),
    Route("GET", "/_control/resolve", "resolve", _resolve),
]


def _allowed(controls: Controls, request: Request) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return secrets.compare_digest(given.encode(), controls.sandbox.control_token.encode())


def handle(controls: Controls, request: Request) -> Answer:
    """Answer a /_control request."""
    if not _allowed(controls, request):
        return json_answer(401, {"code": "UNAUTHORIZED", "message": "bearer token wanted, see control.token"})
    chosen = choose(ROUTES, request)
    if chosen is None:
        return json_answer(404, {"code": "NOT_FOUND", "message": "no such control"})
    try:
        return chosen[0].handler(controls, request)
    except ApiError as error:
        return json_answer(error.status, error.body())
