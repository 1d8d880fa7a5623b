"""Papers of a company: licences, agreements in versions, and what was agreed to."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.rulebook.trade import MAJOR_CHANGE_NOTICE_DAYS, RULE_CHANGE_NOTICE_DAYS

# The figures in a constraint are those of the day it was made; another law needs another migration.
NOTICE = timedelta(days=RULE_CHANGE_NOTICE_DAYS.versions[0].value)
MAJOR_NOTICE = timedelta(days=MAJOR_CHANGE_NOTICE_DAYS.versions[0].value)


class Licence(TenantModel):
    """A permit of the company for a kind of trade; `kind` is one of rulebook.licences. Shown to buyers.

    `due_on` is the next day on which it begins, ends or was taken back, and goods have to be looked at.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    kind = models.CharField(max_length=32)
    number = models.CharField(max_length=64)
    holder = models.CharField(max_length=120)  # whose name stands on it
    valid_from = models.DateField()  # first day, in Beijing
    valid_until = models.DateField(null=True)  # last day; null: without end
    withdrawn_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        db_table = "licence"
        indexes = [models.Index(fields=["due_on"], condition=Q(due_on__isnull=False), name="licence_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "kind", "number"],
                condition=Q(withdrawn_at__isnull=True),
                name="licence_number",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="licence_period",
            ),
        ]


class AgreementKind(models.TextChoices):
    """What an agreement is about."""

    TERMS = "terms"  # between the shop and its buyers
    PRIVACY = "privacy"  # how personal data is handled
    PROMOTER = "promoter"  # between the merchant and who recommends its goods


class AgreementVersion(TenantModel):
    """A text as it is in force from `effective_from` until the next version. Never changed, never deleted."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared", append_only=True)

    kind = models.CharField(max_length=16, choices=AgreementKind.choices)
    version = models.IntegerField()
    title = models.CharField(max_length=120)
    body_html = models.TextField()  # sanitised when written
    major = models.BooleanField(default=False)  # touches the other side's main rights: longer notice
    published_at = models.DateTimeField()
    effective_from = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "agreement_version"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "kind", "version"], name="agreement_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="agreement_version_number"),
            models.CheckConstraint(
                condition=Q(effective_from__gte=F("published_at") + NOTICE), name="agreement_notice"
            ),
            models.CheckConstraint(
                condition=Q(major=False) | Q(effective_from__gte=F("published_at") + MAJOR_NOTICE),
                name="agreement_major_notice",
            ),
        ]


class AgreementAcceptance(TenantModel):
    """A person said yes to one version."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id", append_only=True)

    agreement: TenantForeignKey[AgreementVersion, AgreementVersion] = TenantForeignKey(AgreementVersion)
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "agreement_acceptance"
        indexes = [models.Index(fields=["person_id"], name="acceptance_person")]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "agreement", "person_id"], name="acceptance_once")
        ]
