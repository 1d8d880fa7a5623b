"""Paying a purchase through the merchant's own channel."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, merchant_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.purchases import PurchaseOut, read_purchase
from tongdao.faces.api.shapes import Input, Text
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.operations import current_account
from tongdao.party.people.wechat import openid_of
from tongdao.trade.orders.models import Purchase
from tongdao.trade.payments.operations import (
    PaymentStarted,
    jsapi_parameters,
    refresh_purchase,
    start_payment,
)

router = Router(tags=["buying"])


class PaymentIn(Input):
    product: Literal["h5", "native", "jsapi"]
    openid: Text | None = Field(
        None,
        min_length=1,
        max_length=128,
        description="The payer, for jsapi; not given: as the payer signed in by WeChat",
    )


class PaymentOut(Schema):
    attempt_id: UUID
    product: str
    amount_fen: int
    currency: str
    expires_at: datetime
    h5_url: str | None = Field(description="Where the payer is sent (h5)")
    code_url: str | None = Field(description="What a QR code shows (native)")
    jsapi: dict[str, str] | None = Field(description="What the page hands to WeixinJSBridge, signed (jsapi)")


@operation(
    router,
    "POST",
    "/purchases/{purchase_id}/payments",
    need="person",
    answer=PaymentOut,
    refuses=[404, 409],
)
def open_payment(request: Call, purchase_id: UUID, body: PaymentIn) -> PaymentOut:
    """Open a payment at the channel, or go on with the one that is open."""
    merchant_id = merchant_of(Purchase, purchase_id, request.auth.id)
    started = start_payment(
        merchant_id,
        purchase_id,
        body.product,
        person_id=request.auth.id,
        payer=body.openid or _payer(request, merchant_id, body.product),
        client_ip=request.META.get("REMOTE_ADDR") or "127.0.0.1",
    )
    return _payment(started, _jsapi(merchant_id, started))


@operation(
    router,
    "POST",
    "/purchases/{purchase_id}/payments/refresh",
    need="person",
    answer=PurchaseOut,
    refuses=[404],
)
def refresh_payment(request: Call, purchase_id: UUID) -> PurchaseOut:
    """Back from the payment page: ask the channel now what became of it."""
    refresh_purchase(merchant_of(Purchase, purchase_id, request.auth.id), purchase_id)
    return read_purchase(request, purchase_id)


def _payer(request: Call, merchant_id: UUID, product: str) -> str:
    """The openid in the app that the payment account names, or nothing."""
    if product != "jsapi":
        return ""
    with merchant_scope(merchant_id):
        appid = current_account().appid
    return openid_of(request.auth.id, appid)


def _jsapi(merchant_id: UUID, started: PaymentStarted) -> Mapping[str, str] | None:
    if started.product != "jsapi" or "prepay_id" not in started.answer:
        return None
    return jsapi_parameters(merchant_id, started.attempt_id)


def _payment(started: PaymentStarted, jsapi: Mapping[str, str] | None) -> PaymentOut:
    told: Mapping[str, Any] = started.answer
    return PaymentOut(
        attempt_id=started.attempt_id,
        product=started.product,
        amount_fen=started.amount_fen,
        currency=started.currency,
        expires_at=started.expires_at,
        h5_url=told.get("h5_url"),
        code_url=told.get("code_url"),
        jsapi=None if jsapi is None else dict(jsapi),
    )
