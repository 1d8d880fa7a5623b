"""Channel partners, who own or move goods, and promoters, who refer. Nothing here points at an inviter."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules


class PartnerKind(models.TextChoices):
    """What a node of the channel does."""

    SELF = "self"  # the merchant's own node: it owns stock and sells
    FACTORY = "factory"
    WHOLESALER = "wholesaler"
    RETAILER = "retailer"
    AGENT = "agent"


class Partner(TenantModel):
    """A node of the merchant's channel: it owns stock, ships it, and may be the seller of an order."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="id")

    kind = models.CharField(max_length=16, choices=PartnerKind.choices)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        db_table = "partner"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id"], condition=Q(kind="self"), name="partner_one_own_node"
            )
        ]


class Promoter(TenantModel):
    """A person who refers and earns on the sale; joins free of charge, leaves at any time."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    person_id = models.UUIDField()
    shown_name = EncryptedTextField()  # what buyers read beside "recommended by"
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "promoter"
        indexes = [models.Index(fields=["person_id"], name="promoter_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "person_id"], condition=Q(left_at__isnull=True), name="promoter_once"
            )
        ]


class PromoterAgreement(TenantModel):
    """A text that promoters of this merchant have agreed to, word for word, kept when the first one did."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    version = models.CharField(max_length=24)
    language = models.CharField(max_length=10)
    text = models.TextField()
    digest = models.BinaryField(max_length=32)  # SHA-256 of the text
    stored_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "promoter_agreement"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "digest"], name="promoter_agreement_once")
        ]


class PromoterConsent(TenantModel):
    """A promoter has read a text, agreed to it and declared its age. `version` is the text's."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id", append_only=True)

    promoter: TenantForeignKey[Promoter, Promoter] = TenantForeignKey(Promoter)
    agreement: TenantForeignKey[PromoterAgreement, PromoterAgreement] = TenantForeignKey(
        PromoterAgreement, indexed=False
    )
    person_id = models.UUIDField()
    version = models.CharField(max_length=24)
    age_from = models.IntegerField()  # "I am so many years of age or older"
    listed_occupation = models.BooleanField()  # student, teacher, medical staff, civil servant, soldier
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "promoter_consent"
        indexes = [models.Index(fields=["person_id"], name="promoter_consent_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "promoter", "version"], name="promoter_consent_once"
            )
        ]
