"""What staff keep of lists: filters, columns, and files that are made in the background."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules


class SavedFilter(TenantModel):
    """What was typed into a list's filters, under a name. Of one of the staff, or shared with the team."""

    noun = models.CharField(max_length=16)  # of registry.LISTS
    name = models.CharField(max_length=40)
    owner_id = models.UUIDField()  # the person who made it
    shared = models.BooleanField(default=False)
    wanted = models.JSONField(default=dict)  # parameter → text, as typed
    saved_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "saved_filter"
        indexes = [models.Index(fields=["merchant_id", "noun", "name"], name="saved_filter_noun")]


class ListChoice(TenantModel):
    """How one of the staff wants a list to be: its columns, and the filter that it opens with."""

    person_id = models.UUIDField()
    noun = models.CharField(max_length=16)
    columns = models.JSONField(default=list)  # keys; empty: the usual ones
    opens_with: TenantForeignKey[SavedFilter | None, SavedFilter | None] = TenantForeignKey(
        SavedFilter, null=True
    )

    class Meta(TenantModel.Meta):
        db_table = "list_choice"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "person_id", "noun"], name="list_choice_once")
        ]


class ExportRun(TenantModel):
    """A file made from a list; colleagues who may export and see that list can take it, too."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    noun = models.CharField(max_length=16)  # of registry.LISTS
    wanted = models.JSONField(default=dict)  # as SavedFilter.wanted
    columns = models.JSONField(default=list)  # keys
    format = models.CharField(max_length=4)  # "csv" or "xlsx"
    language = models.CharField(max_length=10)  # of its words
    unmasked = models.BooleanField(default=False)  # names, phones and addresses in full
    person_id = models.UUIDField()  # who asked for it
    state = models.CharField(max_length=9, default="queued")  # see states.EXPORT_RUN
    version = models.IntegerField(default=1)
    total_rows = models.IntegerField(default=0)  # counted when it began
    done_rows = models.IntegerField(default=0)  # written so far
    size_bytes = models.BigIntegerField(default=0)
    file = models.CharField(max_length=255, default="", blank=True)  # path below the data directory
    why = models.CharField(max_length=40, default="", blank=True)  # code of the refusal that ended it
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # then the file goes

    class Meta(TenantModel.Meta):
        db_table = "export_run"
        indexes = [
            models.Index(fields=["merchant_id", "created_at"], name="export_run_latest"),
            models.Index(fields=["expires_at"], condition=models.Q(state="done"), name="export_run_expires"),
        ]
