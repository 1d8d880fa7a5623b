"""A merchant's accounts with payment channel and carrier gateway. Secrets go in and never come out."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.conf import settings
from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Text
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.models import MerchantAccount, WechatApp, WechatKind
from tongdao.party.merchants.operations import connect_account, connect_wechat, current_account
from tongdao.party.merchants.operations.accounts import AccountTerms
from tongdao.party.merchants.operations.wechat import WechatTerms
from tongdao.trade.shipping.gateway import Access, Party
from tongdao.trade.shipping.models import CarrierAccount
from tongdao.trade.shipping.operations import connect_carrier

router = Router(tags=["accounts"])


class PaymentAccountIn(Input):
    """What the channel gave the merchant. The gateway's address is the installation's, not a wish."""

    mchid: Text = Field(min_length=1, max_length=32, pattern=r"^[0-9]+$")
    appid: Text = Field(min_length=1, max_length=32, pattern=r"^[0-9A-Za-z_]+$")
    certificate_serial: Text = Field(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_]+$")
    private_key: Text = Field(max_length=8_192, description="PEM, RSA")
    api_v3_key: Text = Field(pattern=r"^[0-9A-Za-z]{32}$")
    platform_key_id: Text = Field(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_]+$")
    platform_public_key: Text = Field(max_length=8_192, description="PEM, RSA")
    fee_bps: int = Field(0, strict=True, ge=0, le=10_000, description="Basis points that the channel keeps")


class PaymentAccountOut(Schema):
    channel: str
    mode: str
    mchid: str
    appid: str
    certificate_serial: str
    platform_key_id: str
    fee_bps: int
    callback_url: str
    effective_from: datetime


class WechatAppIn(Input):
    """What WeChat gave the merchant. The gateway's address is the installation's, not a wish."""

    kind: WechatKind
    appid: Text = Field(min_length=1, max_length=32, pattern=r"^[0-9A-Za-z_]+$")
    secret: Text = Field(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_]+$")


class WechatAppOut(Schema):
    kind: WechatKind
    appid: str
    effective_from: datetime


class SenderIn(Input):
    """As printed on waybills."""

    name: Text = Field(min_length=1, max_length=40)
    phone: Text = Field(min_length=1, max_length=20)
    address: Text = Field(min_length=1, max_length=200)


class CarrierAccountIn(Input):
    gateway: Literal["kuaidi100"] = "kuaidi100"
    key: Text = Field(min_length=1, max_length=200)
    secret: Text = Field(min_length=1, max_length=200)
    customer: Text = Field(min_length=1, max_length=200)
    partner_id: Text = Field(min_length=1, max_length=200)
    sender: SenderIn


class CarrierAccountOut(Schema):
    account_id: UUID
    gateway: str
    effective_from: datetime


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/payment-account",
    need="channels.connect",
    answer=PaymentAccountOut,
    refuses=[409],
)
def read_payment_account(request: Call, merchant_id: UUID) -> PaymentAccountOut:
    """The account that payments go to, without its keys."""
    return _payment(current_account())


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/payment-account",
    need="channels.connect",
    answer=PaymentAccountOut,
    status=201,
)
def connect_payment_account(request: Call, merchant_id: UUID, body: PaymentAccountIn) -> PaymentAccountOut:
    """Take payments through this account from now on."""
    terms = AccountTerms(gateway_url=settings.ENV.wechatpay_url, **body.model_dump())
    return _payment(connect_account(terms, actor=as_staff(request)))


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/wechat-apps",
    need="channels.connect",
    answer=list[WechatAppOut],
)
def list_wechat_apps(request: Call, merchant_id: UUID) -> list[WechatAppOut]:
    """The apps at WeChat in use, without their secrets."""
    return [_wechat(row) for row in WechatApp.objects.filter(effective_to__isnull=True).order_by("kind")]


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/wechat-apps",
    need="channels.connect",
    answer=WechatAppOut,
    status=201,
)
def connect_wechat_app(request: Call, merchant_id: UUID, body: WechatAppIn) -> WechatAppOut:
    """Use this app of its kind from now on, in place of the one until now."""
    terms = WechatTerms(body.kind, body.appid, body.secret, gateway_url=settings.ENV.wechat_url)
    return _wechat(connect_wechat(terms, actor=as_staff(request)))


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/carrier-account",
    need="channels.connect",
    answer=CarrierAccountOut,
)
def read_carrier_account(request: Call, merchant_id: UUID) -> CarrierAccountOut:
    """The carrier account in use, without its keys."""
    row = CarrierAccount.objects.filter(effective_to__isnull=True).order_by("-effective_from").first()
    if row is None:
        raise NotFound()
    return _carrier(row)


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/carrier-account",
    need="channels.connect",
    answer=CarrierAccountOut,
    status=201,
)
def connect_carrier_account(request: Call, merchant_id: UUID, body: CarrierAccountIn) -> CarrierAccountOut:
    """Book waybills on this account from now on."""
    access = Access(settings.ENV.carrier_url, body.key, body.secret, body.customer, body.partner_id)
    sender = Party(body.sender.name, body.sender.phone, body.sender.address)
    id = connect_carrier(access, sender, gateway=body.gateway, actor=as_staff(request))
    return _carrier(CarrierAccount.objects.get(pk=id))


def _payment(account: MerchantAccount) -> PaymentAccountOut:
    return PaymentAccountOut(
        channel=account.channel,
        mode=account.mode,
        mchid=account.mchid,
        appid=account.appid,
        certificate_serial=account.certificate_serial,
        platform_key_id=account.platform_key_id,
        fee_bps=account.fee_bps,
        callback_url=f"{settings.BASE_URL}/callbacks/wechat/{account.callback_token}",
        effective_from=account.effective_from,
    )


def _wechat(app: WechatApp) -> WechatAppOut:
    return WechatAppOut(kind=WechatKind(app.kind), appid=app.appid, effective_from=app.effective_from)


def _carrier(account: CarrierAccount) -> CarrierAccountOut:
    return CarrierAccountOut(
        account_id=account.id, gateway=account.gateway, effective_from=account.effective_from
    )
