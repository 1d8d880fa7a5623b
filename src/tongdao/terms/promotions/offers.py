"""The words of pricing: what is bought, what is offered, what the buyer chose, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.refusals import CouponUsedUp, FlashSoldOut, LimitReached

NOTHING = Fen(0)


@dataclass(frozen=True, slots=True)
class Item:
    """One line to be priced. `price_fen` is the public price of one unit."""

    sku_id: UUID
    product_id: UUID
    quantity: int
    price_fen: Fen


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion as it was read, for one member. None means: no limit, or not of this kind.

    `left` and `member_left` are units or uses still to be had, in all and by this member. `base_fen` is the
    lowest public price of the days before the sale. `group_id` is the group that the buyer asked for, when
    it is this promotion's and still open.
    """

    id: UUID
    version: int
    kind: Kind
    title: str
    code: str
    starts_at: datetime
    ends_at: datetime
    stopped: bool = False
    sku_id: UUID | None = None
    product_ids: frozenset[UUID] = frozenset()
    threshold_fen: Fen = NOTHING
    off_fen: Fen | None = None
    off_bps: int | None = None
    most_off_fen: Fen | None = None
    price_fen: Fen | None = None
    gift_units: int | None = None
    stacks: bool = False
    on_reduced: bool = False
    left: int | None = None
    member_left: int | None = None
    base_fen: Fen | None = None
    group_id: UUID | None = None

    def running(self, at: datetime) -> bool:
        return not self.stopped and self.starts_at <= at < self.ends_at

    def covers(self, item: Item) -> bool:
        """Whether a coupon or gift looks at this line."""
        return not self.product_ids or item.product_id in self.product_ids

    def short_of(self, wanted: int) -> Refusal | None:
        """Why so many units or uses cannot be had, or None."""
        if self.left is not None and self.left < wanted:
            gone = CouponUsedUp if self.kind == Kind.COUPON else FlashSoldOut
            return gone(promotion=str(self.id), left=max(self.left, 0))
        if self.member_left is not None and self.member_left < wanted:
            return LimitReached(promotion=str(self.id), left=max(self.member_left, 0))
        return None


@dataclass(frozen=True, slots=True)
class Choice:
    """What the buyer asked for. `coupons` None: take the best for me; (): none; ids: exactly these.

    `codes` are as typed (upper-case or not). `group` joins that group, `open_group` opens one.
    """

    coupons: tuple[UUID, ...] | None = None
    codes: tuple[str, ...] = ()
    group: UUID | None = None
    open_group: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """What one promotion takes off a line, for all its units. `base_fen`: what one unit may honestly be
    compared with (flash and group prices only; None where nothing may be crossed out)."""

    promotion_id: UUID
    kind: Kind
    off_fen: Fen
    base_fen: Fen | None = None


@dataclass(frozen=True, slots=True)
class Gift:
    """Units that come on top at no price. Orders reserve them like anything else."""

    sku_id: UUID
    units: int
    promotion_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What an order takes of one promotion; one for each promotion. `version` is the one it was priced by."""

    promotion_id: UUID
    version: int
    units: int
    off_fen: Fen
    group: UUID | None = None
    opens_group: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the buyer did not get, and why. `asked`: the code as typed, or an id as text."""

    asked: str
    refusal: Refusal = field(compare=False)
    code: str = ""

    @classmethod
    def of(cls, asked: str, refusal: Refusal) -> Told:
        return cls(asked, refusal, refusal.code)


@dataclass(frozen=True, slots=True)
class Reduction:
    """`lines` stand at the positions of the items. `rejected` was asked for (or shown) and does not hold:
    nobody is charged without it unasked, so placing refuses with the first. `missed` is only told."""

    lines: tuple[tuple[Cut, ...], ...]
    gifts: tuple[Gift, ...] = ()
    claims: tuple[Claim, ...] = ()
    rejected: tuple[Told, ...] = ()
    missed: tuple[Told, ...] = ()

    @property
    def off_fen(self) -> Fen:
        return Fen(sum(cut.off_fen for line in self.lines for cut in line))

    def line_off(self, position: int) -> Fen:
        """All that is taken off a line, never more than it costs."""
        return Fen(sum(cut.off_fen for cut in self.lines[position]))
