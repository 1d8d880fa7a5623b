"""The foundation's own tables. The event log's stand in foundation.events.models."""

from __future__ import annotations

from django.db import models

from tongdao.foundation.events.models import Event, Intent
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import TenantModel

__all__ = ["DirectoryEntry", "Event", "IdempotencyKey", "Intent", "Throttle"]


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
