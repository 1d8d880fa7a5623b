"""What was agreed about sending: freight templates, their rules by region, and which products use which."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.db.models.lookups import Regex

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel
from tongdao.goods.catalog.models import Product

PREFIXES = r'^\[("([0-9]{2}){1,3}"(, "([0-9]{2}){1,3}")*)?\]$'
"""A JSON list of division code prefixes as PostgreSQL writes it."""


class FreightTemplate(TenantModel):
    """How a merchant's goods are sent and what it costs. `version` rises with every change."""

    name = models.CharField(max_length=80)
    is_default = models.BooleanField(default=False)  # for all products without an assignment
    volume_divisor = models.IntegerField(default=6000)  # cm³ that count as one kilogram; 0: volume is ignored
    parcel_most_g = models.IntegerField(null=True)  # a heavier consignment is split; None: always one parcel
    version = models.IntegerField(default=1)
    archived_at = models.DateTimeField(null=True)  # None: in use

    class Meta(TenantModel.Meta):
        db_table = "freight_template"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id"], condition=Q(is_default=True), name="freight_template_default"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(archived_at__isnull=True), name="freight_template_in_use"
            ),
            models.CheckConstraint(
                condition=Q(volume_divisor=0) | Q(volume_divisor__gte=1000), name="freight_template_divisor"
            ),
            models.CheckConstraint(
                condition=Q(parcel_most_g__isnull=True) | Q(parcel_most_g__gt=0),
                name="freight_template_parcel",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="freight_template_version"),
        ]


class FreightRule(TenantModel):
    """What one parcel costs to the regions in `prefixes`; an empty list is everywhere else."""

    template: TenantForeignKey[FreightTemplate, FreightTemplate] = TenantForeignKey(
        FreightTemplate, related_name="rules"
    )
    position = models.IntegerField()
    prefixes = models.JSONField(default=list)  # prefixes of GB/T 2260 codes: 2, 4 or 6 digits, as strings
    first_g = models.IntegerField()  # grams that `first_fee_fen` covers
    first_fee_fen = MoneyField()  # fen for a parcel of up to `first_g`
    step_g = models.IntegerField()  # grams of one further step
    step_fee_fen = MoneyField()  # fen for each further step begun
    free_from_fen = MoneyField(null=True)  # goods of the template after discounts; None: never free
    not_served = models.BooleanField(default=False)  # nothing is delivered there

    class Meta(TenantModel.Meta):
        db_table = "freight_rule"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "template", "position"], name="freight_rule_position"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "template"], condition=Q(prefixes=[]), name="freight_rule_elsewhere"
            ),
            models.CheckConstraint(
                condition=Regex(Cast(F("prefixes"), models.TextField()), PREFIXES),
                name="freight_rule_prefixes",
            ),
            models.CheckConstraint(condition=Q(first_g__gte=1, step_g__gte=1), name="freight_rule_weights"),
            models.CheckConstraint(
                condition=Q(first_fee_fen__gte=0, step_fee_fen__gte=0), name="freight_rule_fees"
            ),
            models.CheckConstraint(
                condition=Q(free_from_fen__isnull=True) | Q(free_from_fen__gt=0), name="freight_rule_free"
            ),
        ]


class FreightAssignment(TenantModel):
    """This product is sent under this template, not under the default."""

    product: TenantForeignKey[Product, Product] = TenantForeignKey(Product, indexed=False)
    template: TenantForeignKey[FreightTemplate, FreightTemplate] = TenantForeignKey(FreightTemplate)

    class Meta(TenantModel.Meta):
        db_table = "freight_assignment"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "product"], name="freight_assignment_product")
        ]
