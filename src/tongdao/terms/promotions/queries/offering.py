"""The offers that a quote stands on, for one buyer or for a batch of them, in the same few statements."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.foundation.prepared import by_name, execute_prepared
from tongdao.foundation.reading import Asking, ask, gather, read
from tongdao.foundation.tenancy import current_merchant
from tongdao.rulebook import trade
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.offers import Offer

WAITED = timedelta(minutes=1)
"""Who stood in line while the offer ended still gets it: `reduce` looks at the cart's own moment."""

COLUMNS = """
p.id, p.version, p.kind, p.title, p.code, p.starts_at, p.ends_at, p.stopped_at is not null as stopped,
p.sku_id, p.product_ids, p.threshold_fen, p.off_fen, p.off_bps, p.most_off_fen, p.price_fen, p.gift_units,
p.stacks, p.on_reduced, p.quota - p.used as left_over, p.per_member
"""
OFFERED = (*(part.split()[-1].rpartition(".")[2] for part in COLUMNS.split(",")), "base_fen")
"""The names of what RUNNING and ASKED select."""
# The public price that was in force when the days before the sale began, and all that came in them.
BASE = """
select min(price_fen) from price_change c
where c.merchant_id = p.merchant_id and c.sku_id = p.sku_id and c.at < least(p.starts_at, %(at)s)
and c.version >= coalesce((select max(version) from price_change b where b.merchant_id = p.merchant_id
  and b.sku_id = p.sku_id and b.at < least(p.starts_at, %(at)s) - make_interval(days => %(base)s)), 0)
"""
RUNNING = f"""
select {COLUMNS}, case when p.price_fen is not null then ({BASE}) end as base_fen
from promotion p
where p.merchant_id = %(merchant)s and p.stopped_at is null and p.code = ''
and p.starts_at <= %(at)s and p.ends_at > %(ended)s and (p.price_fen is null or p.sku_id = any(%(skus)s))
"""  # noqa: S608 constants
ASKED = f"""
union all
select {COLUMNS}, null::bigint from promotion p
where p.merchant_id = %(merchant)s and p.code <> '' and p.code = any(%(codes)s)
union all
select {COLUMNS}, null::bigint from promotion p
where p.merchant_id = %(merchant)s and p.kind = 'coupon' and p.code = '' and p.id = any(%(ids)s)
"""  # noqa: S608 constants
MEMBERS = """
select pm.promotion_id, asked.id, sum(pm.used)::integer
from (select unnest(%s::uuid[]) as id, unnest(%s::uuid[]) as same
      union all select merged_into_id, id from person where merged_into_id = any(%s)) asked
join member m on m.merchant_id = %s and m.person_id = asked.same
join promotion_member pm on pm.merchant_id = m.merchant_id and pm.member_id = m.id
  and pm.promotion_id = any(%s)
group by 1, 2
"""
"""Of accounts that became one, all uses count as the one's."""
GROUPS = """
select id, promotion_id from buying_group
where merchant_id = %s and id = any(%s) and state = 'open' and taken < size and deadline > %s
"""


@dataclass(frozen=True, slots=True)
class OfferBook:
    """Offers as they stand at one moment; `of` makes them one buyer's own."""

    offers: tuple[Offer, ...] = ()
    limits: Mapping[UUID, int] = field(default_factory=dict)  # promotion → per member
    used: Mapping[tuple[UUID, UUID], int] = field(default_factory=dict)  # promotion, person → used
    groups: Mapping[UUID, UUID] = field(default_factory=dict)  # group that can be joined → promotion

    def of(
        self, person_id: UUID | None, group: UUID | None = None, skus: Collection[UUID] | None = None
    ) -> tuple[Offer, ...]:
        """The offers with what is left for this person (None: somebody new), and the group asked for.

        `skus`: leave out the flash and group prices of all others (a batch's book holds everybody's).
        """
        mine = [each for each in self.offers if each.price_fen is None or skus is None or each.sku_id in skus]
        joined = self.groups.get(group) if group else None
        if not self.limits and joined is None:
            return tuple(mine)
        return tuple(
            replace(
                offer,
                member_left=self._member_left(offer.id, person_id),
                group_id=group if joined == offer.id else None,
            )
            for offer in mine
        )

    @property
    def gift_skus(self) -> frozenset[UUID]:
        """SKUs that may come as a gift: a quote needs their facts and stock too."""
        return frozenset(o.sku_id for o in self.offers if o.kind == Kind.GIFT and o.sku_id is not None)

    def _member_left(self, promotion_id: UUID, person_id: UUID | None) -> int | None:
        limit = self.limits.get(promotion_id)
        if limit is None:
            return None
        return max(limit - (self.used.get((promotion_id, person_id), 0) if person_id else 0), 0)


def read_offers(
    at: datetime,
    *,
    skus: Collection[UUID],
    persons: Collection[UUID] = (),
    codes: Collection[str] = (),
    coupons: Collection[UUID] = (),
    groups: Collection[UUID] = (),
) -> OfferBook:
    """All that may reduce goods of these SKUs at `at`, or up to WAITED before: running flash and group prices
    of theirs, running coupons without a code, gifts; and whatever is asked for by code or id, running or not
    (so that the refusal can say why). One statement, one more for limits, one more for groups.
    """
    book = read(ask_offers(at, skus=skus, codes=codes, coupons=coupons, groups=groups))
    return read(ask_used(book, persons))


def ask_offers(
    at: datetime,
    *,
    skus: Collection[UUID],
    codes: Collection[str] = (),
    coupons: Collection[UUID] = (),
    groups: Collection[UUID] = (),
) -> Asking[OfferBook]:
    """The book for everybody: `ask_used` tells what is left for whom."""
    values = {
        "merchant": current_merchant(),
        "at": at,
        "ended": at - WAITED,
        "base": trade.PRICE_BASE_DAYS.on(at),
        "skus": list(skus),
        "codes": sorted({code.strip().upper() for code in codes if code.strip()}),
        "ids": list(coupons),
    }
    asked = ASKED if values["codes"] or values["ids"] else ""
    rows, joinable = yield from gather(_named(OFFERED, RUNNING + asked, values), _ask_groups(groups, at))
    return OfferBook(
        offers=tuple({row["id"]: _offer(row) for row in rows}.values()),
        limits={row["id"]: row["per_member"] for row in rows if row["per_member"] is not None},
        groups=joinable,
    )


def ask_used(book: OfferBook, persons: Collection[UUID]) -> Asking[OfferBook]:
    """The book with what these persons have used of what is limited."""
    if not book.limits or not persons:
        return book
    who = list(set(persons))
    rows = yield from ask(MEMBERS, [who, who, who, current_merchant(), list(book.limits)])
    return replace(book, used={(promotion, person): used for promotion, person, used in rows})


def _ask_groups(ids: Collection[UUID], at: datetime) -> Asking[dict[UUID, UUID]]:
    return dict((yield from ask(GROUPS, [current_merchant(), list(ids), at]))) if ids else {}


def _named(columns: Sequence[str], statement: str, values: Mapping[str, Any]) -> Asking[list[dict[str, Any]]]:
    rows = yield from ask(*by_name(statement, values))
    return [dict(zip(columns, row, strict=True)) for row in rows]


def rows_of(statement: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows by column name."""
    cursor = execute_prepared(*by_name(statement, values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _offer(row: Mapping[str, Any]) -> Offer:
    return Offer(
        id=row["id"],
        version=row["version"],
        kind=Kind(row["kind"]),
        title=row["title"],
        code=row["code"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        stopped=row["stopped"],
        sku_id=row["sku_id"],
        product_ids=offered_ids(row["product_ids"]),
        threshold_fen=Fen(row["threshold_fen"]),
        off_fen=row["off_fen"],
        off_bps=row["off_bps"],
        most_off_fen=row["most_off_fen"],
        price_fen=row["price_fen"],
        gift_units=row["gift_units"],
        stacks=row["stacks"],
        on_reduced=row["on_reduced"],
        left=row["left_over"],
        base_fen=row["base_fen"],
    )


def offered_ids(written: str | list[str]) -> frozenset[UUID]:
    """The ids of a scope; a raw cursor gives jsonb as text."""
    return frozenset(UUID(id) for id in (json.loads(written) if isinstance(written, str) else written))
