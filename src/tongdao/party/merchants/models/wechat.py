"""The merchant's apps at WeChat: by which buyers sign in, pay inside WeChat and share."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantModel


class WechatKind(models.TextChoices):
    """Where people meet the app; each has its own openids."""

    OFFICIAL = "official"  # official account: pages inside WeChat
    WEBSITE = "website"  # a code to scan beside a page in another browser
    MINI = "mini"  # mini-program


class WechatApp(TenantModel):
    """An app of one kind. Secrets change in time, so a row holds from `effective_from` to `effective_to`.

    The ticket signs pages for sharing. One asks WeChat for it at a time, and all use what it got.
    """

    kind = models.CharField(max_length=8, choices=WechatKind.choices)
    appid = models.CharField(max_length=32)
    secret = EncryptedTextField()
    gateway_url = models.CharField(max_length=200)
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True)
    ticket = EncryptedTextField(null=True)
    ticket_until = models.DateTimeField(null=True)
    ticket_asked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "wechat_app"
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="wechat_app_period",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "kind"],
                condition=Q(effective_to__isnull=True),
                name="wechat_app_current",
            ),
        ]
