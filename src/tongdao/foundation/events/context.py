"""What an event knows of the moment in which it is recorded, without being told."""

from __future__ import annotations

from contextvars import ContextVar
from uuid import UUID

request_id: ContextVar[UUID | None] = ContextVar("tongdao_request_id", default=None)
"""The request that is being answered; the middleware sets it."""
