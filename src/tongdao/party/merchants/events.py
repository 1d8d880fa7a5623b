from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation.events import Code, define


@dataclass(frozen=True, slots=True)
class MerchantOpened:
    """A company joined; its first storefront is open."""

    storefront_id: UUID
    owner_id: UUID


@dataclass(frozen=True, slots=True)
class StaffAdded:
    """A person works for the merchant now."""

    person_id: UUID
    role: Code


@dataclass(frozen=True, slots=True)
class StaffRoleChanged:
    """A member of staff may do other things now; old and new role stand in the event."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class StaffRemoved:
    """A person no longer works for the merchant."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class MerchantAccountConnected:
    """Payments go to another account of the merchant from now on."""

    channel: Code


@dataclass(frozen=True, slots=True)
class StorefrontEdited:
    """A shop's name or notice was changed; the texts stand in its row."""


define("merchant.opened", MerchantOpened)
define("staff.added", StaffAdded)
define("staff.role_changed", StaffRoleChanged)
define("staff.removed", StaffRemoved)
define("merchant_account.connected", MerchantAccountConnected)
define("storefront.edited", StorefrontEdited)
