"""A case as its buyer's program reads it: codes, figures and times, no words of ours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, File, Schema, UploadedFile

from tongdao.faces.api.pictures import picture_url
from tongdao.faces.api.shapes import Input, Text
from tongdao.faces.api.way_back_shapes import WayBackOut, way_back
from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.trade.aftersales.eligibility import Offer
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.models.asking import MOST_LETTERS
from tongdao.trade.aftersales.queries import CaseItem, CaseView, CaseWord
from tongdao.trade.disputes.models import MOST_LETTERS as MOST_STATED
from tongdao.trade.disputes.models import Ruling
from tongdao.trade.disputes.queries import DisputeView, Said, may_call

AskedKind = Literal["cancel", "refund_only", "return_refund", "exchange", "repair", "price_adjustment"]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{2,24}$")]
CaseFiles = Annotated[
    list[UploadedFile],
    File(description="At most 9: pictures of at most 10 MB, MP4, MOV or WebM videos of at most 50 MB"),
]


class MyCaseOfferOut(Schema):
    """One thing that may be asked for now."""

    line_id: UUID
    kind: str = Field(description="As open_my_case takes it")
    most: int = Field(description="Units")
    reasons: list[str]
    until: datetime | None
    no_reason_until: datetime | None = Field(description="Where the reasons include no_reason")


class MyCaseWishIn(Input):
    """What is asked for, of one line."""

    case_id: UUID = Field(description="Your own for this case: again with it, the same case is answered")
    line_id: UUID
    kind: AskedKind
    units: int = Field(ge=1, le=999)
    reason: Code
    text: Text = Field("", max_length=MOST_LETTERS)
    asked_fen: int | None = Field(
        None, ge=1, le=2**53 - 1, description="Less than the units come to; needed for price_adjustment"
    )
    option_sku_id: UUID | None = Field(None, description="What an exchange is to bring; null: the same")


class MySendBackIn(Input):
    carrier: Text = Field("", max_length=24, description="Empty: as the number tells")
    waybill_no: Text = Field(max_length=60)


class MyCaseTextIn(Input):
    text: Text = Field("", max_length=MOST_LETTERS)


class MyStatementIn(Input):
    text: Text = Field(max_length=MOST_STATED)


class MyCaseFileOut(Schema):
    """Fetch it with the same token."""

    file_id: UUID
    type: str
    width: int = Field(description="Pixels; 0 for a video")
    height: int
    bytes: int


class MyCaseWordOut(Schema):
    """What a side said, and at which step."""

    side: str = Field(description="buyer, seller or platform")
    step: str
    text: str
    at: datetime
    files: list[MyCaseFileOut]


class MyCaseItemOut(Schema):
    """`bought` units were; the case is about `units` of them."""

    line_id: UUID
    title: str
    option_text: str
    picture_url: str | None
    units: int
    bought: int
    paid_fen: int
    return_days: int = Field(description="Promised when it was bought; 0: none")
    instead: str = Field(description="The option that an exchange is to bring, where it is another")


class MyRulingOut(Schema):
    """What an arbiter decided. `rule` is a code; the second round stands."""

    round: int
    outcome: str = Field(description="buyer, part or seller")
    goods_back: bool = Field(description="The goods come first")
    goods_fen: int | None = Field(description="Of part: so much for the goods")
    rule: str
    text: str
    at: datetime


class MyDisputeOut(Schema):
    """The case before the platform."""

    dispute_id: UUID
    state: str
    opened_by: str
    opened_at: datetime
    answer_by: datetime = Field(description="Until then each side may state its case")
    due_at: datetime | None
    statements: list[MyCaseWordOut]
    rulings: list[MyRulingOut]
    may: list[str] = Field(description="What you may do now: state, drop, concede, appeal, accept")


class MyCaseCardOut(Schema):
    """`due_at`: by when `whose_turn` has to move; null while the platform decides, and once it is over."""

    case_id: UUID
    order_id: UUID
    merchant_id: UUID
    kind: str
    reason: str
    state: str
    disputed: bool
    opened_at: datetime
    due_at: datetime | None
    ended_at: datetime | None


class MyCaseOut(MyCaseCardOut, WayBackOut):
    whose_turn: str | None = Field(description="buyer or seller; null where nobody has to move")
    refused_as: str
    asked_fen: int | None
    worth_fen: int = Field(description="What granting it now would give back")
    back_fen: int = Field(description="What is granted")
    refund_state: str
    carrier: str
    waybill_no: str
    new_carrier: str
    new_waybill_no: str
    items: list[MyCaseItemOut]
    words: list[MyCaseWordOut]
    may: list[str] = Field(
        description="What you may do now: withdraw, send_back, correct, confirm, say, dispute"
    )
    dispute: MyDisputeOut | None


def offer_out(offer: Offer) -> MyCaseOfferOut:
    return MyCaseOfferOut(
        line_id=offer.line.id,
        kind=offer.kind.value,
        most=offer.most,
        reasons=list(offer.reasons),
        until=offer.until,
        no_reason_until=offer.no_reason_until,
    )


def card_out(row: AfterSale) -> MyCaseCardOut:
    return MyCaseCardOut(**_card(row))


def _card(row: AfterSale) -> dict[str, Any]:
    return {
        "case_id": row.id,
        "order_id": row.order_id,
        "merchant_id": row.merchant_id,
        "kind": row.kind,
        "reason": row.reason,
        "state": str(row.state),
        "disputed": row.paused_left is not None,
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "ended_at": row.ended_at,
    }


def case_out(view: CaseView, dispute: DisputeView | None) -> MyCaseOut:
    row = view.row
    callable_now = not view.paused and may_call(row, Side.BUYER, dispute)
    return MyCaseOut(
        **_card(row),
        **way_back(view),
        whose_turn=view.wait.whose if view.wait and not row.ended_at else None,
        refused_as=row.refused_as,
        asked_fen=row.asked_fen,
        worth_fen=view.worth_fen,
        back_fen=view.back_fen,
        refund_state=view.refund_state,
        carrier=row.carrier,
        waybill_no=row.waybill_no,
        new_carrier=row.new_carrier,
        new_waybill_no=row.new_waybill_no,
        items=[_item(item) for item in view.items],
        words=[_word(word) for word in view.words],
        may=[*view.buyer_may, *(["dispute"] if callable_now else [])],
        dispute=_dispute(dispute) if dispute else None,
    )


def _item(item: CaseItem) -> MyCaseItemOut:
    return MyCaseItemOut(
        line_id=item.line_id,
        title=item.title,
        option_text=item.option_text,
        picture_url=picture_url(item.picture),
        units=item.quantity,
        bought=item.bought,
        paid_fen=item.paid_fen,
        return_days=int(item.promised.get("return_days", 0)),
        instead=item.instead,
    )


def _word(word: CaseWord | Said) -> MyCaseWordOut:
    return MyCaseWordOut(
        side=word.side, step=word.step, text=word.text, at=word.said_at, files=_files(word.files)
    )


def _files(rows: Sequence[AttachmentRow]) -> list[MyCaseFileOut]:
    return [
        MyCaseFileOut(file_id=row.id, type=row.type, width=row.width, height=row.height, bytes=row.bytes)
        for row in rows
        if row.file
    ]


def _dispute(view: DisputeView) -> MyDisputeOut:
    row = view.row
    return MyDisputeOut(
        dispute_id=row.id,
        state=str(row.state),
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        answer_by=row.answer_by,
        due_at=row.due_at,
        statements=[_word(said) for said in view.statements],
        rulings=[_ruling(ruling) for ruling in view.rulings],
        may=list(view.may(Side.BUYER)),
    )


def _ruling(row: Ruling) -> MyRulingOut:
    return MyRulingOut(
        round=row.round,
        outcome=row.outcome,
        goods_back=row.goods_back,
        goods_fen=row.goods_fen,
        rule=row.rule,
        text=row.text,
        at=row.ruled_at,
    )
