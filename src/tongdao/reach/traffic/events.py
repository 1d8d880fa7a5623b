from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class LinkCreated:
    """A short link can be shared; `promoter_id` is None for the shop's own."""

    promoter_id: UUID | None
    product_id: UUID | None
    channel: Code


@dataclass(frozen=True, slots=True)
class TouchRecorded:
    """Somebody came through a link. `visitor_id` is a random key of the browser."""

    link_id: UUID
    promoter_id: UUID | None
    visitor_id: UUID
    channel: Code


define("link.created", LinkCreated)
define("touch.recorded", TouchRecorded)
