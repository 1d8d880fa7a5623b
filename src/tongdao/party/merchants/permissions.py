"""Who of the staff may do what: the matrix as data. Pages, operations and the API all ask it."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from tongdao.foundation.refusals import NotAllowed
from tongdao.party.merchants.models import Role, StaffMember

Permission = Literal[
    "staff.manage",  # add, change and remove staff
    "store.edit",  # storefront texts, freight templates
    "goods.read",
    "goods.edit",  # products, prices, stock, import
    "orders.read",
    "orders.ship",
    "orders.serve",  # cancel for a buyer, see the address
    "links.create",
    "promoters.manage",
    "money.read",  # ledger and payments
    "money.move",  # send a failed refund again
    "events.read",  # the event feed: everything that happened
    "promotions.read",
    "promotions.edit",  # coupons, flash sales, group buys, gifts
    "reviews.read",
    "reviews.answer",
    "reviews.fold",  # close one behind a tap, with a reason
    "channels.connect",  # payment and carrier accounts
]

MATRIX: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(
        (
            "staff.manage",
            "store.edit",
            "goods.read",
            "goods.edit",
            "orders.read",
            "orders.ship",
            "orders.serve",
            "links.create",
            "promoters.manage",
            "money.read",
            "money.move",
            "events.read",
            "promotions.read",
            "promotions.edit",
            "reviews.read",
            "reviews.answer",
            "reviews.fold",
            "channels.connect",
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
            "links.create",
            "promoters.manage",
            "promotions.read",
            "promotions.edit",
            "reviews.read",
            "reviews.answer",
            "reviews.fold",
        )
    ),
    Role.SERVICE: frozenset(
        (
            "goods.read",
            "orders.read",
            "orders.serve",
            "links.create",
            "promotions.read",
            "reviews.read",
            "reviews.answer",
        )
    ),
    Role.FINANCE: frozenset(("goods.read", "orders.read", "money.read", "money.move", "promotions.read")),
    Role.READ_ONLY: frozenset(("goods.read", "orders.read", "promotions.read", "reviews.read")),
}


def role_of(person_id: UUID) -> Role | None:
    """The person's role at the merchant of the open scope, or None."""
    row = StaffMember.objects.filter(person_id=person_id, left_at__isnull=True).first()
    return Role(row.role) if row else None


def require(person_id: UUID, permission: Permission) -> Role:
    """The person's role, if it has the permission; raises NotAllowed. Runs in the merchant's scope."""
    role = role_of(person_id)
    if role is None or permission not in MATRIX[role]:
        raise NotAllowed(permission=permission)
    return role
