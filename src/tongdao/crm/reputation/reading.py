"""What the events of a batch are about. Only columns that never change once their event is recorded are read,
so that a replay from zero finds the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from tongdao.crm.reputation.counting import Bought
from tongdao.foundation.events import Event
from tongdao.party.network.models import Promoter
from tongdao.trade.aftersales.models import AfterSaleItem, AfterSaleKind, AfterSaleLine
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.reviews.models import Review
from tongdao.trade.shipping.models import ParcelItem
from tongdao.trade.talk.models import Talk

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Line:
    """`promoter_id` is empty where a promoter bought by its own recommendation; `own` says that it did."""

    id: UUID
    product_id: UUID
    promoter_id: UUID | None
    bought: Bought
    own: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """An order as it was paid and promised."""

    paid_at: datetime
    ship_by: datetime | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A review. `first`: of its writer for the product, and the writer does not earn on the line."""

    line: Line
    stars: int
    written_at: datetime
    first: bool


@dataclass(frozen=True, slots=True)
class Back:
    """What a case gives back of a line: fen for the goods, freight apart. `asked`: by the buyer, about goods
    that had left; `keeps_goods`: about money alone.
    """

    line: Line
    units: int
    goods_fen: int
    asked: bool
    keeps_goods: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Who talks: the buyer, and the promoter who was written to, with the person that it is."""

    buyer_id: UUID
    promoter_id: UUID | None
    promoter_person: UUID | None


@dataclass(frozen=True, slots=True)
class Facts:
    orders: Mapping[UUID, Sent]
    parcels: Mapping[UUID, Sequence[tuple[Line, int]]]  # lines, and how many units of each are in it
    back: Mapping[UUID, Sequence[Back]]  # by case
    about: Mapping[UUID, Sequence[Line]]  # by case that a buyer opened
    reviews: Mapping[UUID, Said]
    talks: Mapping[UUID, Asked]

    def lines(self) -> Iterable[UUID]:
        """Those whose state the batch may change."""
        yield from (line.id for items in self.parcels.values() for line, _ in items)
        yield from (each.line.id for backs in self.back.values() for each in backs)
        yield from (said.line.id for said in self.reviews.values())


GRANTING = ("after_sale.opened", "after_sale.granted")


def read_facts(batch: Sequence[Event]) -> Facts:
    """In the merchant's scope; a few statements, whatever the size of the batch."""
    parcels = [each for each in batch if each.subject_type == "parcel"]
    orders = {UUID(each.payload["order_id"]) for each in parcels}
    granted = {each.subject_id for each in batch if each.name in GRANTING}
    disputed = {UUID(each.payload["aftersale_id"]) for each in batch if each.subject_type == "dispute"}
    items = list(
        ParcelItem.objects.filter(parcel_id__in={each.subject_id for each in parcels}).values_list(
            "parcel_id", "allocation__line_id", "quantity"
        )
    )
    gone = list(AfterSaleLine.objects.filter(aftersale_id__in=granted).select_related("aftersale"))
    asked = list(
        AfterSaleItem.objects.filter(aftersale_id__in=disputed).values_list("aftersale_id", "line_id")
    )
    said = list(Review.objects.filter(pk__in=_subjects(batch, "review")))
    wanted = {line_id for _, line_id, _ in items} | {line_id for _, line_id in asked}
    wanted |= {row.line_id for row in gone} | {row.line_id for row in said}
    rows = {row.id: row for row in OrderLine.objects.filter(order_id__in=orders)}
    rows |= {row.id: row for row in OrderLine.objects.filter(pk__in=wanted - rows.keys())}
    known = _lines(rows)
    return Facts(
        orders=_orders(orders, rows, known),
        parcels=_by_first((parcel, (known[line], units)) for parcel, line, units in items),
        back=_by_first((row.aftersale_id, _back(row, known)) for row in gone),
        about=_by_first((case, known[line]) for case, line in asked),
        reviews=_reviews(said, known),
        talks=_talks(_subjects(batch, "talk")),
    )


def _subjects(batch: Sequence[Event], kind: str) -> set[UUID]:
    return {each.subject_id for each in batch if each.subject_type == kind}


def _by_first(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    found: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _lines(rows: Mapping[UUID, OrderLine]) -> dict[UUID, Line]:
    buyers = dict(
        Order.objects.filter(pk__in={row.order_id for row in rows.values()}).values_list("id", "person_id")
    )
    promoters = {row.promoter_id for row in rows.values() if row.promoter_id}
    persons = dict(Promoter.objects.filter(pk__in=promoters).values_list("id", "person_id"))
    found = {}
    for id, row in rows.items():
        own = row.promoter_id is not None and persons.get(row.promoter_id) == buyers[row.order_id]
        bought = Bought(row.quantity, row.paid_fen)
        found[id] = Line(id, row.product_id, None if own else row.promoter_id, bought, own)
    return found


def _orders(
    ids: Collection[UUID], rows: Mapping[UUID, OrderLine], known: Mapping[UUID, Line]
) -> dict[UUID, Sent]:
    of = _by_first((row.order_id, known[id]) for id, row in rows.items())
    found = Order.objects.filter(pk__in=ids)
    return {
        id: Sent(paid_at, ship_by, tuple(of[id]))
        for id, paid_at, ship_by in found.values_list("id", "paid_at", "ship_by")
        if paid_at is not None
    }


def _back(row: AfterSaleLine, known: Mapping[UUID, Line]) -> Back:
    kind = row.aftersale.kind
    return Back(
        known[row.line_id],
        row.quantity,
        row.refund_fen - row.freight_fen,
        asked=kind not in (AfterSaleKind.CANCEL, AfterSaleKind.REFUND),
        keeps_goods=kind == AfterSaleKind.REFUND_ONLY,
    )


def _reviews(rows: Sequence[Review], known: Mapping[UUID, Line]) -> dict[UUID, Said]:
    first = _first({row.product_id for row in rows}, {row.person_id for row in rows})
    return {
        row.id: Said(
            known[row.line_id],
            row.stars,
            row.written_at,
            first[row.product_id, row.person_id] == row.id and not known[row.line_id].own,
        )
        for row in rows
    }


def _first(products: Collection[UUID], persons: Collection[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """By product and person, the review that was written first."""
    if not products:
        return {}
    rows = Review.objects.filter(product_id__in=products, person_id__in=persons)
    places = rows.order_by("-written_at", "-id").values_list("product_id", "person_id", "id")
    return {(product, person): id for product, person, id in places}


def _talks(ids: Collection[UUID]) -> dict[UUID, Asked]:
    rows = list(Talk.objects.filter(pk__in=ids).values_list("id", "order__person_id", "promoter_id"))
    promoters = {promoter for _, _, promoter in rows if promoter}
    persons = dict(Promoter.objects.filter(pk__in=promoters).values_list("id", "person_id"))
    return {id: Asked(buyer, who, persons.get(who) if who else None) for id, buyer, who in rows}
