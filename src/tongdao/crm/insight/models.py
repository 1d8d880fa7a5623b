"""What all shops together look like: the figures that a shop may compare its own with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tongdao.foundation.ids import uuid7

FEWEST = 6
"""Shops behind a figure of the platform: whoever reads it and at least five others, so that it gives away
nobody's own. The database holds to it."""


class PlatformLevel(models.Model):
    """Medians over the shops that had cases in `weeks` weeks from `since` (a Monday in Beijing). Global: it
    names no merchant. `…_shops`: how many there were with something to tell; a figure of too few is null.

    Written by the worker outside all scopes; inside one it can be read and nothing else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    since = models.DateField()
    weeks = models.SmallIntegerField()
    asked_shops = models.IntegerField()
    disputed_bps = models.IntegerField(null=True)  # cases that came to the platform, in 1/10,000
    answered_shops = models.IntegerField()
    answer = models.BigIntegerField(null=True)  # seconds to the shop's first step
    refunded_shops = models.IntegerField()
    refund = models.BigIntegerField(null=True)  # seconds to the granting
    reckoned_at = models.DateTimeField()

    class Meta:
        db_table = "platform_level"
        constraints = [
            models.UniqueConstraint(fields=["since", "weeks"], name="platform_level_once"),
            models.CheckConstraint(
                condition=(Q(disputed_bps__isnull=True) | Q(asked_shops__gte=FEWEST))
                & (Q(answer__isnull=True) | Q(answered_shops__gte=FEWEST))
                & (Q(refund__isnull=True) | Q(refunded_shops__gte=FEWEST)),
                name="platform_level_of_many",
            ),
        ]
