"""The row of a file that somebody sent. Abstract: each room that takes files has a table of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tongdao.foundation.attachments.kinds import ENDINGS
from tongdao.foundation.tenancy import TenantModel


class AttachmentRow(TenantModel):
    """A picture or a video below PRIVATE_ROOT. The subclass says to what it belongs, and keeps these
    constraints: `constraints = [*AttachmentRow.Meta.constraints, …]`.
    """

    position = models.SmallIntegerField()  # from 1, among those that came together
    file = models.CharField(max_length=120, default="", blank=True)  # empty once the file is gone
    type = models.CharField(max_length=20)  # of attachments.kinds.ENDINGS
    bytes = models.IntegerField()
    width = models.IntegerField(default=0)  # pixels; 0 for videos
    height = models.IntegerField(default=0)
    sha256 = models.CharField(max_length=64)  # hex, of the file as it is kept

    class Meta(TenantModel.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "file"], condition=~Q(file=""), name="%(class)s_file"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="%(class)s_position"),
            models.CheckConstraint(condition=Q(type__in=sorted(ENDINGS)), name="%(class)s_type"),
            models.CheckConstraint(
                condition=Q(bytes__gt=0, width__gte=0, height__gte=0), name="%(class)s_size"
            ),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="%(class)s_sha256"),
        ]
