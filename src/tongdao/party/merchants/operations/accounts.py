"""The merchant's account with a payment channel."""

from __future__ import annotations

from dataclasses import dataclass

from tongdao.foundation import clock, directory
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.events import MerchantAccountConnected
from tongdao.party.merchants.models import MerchantAccount
from tongdao.party.merchants.refusals import NoPaymentAccount


@dataclass(frozen=True, slots=True)
class AccountTerms:
    """What the channel gave the merchant: ids and keys. PEM texts; the API key has 32 characters."""

    mchid: str
    appid: str
    certificate_serial: str
    private_key: str
    api_v3_key: str
    platform_key_id: str
    platform_public_key: str
    gateway_url: str
    fee_bps: int = 0
    channel: str = "wechatpay"
    mode: str = "direct"


def connect_account(terms: AccountTerms, *, actor: Actor) -> MerchantAccount:
    """Take payments through this account from now on; attempts made before keep theirs."""
    now = clock.now()
    MerchantAccount.objects.filter(channel=terms.channel, effective_to__isnull=True).update(effective_to=now)
    account = MerchantAccount.objects.create(
        channel=terms.channel,
        mode=terms.mode,
        mchid=terms.mchid,
        appid=terms.appid,
        certificate_serial=terms.certificate_serial,
        private_key=terms.private_key,
        api_v3_key=terms.api_v3_key,
        platform_key_id=terms.platform_key_id,
        platform_public_key=terms.platform_public_key,
        gateway_url=terms.gateway_url.rstrip("/"),
        fee_bps=terms.fee_bps,
        callback_token=token(24),
        effective_from=now,
    )
    directory.register("callback", account.callback_token, current_merchant(), account.id)
    record(MerchantAccountConnected(channel=Code(terms.channel)), subject=account, actor=actor)
    return account


def current_account(channel: str = "wechatpay") -> MerchantAccount:
    """The account that new payments go to; raises NoPaymentAccount."""
    account = MerchantAccount.objects.filter(channel=channel, effective_to__isnull=True).first()
    if account is None:
        raise NoPaymentAccount()
    return account
