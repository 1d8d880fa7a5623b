"""Facts kept by the event log: one row a member, one row a day. Nothing else writes here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantModel, TenantRules


class MemberFacts(TenantModel):
    """What a person has bought from the merchant, as of the last event read; who only joined: nothing."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    person_id = models.UUIDField()
    joined_at = models.DateTimeField(null=True)  # null: paid before its joining was read
    orders_paid = models.IntegerField(default=0)
    paid_fen = MoneyField(default=0)  # sum of paid orders, refunds not taken off
    refunded_fen = MoneyField(default=0)  # sum of refunds that the channel has paid
    first_paid_at = models.DateTimeField(null=True)
    last_paid_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "member_facts"
        indexes = [
            models.Index(fields=["person_id"], name="member_facts_person"),
            models.Index(fields=["merchant_id", "paid_fen", "id"], name="member_facts_paid"),
            models.Index(fields=["merchant_id", "last_paid_at", "id"], name="member_facts_last"),
        ]
        constraints = [models.UniqueConstraint(fields=["merchant_id", "person_id"], name="member_facts_once")]


class SalesDay(TenantModel):
    """A day of the merchant's trade, in Beijing's calendar."""

    day = models.DateField()
    orders_placed = models.IntegerField(default=0)
    orders_paid = models.IntegerField(default=0)
    paid_fen = MoneyField(default=0)  # of the orders paid on this day
    refunded_fen = MoneyField(default=0)  # paid back on this day

    class Meta(TenantModel.Meta):
        db_table = "sales_day"
        constraints = [models.UniqueConstraint(fields=["merchant_id", "day"], name="sales_day_once")]
