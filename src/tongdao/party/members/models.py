"""A merchant's record of a person, and what that person has said to the merchant."""

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


class MemberMerge(TenantModel):
    """Two members of the merchant are one human being: news of a merge of persons, told to each merchant
    once.

    What counts is `Person.merged_into`; this is what the merchant may know of it, and since when.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    merge_id = models.UUIDField()  # party.people: person_merge
    person_id = models.UUIDField()  # whose account goes on
    member_id = models.UUIDField()  # of that account
    other_id = models.UUIDField()  # the member that counts as the same from then on
    merged_at = models.DateTimeField()
    parted_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "member_merge"
        indexes = [models.Index(fields=["person_id"], name="member_merge_person")]
        constraints = [models.UniqueConstraint(fields=["merchant_id", "merge_id"], name="member_merge_once")]


class MemberConsent(TenantModel):
    """What a person was told by the merchant, or has said to it. The last row of a purpose holds."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id", append_only=True)

    person_id = models.UUIDField()
    purpose = models.CharField(max_length=24)  # see rulebook.consents
    given = models.BooleanField()
    version = models.CharField(max_length=24)  # of the text
    digest = models.BinaryField(max_length=32)  # of the text that was shown: party.people, consent_text
    face = models.CharField(max_length=16)  # where: "shop", "api" …
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "member_consent"
        indexes = [
            models.Index(fields=["merchant_id", "person_id", "purpose", "at"], name="member_consent_last"),
            models.Index(fields=["person_id"], name="member_consent_person"),
        ]


class NoticeChoice(TenantModel):
    """On which ways a person wants to hear of what. The last row of a purpose and channel holds."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id", append_only=True)

    person_id = models.UUIDField()
    purpose = models.CharField(max_length=16)  # see notices.NOTICES
    channel = models.CharField(max_length=8)  # see notices.CHANNELS
    wanted = models.BooleanField()
    face = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "notice_choice"
        indexes = [
            models.Index(fields=["merchant_id", "person_id", "at"], name="notice_choice_last"),
            models.Index(fields=["person_id"], name="notice_choice_person"),
        ]
