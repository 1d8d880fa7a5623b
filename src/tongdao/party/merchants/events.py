from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
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
class WechatAppConnected:
    """Another app at WeChat is used from now on."""

    kind: Code


@dataclass(frozen=True, slots=True)
class StorefrontEdited:
    """A shop's name, notice, colour or domain was changed; old and new texts are named in the event."""


@dataclass(frozen=True, slots=True)
class StaffInvited:
    """Somebody was sent a link to join the staff in this role."""

    role: Code


@dataclass(frozen=True, slots=True)
class InvitationAccepted:
    """A person joined the staff by an invitation."""

    person_id: UUID
    staff_id: UUID


@dataclass(frozen=True, slots=True)
class InvitationRevoked:
    """An invitation was taken back."""


@dataclass(frozen=True, slots=True)
class StaffRoleCreated:
    """The merchant made a role of its own; its permissions stand in the event."""


@dataclass(frozen=True, slots=True)
class StaffRoleEdited:
    """A role allows other things now; what it allowed before stands in the event."""


@dataclass(frozen=True, slots=True)
class StaffRoleArchived:
    """A role is given to nobody any more."""


@dataclass(frozen=True, slots=True)
class CompanyChanged:
    """What the company shows of itself was changed; old and new texts are named in the event."""

    profile_id: UUID


@dataclass(frozen=True, slots=True)
class CompanyConfirmed:
    """The merchant said that what it shows of itself is still right."""

    profile_id: UUID


@dataclass(frozen=True, slots=True)
class BrandAdded:
    """There is a brand; its name is in the row that the event names."""


@dataclass(frozen=True, slots=True)
class BrandRenamed:
    """A brand has another name; both are named in the event."""


@dataclass(frozen=True, slots=True)
class StorefrontPageSaved:
    """A page of a shop was written; what changed is named in the event."""


@dataclass(frozen=True, slots=True)
class StorefrontPageRemoved:
    """A page of a shop was taken away; the event names what it said."""


@dataclass(frozen=True, slots=True)
class LicenceAdded:
    """A licence was entered."""

    kind: Code
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class LicenceWithdrawn:
    """A licence counts no more."""

    kind: Code


@dataclass(frozen=True, slots=True)
class AgreementPublished:
    """A version of an agreement is there to read and will be in force."""

    kind: Code
    version: int
    effective_from: datetime
    major: bool


@dataclass(frozen=True, slots=True)
class AgreementAccepted:
    """A person said yes to a version of an agreement."""

    person_id: UUID
    kind: Code
    version: int


@dataclass(frozen=True, slots=True)
class MerchantSuspended:
    """The platform keeps the merchant from taking new orders; the event's reason says why."""

    suspension_id: UUID


@dataclass(frozen=True, slots=True)
class MerchantResumed:
    """The merchant may take orders again."""

    suspension_id: UUID


@dataclass(frozen=True, slots=True)
class PayoutMinimumSet:
    """From how many fen on promoters are paid out."""

    least_fen: int


define("merchant.opened", MerchantOpened)
define("staff.added", StaffAdded)
define("staff.role_changed", StaffRoleChanged)
define("staff.removed", StaffRemoved)
define("merchant_account.connected", MerchantAccountConnected)
define("wechat_app.connected", WechatAppConnected)
define("storefront.edited", StorefrontEdited)
define("staff.invited", StaffInvited)
define("invitation.accepted", InvitationAccepted)
define("invitation.revoked", InvitationRevoked)
define("staff_role.created", StaffRoleCreated)
define("staff_role.edited", StaffRoleEdited)
define("staff_role.archived", StaffRoleArchived)
define("company.changed", CompanyChanged)
define("company.confirmed", CompanyConfirmed)
define("brand.added", BrandAdded)
define("brand.renamed", BrandRenamed)
define("storefront_page.saved", StorefrontPageSaved)
define("storefront_page.removed", StorefrontPageRemoved)
define("licence.added", LicenceAdded)
define("licence.withdrawn", LicenceWithdrawn)
define("agreement.published", AgreementPublished)
define("agreement.accepted", AgreementAccepted)
define("merchant.suspended", MerchantSuspended)
define("merchant.resumed", MerchantResumed)
define("payout_minimum.set", PayoutMinimumSet)
