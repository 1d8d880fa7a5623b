"""Texts that events point at: an event holds ids, and a text may have to be erased."""

from __future__ import annotations

from django.db import models

from tongdao.foundation.tenancy import TenantModel


class KeptText(TenantModel):
    """What a setting said before or after a change; the event names it as `<field>_id`."""

    text = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        db_table = "kept_text"
