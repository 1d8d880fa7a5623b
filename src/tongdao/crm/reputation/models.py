"""Sums from which reputation is computed, and the states behind them. Kept by the event log alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

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
    units_sent = models.IntegerField(default=0)  # that left in a parcel
    units_back = models.IntegerField(default=0)  # of those, for which money went back
    orders_sent = models.IntegerField(default=0)  # that left whole
    orders_in_time = models.IntegerField(default=0)  # left by the promised moment
    seconds_to_send = models.BigIntegerField(default=0)  # from payment to leaving, over `orders_sent`
    parcels_delivered = models.IntegerField(default=0)
    seconds_to_deliver = models.BigIntegerField(default=0)  # from payment to signing, over those parcels
    disputes = models.IntegerField(default=0)  # taken to the platform, and not taken back
    disputes_ruled = models.IntegerField(default=0)  # of those, carried out
    disputes_lost = models.IntegerField(default=0)  # of those, against the shop, in whole or in part
    waits = models.IntegerField(default=0)  # conversations and cases in which a buyer waited
    waits_in_time = models.IntegerField(default=0)  # of those, answered in time at their slowest
    seconds_waited = models.BigIntegerField(default=0)  # the longest of each, over `waits`
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


class LineStanding(TenantModel):
    """What became of an order line (counting.LineState)."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    line_id = models.UUIDField()
    sent = models.IntegerField(default=0)
    gone = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    back_fen = models.BigIntegerField(default=0)
    stars = models.SmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "line_standing"
        constraints = [models.UniqueConstraint(fields=["merchant_id", "line_id"], name="line_standing_once")]


class StandingWait(TenantModel):
    """A conversation or a case in which a buyer waits or waited (counting.WaitState), and for whom."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    wait_id = models.UUIDField()  # the conversation, or the case
    kind = models.CharField(max_length=8, choices=StandingKind.choices)
    subject_id = models.UUIDField()
    since = models.DateTimeField(null=True)
    longest = models.BigIntegerField(null=True)  # seconds
    in_time = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        db_table = "standing_wait"
        indexes = [
            models.Index(
                fields=["merchant_id", "kind", "subject_id", "since"],
                condition=Q(since__isnull=False),
                name="standing_wait_open",
            )
        ]
        constraints = [models.UniqueConstraint(fields=["merchant_id", "wait_id"], name="standing_wait_once")]
