"""Readings of the log inside a merchant's scope."""

from __future__ import annotations

from django.db import models

from tongdao.foundation.events.models import Event
from tongdao.foundation.events.recording import Subject, subject_of


def timeline(subject: Subject | models.Model, *, limit: int = 200) -> list[Event]:
    """What happened to one subject, first to last; its latest `limit` events."""
    about = subject_of(subject)
    rows = Event.objects.filter(subject_type=about.type, subject_id=about.id)
    return list(rows.order_by("-seq")[:limit])[::-1]
