"""Whether who asks proved it minutes ago: what sign_in.signed_in_lately is for browsers, for programs."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from tongdao.foundation import clock
from tongdao.party.people.models import AccessToken
from tongdao.party.people.sign_in import LATELY


def token_is_fresh(text: str) -> bool:
    """Whether the token was given out lately: signing in again gives out a new one."""
    since = clock.now() - timedelta(seconds=LATELY)
    digest = hashlib.sha256(text.encode()).digest()
    return AccessToken.objects.filter(digest=digest, created_at__gt=since, revoked_at__isnull=True).exists()
