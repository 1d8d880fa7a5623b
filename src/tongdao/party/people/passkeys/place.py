"""Where passkeys hold, and what one challenge was made for."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from tongdao.foundation import clock
from tongdao.party.people.passkeys.refusals import PasskeyRefused

SESSION = "passkey"  # in the session: the challenge that is out
LIFE = 5 * 60  # seconds
RP_NAME = "Tongdao"
Purpose = Literal["register", "sign_in"]


def rp_id() -> str:
    """The domain that keys are made for: a browser uses them nowhere else, so nobody can fish for them."""
    return urlsplit(settings.BASE_URL).hostname or ""


def origin() -> str:
    parts = urlsplit(settings.BASE_URL)
    return f"{parts.scheme}://{parts.netloc}"


def passkeys_here(request: HttpRequest) -> bool:
    """Whether a browser may use them on this page: at our own name, over HTTPS or on this machine."""
    host = request.get_host().rsplit(":", 1)[0]
    named = not host.replace(".", "").isdigit() and not host.startswith("[")
    return named and host == rp_id() and (request.is_secure() or host == "localhost" or _behind_tls())


def _behind_tls() -> bool:
    return settings.BASE_URL.startswith("https://")


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge that is out. `person_id`: who must answer it; none where the key says who it is."""

    purpose: Purpose
    challenge: bytes
    person_id: UUID | None

    def keep(self, session: SessionBase) -> None:
        """It replaces whatever was out in this session."""
        person = str(self.person_id) if self.person_id else ""
        text = base64.b64encode(self.challenge).decode()
        session[SESSION] = [self.purpose, text, person, int(clock.now().timestamp())]

    @classmethod
    def take(cls, session: SessionBase, purpose: Purpose) -> Asked:
        """Use it up, whatever comes of it. Raises PasskeyRefused for none, a late or another one."""
        kept = session.pop(SESSION, None)
        session.save()  # before the answer is looked at: two who send it at once have one challenge
        if kept is None or kept[0] != purpose or clock.now().timestamp() - kept[3] > LIFE:
            raise PasskeyRefused()
        return cls(purpose, base64.b64decode(kept[1]), UUID(kept[2]) if kept[2] else None)
