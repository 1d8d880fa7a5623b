"""Who works for the merchant, as what, and who was asked to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules

ONE_ROLE = Q(role="", custom__isnull=False) | (~Q(role="") & Q(custom__isnull=True))


class Role(models.TextChoices):
    """What a member of staff may do; the matrix is party.merchants.permissions."""

    OWNER = "owner"  # everything, staff included
    OPERATIONS = "operations"  # goods, stock, orders, shipping
    SERVICE = "service"  # orders and buyers, no prices
    FINANCE = "finance"  # money, read orders
    READ_ONLY = "read_only"  # sees what operations sees, changes nothing


class StaffRole(TenantModel):
    """A role of the merchant's own. `permissions` are codes of the matrix; one that is no more is ignored."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    label = models.CharField(max_length=40)
    permissions = models.JSONField(default=list)  # list of codes, sorted
    archived_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "staff_role"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "label"],
                condition=Q(archived_at__isnull=True),
                name="staff_role_label",
            )
        ]


class StaffMember(TenantModel):
    """A person who works for the merchant: in a role of the house's, or in one of the merchant's own."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    person_id = models.UUIDField()
    role = models.CharField(max_length=16, choices=Role.choices, blank=True)  # empty where `custom` is set
    custom: TenantForeignKey[StaffRole | None, StaffRole | None] = TenantForeignKey(
        StaffRole, null=True, related_name="holders"
    )
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "staff_member"
        indexes = [models.Index(fields=["person_id"], name="staff_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "person_id"], condition=Q(left_at__isnull=True), name="staff_once"
            ),
            models.CheckConstraint(condition=ONE_ROLE, name="staff_one_role"),
        ]


class StaffInvitation(TenantModel):
    """A link by which one signed-in person becomes staff. Only its token's digest is kept, in the directory.

    `open` until somebody accepts it, it is taken back, or `expires_at` has passed.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    role = models.CharField(max_length=16, choices=Role.choices, blank=True)
    custom: TenantForeignKey[StaffRole | None, StaffRole | None] = TenantForeignKey(StaffRole, null=True)
    for_whom = EncryptedTextField()  # as the inviter wrote it, to tell invitations apart
    invited_by = models.UUIDField()  # the person whose rights it stands on
    state = models.CharField(max_length=10, default="open")
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)  # when it was accepted or taken back

    class Meta(TenantModel.Meta):
        db_table = "staff_invitation"
        constraints = [models.CheckConstraint(condition=ONE_ROLE, name="invitation_one_role")]
