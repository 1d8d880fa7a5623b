"""After-sale cases and their disputes as the shop's programs read them: codes, fen and times."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, File, Schema, UploadedFile

from tongdao.faces.api.shapes import Fen, Input, Text
from tongdao.faces.api.way_back_shapes import WayBackOut, way_back
from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.trade.aftersales.models.asking import MOST_LETTERS
from tongdao.trade.aftersales.queries import CaseItem, CaseView
from tongdao.trade.aftersales.reasons import REFUSALS
from tongdao.trade.disputes.models import MOST_LETTERS as MOST_STATED
from tongdao.trade.disputes.models import Ruling
from tongdao.trade.disputes.queries import DisputeView

CaseFiles = Annotated[
    list[UploadedFile],
    File(description="At most 9: pictures of at most 10 MB, MP4, MOV or WebM videos of at most 50 MB"),
]


class CaseCardOut(Schema):
    """A case in the list."""

    case_id: UUID
    order_id: UUID
    number: str
    kind: str
    reason: str
    state: str
    turn: str = Field(description="seller, buyer, platform or nobody")
    due_at: datetime | None = Field(
        description="null: nobody has to move, or a dispute has stopped the clock"
    )
    opened_at: datetime
    ended_at: datetime | None


class CaseFileOut(Schema):
    """Fetch it with the same token."""

    file_id: UUID
    type: str
    width: int = Field(description="Pixels; 0 for a video")
    height: int
    bytes: int


class CaseWordsOut(Schema):
    side: str
    step: str = Field(description="The state it led to, or statement; opening, answer, appeal in a dispute")
    text: str
    at: datetime
    files: list[CaseFileOut]


class CaseItemOut(Schema):
    line_id: UUID
    product_id: UUID
    sku_id: UUID
    title: str
    option_text: str
    quantity: int
    instead: str = Field(description="The option that an exchange brings, where it is another")


class RulingOut(Schema):
    round: int
    outcome: str = Field(description="buyer, part or seller")
    goods_back: bool
    goods_fen: int | None
    rule: str
    text: str
    ruled_at: datetime


class CaseDisputeOut(Schema):
    dispute_id: UUID
    state: str
    opened_by: str
    opened_at: datetime
    answer_by: datetime
    due_at: datetime | None
    ended_at: datetime | None
    statements: list[CaseWordsOut]
    rulings: list[RulingOut]
    may: list[str] = Field(description="Of state, drop, concede, accept, appeal: what the shop may do now")


class DeskCaseOut(CaseCardOut, WayBackOut):
    """A case whole, as the shop sees it."""

    items: list[CaseItemOut]
    words: list[CaseWordsOut]
    worth_fen: int = Field(description="What granting it now would give back")
    back_fen: int = Field(description="What is granted")
    refund_state: str
    refused_as: str
    carrier: str
    waybill_no: str
    new_carrier: str
    new_waybill_no: str
    may: list[str] = Field(description="Of agree, grant, refuse, receive, replace, say")
    dispute: CaseDisputeOut | None


class CaseTextIn(Input):
    text: Text = Field("", max_length=MOST_LETTERS)


class GrantCaseIn(CaseTextIn):
    expected_fen: Fen = Field(description="Of `worth_fen`: it is refused if it comes to another amount")


class ConcedeIn(Input):
    expected_fen: Fen = Field(
        description="Of `worth_fen`: where money goes, it is refused if it comes to another amount"
    )


class RefuseCaseIn(Input):
    reason: Literal[REFUSALS]  # type: ignore[valid-type]  # codes that the room has
    text: Text = Field(min_length=1, max_length=MOST_LETTERS)


class SayIn(Input):
    """Words, files, or both."""

    text: Text = Field("", max_length=MOST_LETTERS)


class UnitsBackIn(Input):
    line_id: UUID
    to_stock: int = Field(strict=True, ge=0, le=1_000_000, description="Units that can be sold again")


class ReceiveIn(Input):
    lines: list[UnitsBackIn] = Field(default_factory=list, max_length=100)


class ReplaceIn(Input):
    carrier: Text = Field(max_length=24)
    waybill_no: Text = Field(max_length=60)


class StatementIn(Input):
    text: Text = Field(min_length=1, max_length=MOST_STATED)


class ServiceWeekOut(Schema):
    week: str = Field(description="Its Monday in Beijing; empty: all of them")
    orders: int
    cases: int
    disputed: int
    first_answer_seconds: int | None = Field(description="Median of the cases asked for in it")
    refund_seconds: int | None
    disputed_bps: int | None = Field(description="Cases before the platform, in 1/10,000")
    platform_first_answer_seconds: int | None = Field(
        description="The platform's median, once at least five other shops are behind it; last 12 weeks"
    )
    platform_refund_seconds: int | None
    platform_disputed_bps: int | None


class ServiceLevelsOut(Schema):
    platform_reckoned_at: datetime | None = Field(
        description="Of what moment the platform's medians tell; they are hours old at most"
    )
    together: ServiceWeekOut
    weeks: list[ServiceWeekOut]
    overdue: int


def words_out(rows: Sequence[object]) -> list[CaseWordsOut]:
    return [
        CaseWordsOut(
            side=row.side,  # type: ignore[attr-defined]  # CaseWord or Said
            step=row.step,  # type: ignore[attr-defined]
            text=row.text,  # type: ignore[attr-defined]
            at=row.said_at,  # type: ignore[attr-defined]
            files=[_file(file) for file in row.files],  # type: ignore[attr-defined]
        )
        for row in rows
    ]


def _file(row: AttachmentRow) -> CaseFileOut:
    return CaseFileOut(file_id=row.id, type=row.type, width=row.width, height=row.height, bytes=row.bytes)


def item_out(item: CaseItem) -> CaseItemOut:
    return CaseItemOut(
        line_id=item.line_id,
        product_id=item.product_id,
        sku_id=item.sku_id,
        title=item.title,
        option_text=item.option_text,
        quantity=item.quantity,
        instead=item.instead,
    )


def dispute_out(view: DisputeView, may: Sequence[str]) -> CaseDisputeOut:
    row = view.row
    return CaseDisputeOut(
        dispute_id=row.id,
        state=row.state,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        answer_by=row.answer_by,
        due_at=row.due_at,
        ended_at=row.ended_at,
        statements=words_out(view.statements),
        rulings=[_ruling(ruling) for ruling in view.rulings],
        may=list(may),
    )


def _ruling(row: Ruling) -> RulingOut:
    return RulingOut(
        round=row.round,
        outcome=row.outcome,
        goods_back=row.goods_back,
        goods_fen=row.goods_fen,
        rule=row.rule,
        text=row.text,
        ruled_at=row.ruled_at,
    )


def case_out(view: CaseView, turn: str, dispute: CaseDisputeOut | None) -> DeskCaseOut:
    row = view.row
    return DeskCaseOut(
        **way_back(view),
        case_id=row.id,
        order_id=row.order_id,
        number=view.order_number,
        kind=row.kind,
        reason=row.reason,
        state=row.state,
        turn=turn,
        due_at=row.due_at,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        items=[item_out(item) for item in view.items],
        words=words_out(view.words),
        worth_fen=view.worth_fen,
        back_fen=view.back_fen,
        refund_state=view.refund_state,
        refused_as=row.refused_as,
        carrier=row.carrier,
        waybill_no=row.waybill_no,
        new_carrier=row.new_carrier,
        new_waybill_no=row.new_waybill_no,
        may=list(view.seller_may),
        dispute=dispute,
    )
