"""What a buyer asks for, before anything of it is looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from tongdao.foundation.idempotency import key_id
from tongdao.terms.promotions.pricing import Choice

KEY_SCOPE = "place"
NOBODY = UUID(int=0)
"""Who it is gets known with the batch (Spoken)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item of a cart. `price_version` is the one the buyer saw; None means that none was shown. `agreed`:
    the mark of the words by which he gave up returning it without a reason (promises.Told), or empty.
    """

    sku_id: UUID
    quantity: int
    price_version: int | None = None
    agreed: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Where it goes. The division is a county-level code of the version named."""

    recipient: str
    phone: str
    detail: str
    division_code: str
    division_version: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A cart to be priced for one buyer, at `at`. `division_code`: where it goes, None while not known."""

    wanted: Sequence[Wanted]
    person_id: UUID
    visitor: UUID | None
    at: datetime
    choice: Choice = field(default_factory=Choice)
    division_code: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A cart to be placed, checked as far as it can be without the database.

    `digest` is the hash of what was asked under `key`; `quote_version` the one of the quote that the buyer
    saw, empty when none was shown; `request_id` the request that its events will name.
    """

    key: str
    digest: bytes
    asked: Asked
    storefront_id: UUID
    address: Address
    pay_by: datetime
    quote_version: str = ""
    request_id: UUID | None = None
    key_id: UUID = field(init=False)  # keys are the buyer's own: two buyers may use the same text

    def __post_init__(self) -> None:
        known = NOBODY if self.person_id == NOBODY else key_id(KEY_SCOPE, f"{self.person_id}:{self.key}")
        object.__setattr__(self, "key_id", known)

    def of(self, person_id: UUID) -> Wish:
        """The same wish of this person."""
        return replace(self, asked=replace(self.asked, person_id=person_id))

    @property
    def person_id(self) -> UUID:
        return self.asked.person_id

    @property
    def placed_at(self) -> datetime:
        return self.asked.at


@dataclass(frozen=True, slots=True)
class Spoken:
    """The wish of whoever `token` speaks for, who is looked up with the batch: in a rush each request comes
    with another token, and one statement finds all of them. The wish names nobody until then.
    """

    token: str
    wish: Wish

    @property
    def asked(self) -> Asked:
        return self.wish.asked
