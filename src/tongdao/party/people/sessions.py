"""Where a person is signed in: Django's sessions in a table that says whose they are.

A person's list of devices is these rows and the live access tokens; signing out elsewhere ends both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from tongdao.foundation import clock
from tongdao.foundation.pii import blind_index
from tongdao.foundation.prepared import find_prepared
from tongdao.party.people.models import BrowserSession

SEEN_EVERY = timedelta(minutes=10)
SWEPT_AT_ONCE = 1_000  # rows
MOST_SHOWN = 50
_LIVE = "session_key = %s and expire_date > %s"
DEVICE = "device"  # in the session: the name of the browser and its system


class SessionStore(DatabaseStore):
    """Django's, with an owner. SESSION_ENGINE names this module."""

    @classmethod
    def get_model_class(cls) -> type[Any]:
        return BrowserSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.person_id = data.get("_auth_user_id")
        row.device = data.get(DEVICE, "")
        row.seen_at = clock.now()
        return row

    def _get_session_from_db(self) -> Any:
        """Noting now and then that the browser was here."""
        key = self.session_key or ""
        told = "\x00" not in key  # a cookie may hold anything; no text of the database holds that
        found = find_prepared(BrowserSession, _LIVE, [key, timezone.now()]) if told else []
        if not found:
            self._session_key = None
            return None
        row, now = found[0], clock.now()
        if now - row.seen_at > SEEN_EVERY:
            BrowserSession.objects.filter(pk=row.pk).update(seen_at=now)
        return row


@dataclass(frozen=True, slots=True)
class Device:
    """One browser. `id` names it on pages and leads nowhere else; `here` is the one that asks."""

    id: str
    name: str
    seen_at: datetime
    here: bool


def devices_of(person_id: UUID, here: str | None = None) -> list[Device]:
    """Where the person is signed in, last seen first. `here` is the key of the asking session."""
    rows = BrowserSession.objects.filter(person_id=person_id, expire_date__gt=clock.now())
    return [
        Device(_public(row.session_key), row.device, row.seen_at, row.session_key == here)
        for row in rows.order_by("-seen_at")[:MOST_SHOWN]
    ]


def end_device(person_id: UUID, id: str) -> bool:
    """Sign the person out there; False where there is no such device of theirs."""
    keys = BrowserSession.objects.filter(person_id=person_id).values_list("session_key", flat=True)
    key = next((key for key in keys if _public(key) == id), None)
    return bool(key and BrowserSession.objects.filter(person_id=person_id, pk=key).delete()[0])


def end_devices(person_id: UUID, *, keep: str | None = None) -> int:
    """Sign the person out everywhere but in the session with the key `keep`; returns of how many."""
    rows = BrowserSession.objects.filter(person_id=person_id)
    return (rows.exclude(pk=keep) if keep else rows).delete()[0]


def sweep_sessions(now: datetime) -> int:
    """Forget sessions that are over; returns how many."""
    over = BrowserSession.objects.filter(expire_date__lt=now).order_by("expire_date")
    keys = list(over.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    return BrowserSession.objects.filter(pk__in=keys, expire_date__lt=now).delete()[0] if keys else 0


def _public(key: str) -> str:
    """The key itself opens the session, so it is on no page."""
    return blind_index("session", key).hex()[:32]
