"""One line of a basket: what it costs, what was taken off it, and what stands against ordering it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.promises import short_text, told_here
from tongdao.faces.shop.savings import saved_text
from tongdao.foundation.money import Fen
from tongdao.trade.orders.operations.cart import MOST_UNITS
from tongdao.trade.orders.promises import Told
from tongdao.trade.orders.quoting import Quote, QuotedLine


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line; `problem` says what stands against ordering it, if anything. `sent` goes back in the form.

    `full_fen` is what all units cost publicly, `saved` what was taken off in words. `most_offered` is how
    many can be had at the reduced price, None without a limit. `stays` is False where it is not delivered.
    `returns`: what is to be told where it is excluded from returns without a reason; `agreed`: the buyer has
    just ticked that he gives them up.
    """

    sku_id: UUID
    handle: str
    title: str
    option_text: str
    picture: str
    quantity: int
    unit_fen: Fen
    full_fen: Fen
    paid_fen: Fen
    price_version: int
    available: int
    saleable: bool
    problem: str
    saved: str = ""
    gift: bool = False
    most_offered: int | None = None
    stays: bool = True
    returns: Told | None = None
    agreed: bool = False

    @property
    def label(self) -> str:
        """That it is excluded from returns without a reason, in few words; empty where it is not."""
        return short_text(self.returns) if self.returns else ""

    @property
    def notes(self) -> str:
        """What was taken off it, and why it cannot be returned."""
        why = self.returns.why if self.returns and not self.asks else ""
        return " · ".join(filter(None, (self.saved, why)))

    @property
    def asks(self) -> bool:
        """Whether the buyer is asked to give up returning it."""
        return bool(self.returns and self.returns.mark)

    @property
    def mark(self) -> str:
        """What the tick box beside those words sends."""
        return f"{self.sku_id}:{self.returns.mark}" if self.returns and self.asks else ""

    @property
    def agreed_mark(self) -> str:
        """The words that were agreed to, where they were."""
        return self.returns.mark if self.returns and self.agreed else ""

    @property
    def most(self) -> int:
        """The highest quantity that makes sense to ask for; never below what is in the cart already."""
        return max(1, self.quantity, min(self.available, MOST_UNITS))

    @property
    def can_have(self) -> int:
        """How many of it can be ordered as it stands."""
        if not self.saleable or not self.stays:
            return 0
        most = self.available if self.most_offered is None else min(self.available, self.most_offered)
        return min(self.quantity, most)

    @property
    def sent(self) -> str:
        return f"{self.sku_id}:{self.quantity}:{self.price_version}"


def basket_lines(quoted: Quote, limits: Mapping[UUID, int]) -> tuple[BasketLine, ...]:
    """`limits`: SKUs of which more were asked for than can be had at the reduced price, and how many can."""
    unserved = frozenset(quoted.freight.unserved)
    return tuple(_line(line, limits, unserved) for line in quoted.lines)


def _line(line: QuotedLine, limits: Mapping[UUID, int], unserved: Collection[UUID]) -> BasketLine:
    facts = line.facts
    available = line.source.available if line.source else 0
    most = None if line.gift else limits.get(facts.sku_id)
    return BasketLine(
        sku_id=facts.sku_id,
        handle=facts.handle,
        title=facts.title,
        option_text=facts.option_text,
        picture=picture_url(facts.picture),
        quantity=line.quantity,
        unit_fen=facts.price_fen,
        full_fen=Fen(facts.price_fen * line.quantity),
        paid_fen=line.paid_fen,
        price_version=facts.price_version,
        available=available,
        saleable=facts.saleable,
        problem=_problem(line, available, most, facts.sku_id in unserved),
        saved="" if line.gift else saved_text((cut.kind, cut.off_fen) for cut in line.cuts),
        gift=line.gift,
        most_offered=most,
        stays=facts.sku_id not in unserved,
        returns=_returns(line),
        agreed=bool(line.policies.get("consented")),
    )


def _returns(line: QuotedLine) -> Told | None:
    """A gift is not asked about: it keeps the days."""
    told = told_here(line.facts.return_exclusion)
    return None if told and told.mark and line.gift else told


def _problem(line: QuotedLine, available: int, most: int | None, unserved: bool) -> str:
    if not line.facts.saleable:
        return _("This is not for sale any more.")
    if available < 1:
        return _("This has sold out.")
    if available < line.quantity:
        return ngettext("Only %(count)d is left.", "Only %(count)d are left.", available) % {
            "count": available
        }
    if unserved:
        return _("This is not delivered to your region.")
    if most is not None:
        return ngettext(
            "At the special price you can have %(count)d.",
            "At the special price you can have %(count)d.",
            most,
        ) % {"count": most}
    if line.seen_version is not None and line.seen_version != line.facts.price_version:
        return _("The price has changed since you looked; this is the new one.")
    return ""
