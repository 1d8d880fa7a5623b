from __future__ import annotations

from django.db import models
from django.db.models import Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel
from tongdao.trade.orders.models.purchase import Purchase


class PaymentSchedule(TenantModel):
    """What a purchase owes and by when: one row today; deposits and final payments are further ones."""

    purchase: TenantForeignKey[Purchase, Purchase] = TenantForeignKey(Purchase, related_name="schedule")
    position = models.IntegerField()
    amount_fen = MoneyField()  # to be paid with this step
    currency = models.CharField(max_length=3)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="due")  # see states.SCHEDULE
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        db_table = "payment_schedule"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "purchase", "position"], name="payment_schedule_position"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="payment_schedule_amount"),
        ]
