"""The merchant's account with a payment channel."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from tongdao.foundation import clock, directory
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.events import MerchantAccountConnected
from tongdao.party.merchants.models import MerchantAccount
from tongdao.party.merchants.refusals import NoPaymentAccount, PaymentKeyInvalid


@dataclass(frozen=True, slots=True)
class AccountTerms:
    """What the channel gave the merchant: ids and keys. PEM texts; the API key has 32 characters."""

    mchid: str
    appid: str
    certificate_serial: str
    private_key: str = field(repr=False)
    api_v3_key: str = field(repr=False)
    platform_key_id: str
    platform_public_key: str
    gateway_url: str
    fee_bps: int = 0
    channel: str = "wechatpay"
    mode: str = "direct"


def connect_account(terms: AccountTerms, *, actor: Actor) -> MerchantAccount:
    """Take payments through this account from now on; attempts made before keep theirs.

    Raises PaymentKeyInvalid, naming the key: a wrong one would only show when somebody pays.
    """
    _check_keys(terms)
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


def _check_keys(terms: AccountTerms) -> None:
    if len(terms.api_v3_key.encode("utf-8", "replace")) != 32:
        raise PaymentKeyInvalid(field="api_v3_key")
    try:
        private = load_pem_private_key(terms.private_key.encode("utf-8", "replace"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # TypeError: it has a password
        raise PaymentKeyInvalid(field="private_key") from error
    try:
        public = load_pem_public_key(terms.platform_public_key.encode("utf-8", "replace"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise PaymentKeyInvalid(field="platform_public_key") from error
    if not isinstance(private, RSAPrivateKey):
        raise PaymentKeyInvalid(field="private_key")
    if not isinstance(public, RSAPublicKey):
        raise PaymentKeyInvalid(field="platform_public_key")


def current_account(channel: str = "wechatpay") -> MerchantAccount:
    """The account that new payments go to; raises NoPaymentAccount."""
    account = MerchantAccount.objects.filter(channel=channel, effective_to__isnull=True).first()
    if account is None:
        raise NoPaymentAccount()
    return account
