"""The foundation's own tables. The event log's stand in foundation.events.models."""

from __future__ import annotations

from django.db import models

from tongdao.foundation.events.models import Event, Intent
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import TenantModel

__all__ = [
    "DirectoryEntry",
    "Event",
    "FeatureSwitch",
    "IdempotencyKey",
    "Intent",
    "OperatorDeed",
    "Throttle",
]


class DirectoryEntry(models.Model):
    """A token that is unique across merchants and leads to its row. Global: it carries no payload."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16)
    token = models.CharField(max_length=128)
    merchant_id = models.UUIDField()
    target_id = models.UUIDField()

    class Meta:
        db_table = "directory"
        constraints = [models.UniqueConstraint(fields=["kind", "token"], name="directory_token")]


class IdempotencyKey(TenantModel):
    """One answered request. `id` is derived from (scope, key); see foundation.idempotency."""

    scope = models.CharField(max_length=32)
    input_hash = models.BinaryField(max_length=32)
    answer = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        db_table = "idempotency_key"


class Throttle(models.Model):
    """A bucket of foundation.throttling. Global: whoever tries may be nobody's yet."""

    key = models.BinaryField(max_length=32, primary_key=True)  # blind index of limit and subject
    full_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "throttle"


class FeatureSwitch(models.Model):
    """A switch of foundation.switches that somebody has set. Global: it is the platform's."""

    name = models.CharField(max_length=40, primary_key=True)
    is_on = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "feature_switch"


class OperatorDeed(models.Model):
    """What an operator did, and why (foundation.deeds). Global and append-only: the platform's own record."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)  # null: whoever sat at the machine itself
    act = models.CharField(max_length=40)  # a code, `noun.verb`
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80, blank=True)
    merchant_id = models.UUIDField(null=True)  # whom it concerned, if any
    reason = models.CharField(max_length=300)
    details = models.JSONField(default=dict)
    request_id = models.UUIDField(null=True)

    class Meta:
        db_table = "operator_deed"
        indexes = [
            models.Index(fields=["merchant_id", "id"], name="operator_deed_merchant"),
            models.Index(fields=["person_id", "id"], name="operator_deed_person"),
        ]
