"""The read side of the log. Tables, policies and grants stand in migration 0002: nothing here writes."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from django.db import models

from tongdao.foundation.events.definitions import BadVocabulary, definition_of
from tongdao.foundation.tenancy import TenantModel, TenantRules

P = TypeVar("P")


class Event(TenantModel):
    """One thing that happened, told in the transaction in which it happened. Append-only.

    `seq` orders the events of one subject by cause; it has gaps, and a greater one may be seen earlier.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules(append_only=True)

    seq = models.BigIntegerField()
    name = models.TextField()
    schema_version = models.SmallIntegerField()
    subject_type = models.TextField()
    subject_id = models.UUIDField()
    subject_version = models.IntegerField()
    actor_kind = models.TextField()
    actor = models.UUIDField(null=True)
    on_behalf_of = models.UUIDField(null=True)
    request_id = models.UUIDField(null=True)
    cause_id = models.UUIDField(null=True)
    reason = models.TextField()
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    payload = models.JSONField()
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        managed = False
        db_table = "event"

    def __str__(self) -> str:
        return f"{self.name} {self.subject_type} {self.subject_id}"

    def read(self, payload: type[P]) -> P:
        """The payload as its own class; raises BadVocabulary when the event is of another kind."""
        definition = definition_of(payload)
        if definition.name != self.name:
            raise BadVocabulary(f"{self.name} read as {definition.name}")
        found: P = definition.decode(self.payload)
        return found


class Intent(TenantModel):
    """Something to cause outside, at least once, with (event, reactor, target) as its key."""

    event_id = models.UUIDField()
    event_seq = models.BigIntegerField()
    reactor = models.TextField()
    target = models.TextField()
    kind = models.TextField()
    payload = models.JSONField()
    state = models.TextField(default="pending")  # pending, done or failed (given up)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    last_error = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        managed = False
        db_table = "event_intent"

    def __str__(self) -> str:
        return f"{self.kind} → {self.target} ({self.state})"
