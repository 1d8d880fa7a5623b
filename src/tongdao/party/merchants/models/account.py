"""Where the merchant's money goes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantModel


class MerchantAccount(TenantModel):
    """The merchant's own account with a payment channel; money goes to it, never to the platform.

    Keys change in time, so a row holds from `effective_from` to `effective_to`; attempts keep theirs.
    """

    channel = models.CharField(max_length=16)  # "wechatpay"
    mode = models.CharField(max_length=16)  # "direct": the merchant's own contract with the channel
    mchid = models.CharField(max_length=32)
    appid = models.CharField(max_length=32)
    certificate_serial = models.CharField(max_length=64)
    private_key = EncryptedTextField()  # PEM, RSA
    api_v3_key = EncryptedTextField()  # 32 characters
    platform_key_id = models.CharField(max_length=64)
    platform_public_key = models.TextField()  # PEM
    gateway_url = models.CharField(max_length=200)
    fee_bps = models.IntegerField(default=0)  # basis points that the channel keeps of each payment
    callback_token = models.CharField(max_length=32)
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "merchant_account"
        constraints = [
            models.CheckConstraint(condition=Q(fee_bps__range=(0, 10_000)), name="merchant_account_fee"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="merchant_account_period",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "channel"],
                condition=Q(effective_to__isnull=True),
                name="merchant_account_current",
            ),
        ]
