"""Sums from which reputation is computed, kept by the event log. Nothing else writes here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.tenancy import TenantModel, TenantRules


class StandingKind(models.TextChoices):
    """Of whom or what a standing is."""

    PRODUCT = "product"
    MERCHANT = "merchant"  # its subject is the merchant itself
    PROMOTER = "promoter"  # of what it recommended to others


class Standing(TenantModel):
    """What happened with a product, at a merchant, or after a promoter's word. Times are sums of seconds."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    kind = models.CharField(max_length=8, choices=StandingKind.choices)
    subject_id = models.UUIDField()
    stars_1 = models.IntegerField(default=0)  # counted reviews, by stars
    stars_2 = models.IntegerField(default=0)
    stars_3 = models.IntegerField(default=0)
    stars_4 = models.IntegerField(default=0)
    stars_5 = models.IntegerField(default=0)
    units_sent = models.IntegerField(default=0)  # of orders that left whole
    units_back = models.IntegerField(default=0)  # of those, for which money went back
    orders_sent = models.IntegerField(default=0)
    orders_in_time = models.IntegerField(default=0)  # left by the promised moment
    seconds_to_send = models.BigIntegerField(default=0)  # from payment to leaving, over `orders_sent`
    parcels_delivered = models.IntegerField(default=0)
    seconds_to_deliver = models.BigIntegerField(default=0)  # from payment to signing, over those parcels
    answers = models.IntegerField(default=0)  # of reviews
    seconds_to_answer = models.BigIntegerField(default=0)  # from review to answer, over `answers`

    class Meta(TenantModel.Meta):
        db_table = "standing"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "kind", "subject_id"], name="standing_once")
        ]


class OrderSent(TenantModel):
    """Which orders have been counted as sent: a parcel that comes back and leaves again counts once."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    order_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        db_table = "order_sent"
        constraints = [models.UniqueConstraint(fields=["merchant_id", "order_id"], name="order_sent_once")]
