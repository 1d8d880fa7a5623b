"""Who of the staff may do what: the matrix as data. Pages, operations and the API all ask it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.reading import Asking, ask_for, read
from tongdao.foundation.refusals import NotAllowed
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.models import Role, StaffMember, StaffRole

Permission = Literal[
    "staff.manage",  # invite, change and remove staff, make roles
    "company.edit",  # company profile, licences, agreements
    "store.edit",  # brands, storefronts and their pages, freight templates
    "goods.read",
    "goods.edit",  # products, prices, stock, import
    "orders.read",
    "orders.ship",
    "orders.serve",  # cancel for a buyer, see the address
    "orders.refund",  # give money back for some units
    "links.create",
    "promoters.manage",
    "money.read",  # ledger and payments
    "money.move",  # send a failed refund again, propose payouts and see them through
    "payouts.approve",  # let payouts go that somebody else proposed; from how much on they are made
    "events.read",  # the event feed: everything that happened
    "promotions.read",
    "promotions.edit",  # coupons, flash sales, group buys, gifts
    "reviews.read",
    "reviews.answer",
    "reviews.fold",  # close one behind a tap, with a reason
    "channels.connect",  # payment and carrier accounts
    "members.read",  # who bought, when and how much
    "members.merge",  # propose that two of them are one person
    "lists.export",  # take lists away as files
    "lists.unmask",  # … with names, phones and addresses in full
]

PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

IMPLIES: dict[Permission, Permission] = {
    "goods.edit": "goods.read",
    "orders.ship": "orders.read",
    "orders.serve": "orders.read",
    "orders.refund": "orders.read",
    "money.move": "money.read",
    "payouts.approve": "money.read",
    "promotions.edit": "promotions.read",
    "reviews.answer": "reviews.read",
    "reviews.fold": "reviews.read",
    "members.merge": "members.read",
    "lists.unmask": "lists.export",
}
"""Who may act may see what it acts on: a refusal is shown on that page."""


def with_implied(permissions: Iterable[str]) -> frozenset[str]:
    """These permissions, and those that they cannot do without."""
    wanted = frozenset(permissions)
    return wanted | {seen for act, seen in IMPLIES.items() if act in wanted}


MATRIX: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(
        (
            "staff.manage",
            "company.edit",
            "store.edit",
            "goods.read",
            "goods.edit",
            "orders.read",
            "orders.ship",
            "orders.serve",
            "orders.refund",
            "links.create",
            "promoters.manage",
            "money.read",
            "money.move",
            "payouts.approve",
            "events.read",
            "promotions.read",
            "promotions.edit",
            "reviews.read",
            "reviews.answer",
            "reviews.fold",
            "channels.connect",
            "members.read",
            "members.merge",
            "lists.export",
            "lists.unmask",
        )
    ),
    Role.OPERATIONS: frozenset(
        (
            "store.edit",
            "goods.read",
            "goods.edit",
            "orders.read",
            "orders.ship",
            "orders.serve",
            "orders.refund",
            "links.create",
            "promoters.manage",
            "promotions.read",
            "promotions.edit",
            "reviews.read",
            "reviews.answer",
            "reviews.fold",
            "members.read",
            "members.merge",
            "lists.export",
        )
    ),
    Role.SERVICE: frozenset(
        (
            "goods.read",
            "orders.read",
            "orders.serve",
            "orders.refund",
            "links.create",
            "promotions.read",
            "reviews.read",
            "reviews.answer",
            "members.read",
            "members.merge",
        )
    ),
    Role.FINANCE: frozenset(
        (
            "goods.read",
            "orders.read",
            "orders.refund",
            "money.read",
            "money.move",
            "payouts.approve",
            "promotions.read",
            "lists.export",
        )
    ),
    Role.READ_ONLY: frozenset(("goods.read", "orders.read", "promotions.read", "reviews.read")),
}


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do here. `role` is None for a role of the merchant's own, which `label` names."""

    role: Role | None
    permissions: frozenset[Permission]
    label: str = ""
    custom_id: UUID | None = None

    @property
    def owner(self) -> bool:
        return self.role == Role.OWNER

    def covers(self, other: Rights) -> bool:
        """Whether who has these may give `other`, or change who has them: only an owner makes an owner."""
        return self.owner or (not other.owner and other.permissions <= self.permissions)


_WORKS_HERE = "merchant_id = %s and person_id = any(tongdao_persons(%s)) and left_at is null order by id"
EVERYTHING = Rights(Role.OWNER, MATRIX[Role.OWNER])


def rights_in(role: str, custom: StaffRole | None) -> Rights:
    """What a role allows: one of the house's by its code, or else one of the merchant's own."""
    if custom is None:
        return Rights(Role(role), MATRIX[Role(role)])
    known = frozenset(each for each in PERMISSIONS if each in custom.permissions)
    return Rights(None, known, custom.label, custom.id)


def rights_of(person_id: UUID) -> Rights | None:
    """What the person may do at the merchant of the open scope; None for who does not work there."""
    return read(ask_rights(person_id))


def ask_rights(person_id: UUID) -> Asking[Rights | None]:
    """The same, asked side by side with what else a page needs."""
    rows = yield from ask_for(StaffMember, _WORKS_HERE, [current_merchant(), person_id])
    return rights_in(rows[0].role, rows[0].custom) if rows else None


def rights_of_actor(actor: Actor) -> Rights:
    """The same of whoever acts; the system and operators may do all. Raises NotAllowed for a stranger."""
    if actor.kind in ("system", "operator"):
        return EVERYTHING
    found = rights_of(actor.id) if actor.id else None
    if found is None:
        raise NotAllowed(permission="staff.manage")
    return found


def role_of(person_id: UUID) -> Role | None:
    """The person's role of the house; None for who has one of the merchant's own, or none."""
    found = rights_of(person_id)
    return found.role if found else None


def require(person_id: UUID, permission: Permission) -> Rights:
    """What the person may do, if this is in it; raises NotAllowed. Runs in the merchant's scope."""
    found = rights_of(person_id)
    if found is None or permission not in found.permissions:
        raise NotAllowed(permission=permission)
    return found
