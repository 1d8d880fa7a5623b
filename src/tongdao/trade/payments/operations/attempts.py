"""Opening a payment at the channel: our row first, the channel outside any scope, then its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from uuid import UUID

from django.conf import settings

from tongdao.foundation import clock, directory
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import current_merchant, merchant_scope
from tongdao.party.merchants.models import Storefront
from tongdao.party.merchants.operations import current_account
from tongdao.rulebook import trade
from tongdao.trade.orders.models import Order, PaymentSchedule, Purchase
from tongdao.trade.orders.operations.closing import lock_purchase
from tongdao.trade.payments.gateways import Credentials, GatewayDown, GatewayRefused, PayTerms, gateway_for
from tongdao.trade.payments.models import PaymentAttempt
from tongdao.trade.payments.refusals import (
    PayerUnknown,
    PaymentKindUnknown,
    PaymentNotPossible,
    PaymentRefused,
    PaymentUnavailable,
)
from tongdao.trade.payments.states import ATTEMPT

Product = Literal["jsapi", "h5", "native"]
PRODUCTS = ("jsapi", "h5", "native")
H5_LINK = timedelta(minutes=5)  # so long the channel's h5_url works; prepay_id and code_url work two hours
FIRST_CHECK = timedelta(seconds=10)  # when the channel is asked if its notification has not come


@dataclass(frozen=True, slots=True)
class PaymentStarted:
    """An attempt that the buyer can pay. `answer` is what the page needs."""

    attempt_id: UUID
    product: str
    amount_fen: Fen
    currency: str
    expires_at: datetime
    answer: Mapping[str, Any]


def start_payment(
    merchant_id: UUID,
    purchase_id: UUID,
    product: str,
    *,
    person_id: UUID,
    payer: str = "",
    client_ip: str = "127.0.0.1",
) -> PaymentStarted:
    """Open a payment, or return the one that is open. Opens its own scopes.

    Raises NotFound, PaymentKindUnknown, PayerUnknown, PaymentNotPossible, PaymentUnavailable, PaymentRefused.
    A crash between the two scopes leaves an attempt that the next call goes on with, under the same number.
    """
    if product not in PRODUCTS:
        raise PaymentKindUnknown(product=product[:16])
    if product == "jsapi" and not payer:
        raise PayerUnknown()
    with merchant_scope(merchant_id):
        attempt = _attempt(purchase_id, product, person_id)
        credentials = Credentials.of(attempt.account)
        terms = _terms(attempt, payer, client_ip, credentials)
    if attempt.state == "created":
        answer = _open(credentials, terms)
        with merchant_scope(merchant_id):
            attempt = _opened(attempt, answer)
    return PaymentStarted(
        attempt.id,
        attempt.product,
        Fen(attempt.amount_fen),
        attempt.currency,
        attempt.expires_at,
        attempt.answer,
    )


def _attempt(purchase_id: UUID, product: str, person_id: UUID) -> PaymentAttempt:
    """The attempt to go on with: an unfinished one of the same kind that can still be paid, or a new one."""
    purchase = Purchase.objects.filter(pk=purchase_id, person_id__same_as=person_id).first()
    if purchase is None:
        raise NotFound()
    now = clock.now()
    orders = Order.objects.filter(pk__in=lock_purchase(purchase_id))
    expires_at = purchase.pay_by - trade.CHANNEL_EXPIRY_MARGIN.on(purchase.placed_at)
    if now >= expires_at or any(order.state != "placed" for order in orders):
        raise PaymentNotPossible()
    account = current_account()
    found = PaymentAttempt.objects.select_related("account").filter(
        purchase_id=purchase_id, product=product, account=account, state__in=["created", "open"]
    )
    if product == "h5":
        found = found.filter(created_at__gt=now - H5_LINK)
    return found.order_by("-id").first() or _new_attempt(purchase, product, expires_at, now)


def _new_attempt(purchase: Purchase, product: str, expires_at: datetime, now: datetime) -> PaymentAttempt:
    schedule = PaymentSchedule.objects.get(purchase=purchase, state="due")
    attempt = PaymentAttempt.objects.create(
        schedule=schedule,
        purchase=purchase,
        account=current_account(),
        trade_no=uuid7().hex,
        product=product,
        amount_fen=schedule.amount_fen,
        currency=schedule.currency,
        created_at=now,
        expires_at=expires_at,
        check_at=now + FIRST_CHECK,
    )
    directory.register("trade_no", attempt.trade_no, current_merchant(), attempt.id)
    return attempt


def _terms(attempt: PaymentAttempt, payer: str, client_ip: str, credentials: Credentials) -> PayTerms:
    """The same for every call about one attempt, so that the channel sees one and the same order."""
    purchase = Purchase.objects.get(pk=attempt.purchase_id)
    shop = Storefront.objects.get(pk=purchase.storefront_id)
    number = Order.objects.filter(purchase=purchase).order_by("number").values_list("number", flat=True)[0]
    return PayTerms(
        product=cast(Product, attempt.product),
        trade_no=attempt.trade_no,
        description=f"{shop.name} {number}"[:120],
        amount_fen=Fen(attempt.amount_fen),
        expires_at=attempt.expires_at,
        notify_url=notify_url(credentials),
        payer=payer,
        client_ip=client_ip,
    )


def jsapi_parameters(merchant_id: UUID, attempt_id: UUID) -> Mapping[str, str]:
    """What a page hands to WeixinJSBridge for this attempt, signed. Opens its own scope."""
    with merchant_scope(merchant_id):
        attempt = PaymentAttempt.objects.select_related("account").get(pk=attempt_id)
        credentials = Credentials.of(attempt.account)
    return gateway_for(credentials).jsapi_parameters(attempt.answer["prepay_id"])


def notify_url(credentials: Credentials) -> str:
    """Where the channel tells of payments and refunds of this account."""
    return f"{settings.BASE_URL}/callbacks/wechat/{credentials.callback_token}"


def _open(credentials: Credentials, terms: PayTerms) -> Mapping[str, Any]:
    try:
        return gateway_for(credentials).open(terms)
    except GatewayDown as error:
        raise PaymentUnavailable() from error
    except GatewayRefused as error:
        raise PaymentRefused(channel_code=error.code) from error


def _opened(attempt: PaymentAttempt, answer: Mapping[str, Any]) -> PaymentAttempt:
    claim(ATTEMPT, "created", "open", PaymentAttempt, [attempt.id])
    PaymentAttempt.objects.filter(pk=attempt.id).update(answer=dict(answer))
    return PaymentAttempt.objects.select_related("account").get(pk=attempt.id)
