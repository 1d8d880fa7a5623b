"""Commission plans: what a promoter earns on a sale. Read at quote time, frozen on the order line."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.goods.catalog.models import Product, Sku
from tongdao.party.network.models import Promoter


class CommissionPlan(TenantModel):
    """One version of the merchant's plan. Its rules never change; before it begins it may be withdrawn."""

    version = models.IntegerField()
    effective_from = models.DateTimeField()
    effective_to = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # before it began: it never holds
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)  # the person on the staff
    why = models.CharField(max_length=200, default="", blank=True)  # in the words of who published it
    grades_due_at = models.DateTimeField(null=True)  # when promoters are graded next; None: it has no grades

    class Meta(TenantModel.Meta):
        db_table = "commission_plan"
        indexes = [
            models.Index(
                fields=["grades_due_at"],
                condition=Q(grades_due_at__isnull=False),
                name="commission_plan_grades_due",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "version"], name="commission_plan_version"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="commission_plan_period",
            ),
            models.UniqueConstraint(
                fields=["merchant_id"],
                condition=Q(effective_to__isnull=True, withdrawn_at__isnull=True),
                name="commission_plan_current",
            ),
        ]


class CommissionRule(TenantModel):
    """One rule of a version. The first whose conditions all hold serves; an empty condition always holds."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    plan: TenantForeignKey[CommissionPlan, CommissionPlan] = TenantForeignKey(
        CommissionPlan, related_name="rules"
    )
    position = models.IntegerField()  # from 1; the last one holds for everything
    product: TenantForeignKey[Product | None, Product | None] = TenantForeignKey(
        Product, null=True, indexed=False
    )
    sku: TenantForeignKey[Sku | None, Sku | None] = TenantForeignKey(Sku, null=True, indexed=False)
    category = models.CharField(max_length=32, default="", blank=True)  # of the product
    channel = models.CharField(max_length=24, default="", blank=True)  # entrance of the link that counts
    grade = models.CharField(max_length=24, default="", blank=True)  # name of a grade of the same version
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    rate_bps = models.IntegerField(null=True)  # of what the buyer pays for the line, without freight; or …
    unit_fen = MoneyField(null=True)  # … a fixed amount for each unit
    least_fen = MoneyField(null=True)  # for each unit, at least
    most_fen = MoneyField(null=True)  # for each unit, at most
    budget_fen = MoneyField(null=True)  # that the rule may pay in all; then the next rule serves
    pays_own = models.BooleanField(default=False)  # also for what the promoter buys

    class Meta(TenantModel.Meta):
        db_table = "commission_rule"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "plan", "position"], name="commission_rule_position"
            ),
            models.CheckConstraint(
                condition=Q(rate_bps__isnull=True, unit_fen__gt=0)
                | Q(unit_fen__isnull=True, rate_bps__range=(0, 10_000)),
                name="commission_rule_reward",
            ),
            models.CheckConstraint(
                condition=(Q(least_fen__isnull=True) | Q(least_fen__gt=0))
                & (Q(most_fen__isnull=True) | Q(most_fen__gt=0))
                & (Q(least_fen__isnull=True) | Q(most_fen__isnull=True) | Q(most_fen__gte=F("least_fen"))),
                name="commission_rule_limits",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="commission_rule_period",
            ),
            models.CheckConstraint(
                condition=Q(budget_fen__isnull=True) | Q(budget_fen__gt=0), name="commission_rule_budget"
            ),
        ]


class CommissionGrade(TenantModel):
    """A grade of a version and what it takes: own sales to others, and few of them refunded. Nothing else."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    plan: TenantForeignKey[CommissionPlan, CommissionPlan] = TenantForeignKey(
        CommissionPlan, related_name="grades"
    )
    position = models.IntegerField()  # from 1, the easiest; the highest one reached counts
    name = models.CharField(max_length=24)
    least_fen = MoneyField()  # own completed sales to others in the last 90 days
    most_refunded_bps = models.IntegerField(default=10_000)  # of those orders, at most so many given back

    class Meta(TenantModel.Meta):
        db_table = "commission_grade"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "plan", "position"], name="commission_grade_position"
            ),
            models.UniqueConstraint(fields=["merchant_id", "plan", "name"], name="commission_grade_name"),
            models.CheckConstraint(
                condition=Q(least_fen__gte=0, most_refunded_bps__range=(0, 10_000)),
                name="commission_grade_figures",
            ),
        ]


class CommissionBudget(TenantModel):
    """How much a rule with a budget has promised. Written under its own lock (rank BUDGET)."""

    rule: TenantForeignKey[CommissionRule, CommissionRule] = TenantForeignKey(
        CommissionRule, related_name="budgets", indexed=False
    )
    budget_fen = MoneyField()  # the rule's
    spent_fen = MoneyField(default=0)  # promised to orders and not given back

    class Meta(TenantModel.Meta):
        db_table = "commission_budget"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "rule"], name="commission_budget_rule"),
            models.CheckConstraint(
                condition=Q(spent_fen__gte=0, spent_fen__lte=F("budget_fen")), name="commission_budget_spent"
            ),
        ]


class CommissionUse(TenantModel):
    """What one order took of a rule's budget, and how much of it came back."""

    rule: TenantForeignKey[CommissionRule, CommissionRule] = TenantForeignKey(
        CommissionRule, related_name="uses", indexed=False
    )
    order_id = models.UUIDField()
    taken_fen = MoneyField()
    back_fen = MoneyField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "commission_use"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "order_id", "rule"], name="commission_use_once"),
            models.CheckConstraint(
                condition=Q(taken_fen__gt=0, back_fen__gte=0, back_fen__lte=F("taken_fen")),
                name="commission_use_back",
            ),
        ]


class PromoterGrade(TenantModel):
    """A promoter's grade from a moment on, with the figures that gave it. The latest row counts."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    promoter: TenantForeignKey[Promoter, Promoter] = TenantForeignKey(Promoter, indexed=False)
    grade = models.CharField(max_length=24, default="", blank=True)  # empty: none
    plan_version = models.IntegerField()  # whose thresholds were asked for
    sales_fen = MoneyField()  # own completed sales to others in the 90 days before
    orders = models.IntegerField()  # in which these were
    refunded = models.IntegerField()  # of them, given back for reasons on the promoter's side
    effective_from = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "promoter_grade"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "promoter", "effective_from"], name="promoter_grade_moment"
            ),
            models.CheckConstraint(
                condition=Q(sales_fen__gte=0, orders__gte=0, refunded__gte=0, refunded__lte=F("orders")),
                name="promoter_grade_figures",
            ),
        ]


class PlanDraft(TenantModel):
    """The plan that the merchant is working on: one. What it says is checked when it is published."""

    rules = models.JSONField(default=list)  # as terms.plans.drafting writes them, in their order
    grades = models.JSONField(default=list)
    version = models.IntegerField(default=1)  # rises with every change
    changed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "commission_draft"
        constraints = [models.UniqueConstraint(fields=["merchant_id"], name="commission_draft_one")]
