"""A case as both sides see it. In the merchant's scope; writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.queries import sku_facts
from tongdao.trade.aftersales.deadlines import GOODS_BACK, REPLACING, Wait, wait_of
from tongdao.trade.aftersales.models import (
    AfterSale,
    AfterSaleFile,
    AfterSaleItem,
    AfterSaleKind,
    AfterSaleLine,
    AfterSaleWord,
)
from tongdao.trade.aftersales.operations.answering import worth_of
from tongdao.trade.aftersales.operations.sending_back import place_of_case
from tongdao.trade.shipping.places import Place
from tongdao.trade.shipping.queries import ReturnTrack, return_track

BuyerMay = Literal["withdraw", "send_back", "correct", "confirm", "say"]
SellerMay = Literal["agree", "grant", "refuse", "receive", "replace", "say"]

BEFORE = ("requested", "refused", "withdrawn", "lapsed", "closed")
"""States in which nothing is to be sent back, or not any more."""


@dataclass(frozen=True, slots=True)
class CaseItem:
    """Units of a line. `promised` is what the order froze of the line's policies; `instead` is the option
    that an exchange brings, where it is another.
    """

    line_id: UUID
    product_id: UUID
    sku_id: UUID
    title: str
    option_text: str
    picture: str
    quantity: int
    bought: int
    paid_fen: Fen
    promised: Mapping[str, Any]
    instead: str


@dataclass(frozen=True, slots=True)
class CaseWord:
    """What a side said at a step ("statement": between them), and the rows of what it showed."""

    side: str
    step: str
    text: str
    said_at: datetime
    author_id: UUID | None
    files: tuple[AfterSaleFile, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """`wait` and `due_at` say who has to move by when; while the platform decides (`paused`) nobody has.

    `back_to`: where the goods go back to, once that is agreed; `track`: how far they have come.
    `worth_fen`: what granting it now would give back. `back_fen`: what is granted.
    """

    row: AfterSale
    order_number: str
    items: tuple[CaseItem, ...]
    words: tuple[CaseWord, ...]
    wait: Wait | None
    paused: bool
    worth_fen: Fen
    back_fen: Fen
    refund_state: str
    buyer_may: tuple[BuyerMay, ...]
    seller_may: tuple[SellerMay, ...]
    back_to: Place | None = None
    track: ReturnTrack | None = None

    @property
    def track_wrong(self) -> bool:
        """What the waybill tells of was over before the case began: it is another parcel's number."""
        signed = self.track.delivered_at if self.track else None
        return signed is not None and not self.row.tells_of(signed)

    @property
    def goods_back(self) -> bool:
        return self.row.kind in GOODS_BACK


def case_view(case_id: UUID, *, person_id: UUID | None = None) -> CaseView:
    """With `person_id`, only of that buyer's. Raises NotFound."""
    mine = {"person_id__same_as": person_id} if person_id else {}
    row = AfterSale.objects.select_related("order", "refund").filter(pk=case_id, **mine).first()
    if row is None:
        raise NotFound()
    paused = row.paused_left is not None
    return CaseView(
        row=row,
        order_number=row.order.number,
        items=items_of([row.id])[row.id],
        words=_words(row.id),
        wait=None if paused else wait_of(row.kind, row.state),
        paused=paused,
        worth_fen=Fen(worth_of(row)) if row.ended_at is None and row.refund_id is None else Fen(0),
        back_fen=Fen(row.back_fen),
        refund_state=row.refund.state if row.refund else "",
        buyer_may=() if paused else _buyer_may(row),
        seller_may=() if paused else _seller_may(row),
        back_to=place_of_case(row) if row.kind in GOODS_BACK and row.state not in BEFORE else None,
        track=return_track(row.return_parcel_id) if row.return_parcel_id else None,
    )


def _buyer_may(row: AfterSale) -> tuple[BuyerMay, ...]:
    by_state: dict[str, tuple[BuyerMay, ...]] = {
        "requested": ("withdraw",),
        "agreed": ("send_back", "withdraw"),
        "returning": () if row.signed_at else ("correct",),
        "refused": ("withdraw",),
        "replaced": ("confirm",),
    }
    return () if row.ended_at else (*by_state.get(row.state, ()), "say")


def _seller_may(row: AfterSale) -> tuple[SellerMay, ...]:
    """In the order in which they are offered: what the state is there for comes first."""
    first: SellerMay = "agree" if row.kind in GOODS_BACK else "grant"
    after: SellerMay = "replace" if row.kind in REPLACING else "grant"
    both: tuple[SellerMay, ...] = ("agree", "grant") if first == "agree" else ("grant",)
    by_state: dict[str, tuple[SellerMay, ...]] = {
        "requested": (*both, "refuse"),
        "agreed": ("grant",),
        "returning": ("receive", "refuse") if row.signed_at else ("receive",),
        "received": (after, *(("grant",) if after == "replace" else ()), "refuse"),
        "refused": both,
    }
    return () if row.ended_at else (*by_state.get(row.state, ()), "say")


def items_of(case_ids: Collection[UUID]) -> Mapping[UUID, tuple[CaseItem, ...]]:
    """By case, in the order of their lines. Of a case that was granted as it was opened: what went back."""
    rows = AfterSaleItem.objects.filter(aftersale_id__in=case_ids).select_related("line")
    found: defaultdict[UUID, list[AfterSaleItem]] = defaultdict(list)
    for row in rows.order_by("line__position"):
        found[row.aftersale_id].append(row)
    wanted = {row.for_sku_id for each in found.values() for row in each if row.for_sku_id}
    options = {id: facts.option_text for id, facts in sku_facts(wanted).items()} if wanted else {}
    items = {id: tuple(_item(row, options) for row in found[id]) for id in case_ids}
    given = _given(id for id, rows in items.items() if not rows)
    return {id: rows or tuple(given[id]) for id, rows in items.items()}


def _given(case_ids: Iterable[UUID]) -> Mapping[UUID, list[CaseItem]]:
    given: defaultdict[UUID, list[CaseItem]] = defaultdict(list)
    if ids := list(case_ids):
        rows = AfterSaleLine.objects.filter(aftersale_id__in=ids).select_related("line")
        for row in rows.order_by("line__position"):
            given[row.aftersale_id].append(_item(row, {}))
    return given


def _item(row: AfterSaleItem | AfterSaleLine, options: Mapping[UUID, str]) -> CaseItem:
    line, instead = row.line, row.for_sku_id if isinstance(row, AfterSaleItem) else None
    return CaseItem(
        line_id=line.id,
        product_id=line.product_id,
        sku_id=line.sku_id,
        title=line.title,
        option_text=line.option_text,
        picture=line.picture,
        quantity=row.quantity,
        bought=line.quantity,
        paid_fen=Fen(line.paid_fen),
        promised=line.policies,
        instead=options.get(instead, "") if instead else "",
    )


def _words(case_id: UUID) -> tuple[CaseWord, ...]:
    rows = list(AfterSaleWord.objects.filter(aftersale_id=case_id).order_by("said_at", "id"))
    files: defaultdict[UUID, list[AfterSaleFile]] = defaultdict(list)
    for file in AfterSaleFile.objects.filter(word__in=rows).exclude(file="").order_by("position"):
        files[file.word_id].append(file)
    return tuple(
        CaseWord(row.side, row.step, row.text, row.said_at, row.author_id, tuple(files[row.id]))
        for row in rows
    )


def file_of(case_id: UUID, file_id: UUID) -> AfterSaleFile:
    """A file of the case. Raises NotFound."""
    row = AfterSaleFile.objects.filter(pk=file_id, word__aftersale_id=case_id).exclude(file="").first()
    if row is None:
        raise NotFound()
    return row


def cases_of_order(order_id: UUID) -> Sequence[AfterSale]:
    """The latest first; those that staff or a cancelling opened too."""
    rows = AfterSale.objects.filter(order_id=order_id).select_related("refund")
    return list(rows.order_by("-opened_at", "-id"))


def cases_of(person_id: UUID, *, limit: int = 50) -> Sequence[AfterSale]:
    """A buyer's own, the latest first. In a person_scope (all merchants) or a merchant_scope (that one)."""
    rows = AfterSale.objects.filter(person_id__same_as=person_id).exclude(kind=AfterSaleKind.CANCEL)
    return list(rows.order_by("-opened_at", "-id")[:limit])
