"""A merchant's record of a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.tenancy import TenantModel, TenantRules


class Member(TenantModel):
    """One person as one merchant knows it: made at the first order or sign-up, never twice."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    person_id = models.UUIDField()
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        db_table = "member"
        indexes = [models.Index(fields=["person_id"], name="member_person")]
        constraints = [models.UniqueConstraint(fields=["merchant_id", "person_id"], name="member_once")]
