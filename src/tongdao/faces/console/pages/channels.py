"""The merchant's own accounts with the payment channel and the carriers. Keys go in and never come out."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.channels import WECHAT_KINDS, CarrierForm, PaymentForm, WechatForm
from tongdao.faces.kit.money_text import percent
from tongdao.faces.kit.shapes import Cell
from tongdao.party.merchants.models import MerchantAccount, WechatApp, WechatKind
from tongdao.party.merchants.operations import connect_account, connect_wechat
from tongdao.party.merchants.operations.accounts import AccountTerms
from tongdao.party.merchants.operations.wechat import WechatTerms
from tongdao.trade.shipping.gateway import Access, Party
from tongdao.trade.shipping.models import CarrierAccount
from tongdao.trade.shipping.operations import connect_carrier


def show(desk: Desk) -> HttpResponse:
    payment = MerchantAccount.objects.filter(effective_to__isnull=True).first()
    carrier = CarrierAccount.objects.filter(effective_to__isnull=True).first()
    context = {
        "payment": _payment(payment) if payment else None,
        "carrier": _carrier(carrier) if carrier else None,
        "wechat": [
            _wechat(app) for app in WechatApp.objects.filter(effective_to__isnull=True).order_by("kind")
        ],
        "wechat_url": desk.url("wechat_app"),
        "payment_url": desk.url("payment_account"),
        "carrier_url": desk.url("carrier_account"),
    }
    return desk.show("channels", pgettext("money and parcels", "Accounts"), context)


def _payment(account: MerchantAccount) -> list[Cell]:
    return [
        Cell(account.mchid, _("Merchant number (mchid)")),
        Cell(account.appid, _("App id")),
        Cell(account.platform_key_id, _("Id of the platform's public key"), "muted"),
        Cell(f"{percent(account.fee_bps)}%", _("Fee")),
        Cell(account.gateway_url, _("Gateway"), "muted"),
        Cell(account.effective_from, _("Since"), "time"),
    ]


def _carrier(account: CarrierAccount) -> list[Cell]:
    return [
        Cell(account.gateway, _("Gateway")),
        Cell(account.gateway_url, _("Address"), "muted"),
        Cell(account.effective_from, _("Since"), "time"),
    ]


def _wechat(app: WechatApp) -> tuple[str, list[Cell]]:
    """Where people meet it, and its rows."""
    return str(dict(WECHAT_KINDS)[app.kind]), [
        Cell(app.appid, _("App id")),
        Cell(app.gateway_url, _("Gateway"), "muted"),
        Cell(app.effective_from, _("Since"), "time"),
    ]


def payment(desk: Desk) -> HttpResponse:
    return _form_page(desk, desk.blank(PaymentForm), _("Connect WeChat Pay"))


def connect_payment(desk: Desk) -> HttpResponse:
    """The gateway's address is the installation's, not a wish."""
    typed = dict(desk.read(PaymentForm(desk.request.POST)).cleaned_data)
    fee_bps = typed.pop("fee")
    connect_account(
        AccountTerms(gateway_url=settings.ENV.wechatpay_url, fee_bps=fee_bps, **typed), actor=desk.actor
    )
    done = _("Payments go to this account from now on. Payments begun before keep theirs.")
    return desk.done(done, "channels")


def carrier(desk: Desk) -> HttpResponse:
    return _form_page(desk, desk.blank(CarrierForm), _("Connect a carrier account"))


def connect_carrier_account(desk: Desk) -> HttpResponse:
    typed = desk.read(CarrierForm(desk.request.POST)).cleaned_data
    access = Access(
        settings.ENV.carrier_url, typed["key"], typed["secret"], typed["customer"], typed["partner_id"]
    )
    sender = Party(typed["sender_name"], typed["sender_phone"], typed["sender_address"])
    connect_carrier(access, sender, actor=desk.actor)
    return desk.done(_("Waybills are booked on this account from now on."), "channels")


def wechat(desk: Desk) -> HttpResponse:
    return _form_page(desk, desk.blank(WechatForm), _("Connect an app at WeChat"))


def connect_wechat_app(desk: Desk) -> HttpResponse:
    """The gateway's address is the installation's, not a wish."""
    typed = desk.read(WechatForm(desk.request.POST)).cleaned_data
    terms = WechatTerms(
        WechatKind(typed["kind"]), typed["appid"], typed["secret"], gateway_url=settings.ENV.wechat_url
    )
    connect_wechat(terms, actor=desk.actor)
    return desk.done(_("Buyers sign in with this app from now on."), "channels")


def _form_page(desk: Desk, form: PaymentForm | CarrierForm | WechatForm, title: str) -> HttpResponse:
    crumbs = [desk.crumb(pgettext("money and parcels", "Accounts"), "channels"), desk.crumb(title)]
    context = {"crumbs": crumbs, "form": form, "back": desk.url("channels")}
    return desk.show("connect", title, context)
