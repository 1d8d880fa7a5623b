"""What persons asked of their own data. Global: a person is no merchant's. No name, no number stands here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tongdao.foundation.ids import uuid7


class Erasure(models.Model):
    """A person asked to be erased. What is left tells that it was done, and points at an empty row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    state = models.CharField(max_length=10, default="asked")  # see states.ERASURE
    version = models.IntegerField(default=1)
    wishes = models.JSONField(default=list)  # tables that go further than they must: foundation.personal
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()  # until then it can be taken back
    places = models.JSONField(default=list)  # steps to do: ids of merchants, and "person" at last
    done = models.IntegerField(default=0)  # how many of them are done
    counts = models.JSONField(default=dict)  # rows touched, by table
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "erasure"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["asked", "erasing"]), name="erasure_due")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(state__in=["asked", "erasing"]), name="erasure_one_open"
            )
        ]


class TakeOut(models.Model):
    """A copy of what is held of a person. The file is sealed, below the data directory."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    state = models.CharField(max_length=8, default="asked")  # see states.TAKE_OUT
    version = models.IntegerField(default=1)
    language = models.CharField(max_length=10)  # of the readable page
    done = models.IntegerField(default=0)  # steps: one for the account and one for each merchant
    steps = models.IntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    good_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "take_out"
        indexes = [
            models.Index(fields=["person_id", "asked_at"], name="take_out_person"),
            models.Index(fields=["good_until"], condition=Q(state="ready"), name="take_out_over"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(state="asked"), name="take_out_one_at_a_time"
            )
        ]
