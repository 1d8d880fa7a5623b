"""Payouts and what they pay for, as programs read them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from tongdao.faces.api.shapes import Fen, Input, Text
from tongdao.rewards.settlement.models import Payee, Payout, PayoutBatch, Transfer
from tongdao.rewards.settlement.operations import Revealed
from tongdao.rewards.settlement.queries.desk import PaidLine, Sending, batch_totals, rejected_for, sendings_of
from tongdao.rewards.settlement.queries.due import Due, Preview


class DueOut(Schema):
    promoter_id: UUID
    amount_fen: int
    lines: int
    way: str = Field(description="wechat or bank; nothing where none was said")
    hindrance: str = Field(description="nameless, unchecked, too_little, under_way or later; empty: is paid")
    unknown: bool = Field(
        description="Has not come by WeChat to this shop: the money goes once that happened"
    )
    owed_fen: int = Field(description="Kept back from what is released next")


class DebtOut(Schema):
    promoter_id: UUID
    owed_fen: int


class PreviewOut(Schema):
    """What a batch that is proposed now would be."""

    least_fen: int
    amount_fen: int
    ready: list[DueOut]
    others: list[DueOut]
    debts: list[DebtOut]


class ProposeIn(Input):
    expected_fen: Fen | None = Field(None, description="Refused (409) where it comes to another amount")


class RejectIn(Input):
    reason: Text = Field("other", max_length=24, description="amounts, payees, no_money, mistake or other")


class BankPaymentIn(Input):
    number: Text = Field(min_length=1, max_length=80, description="The bank's number for the payment")
    paid_on: date


class PayeeCheckIn(Input):
    seen: datetime = Field(description="`said_at` of what was compared with papers")


class MinimumIn(Input):
    least_fen: Fen


class MinimumOut(Schema):
    least_fen: int


class StateSumOut(Schema):
    state: str
    payouts: int
    amount_fen: int


class PayoutBatchOut(Schema):
    payout_batch_id: UUID
    state: str = Field(description="proposed, approved or rejected")
    reason: str = Field(description="Why it was rejected")
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None = Field(description="Nothing: it waits, or who proposed it took it back")
    decided_at: datetime | None
    payouts: int
    amount_fen: int
    arrived_fen: int
    by_state: list[StateSumOut]


class PayoutOut(Schema):
    payout_id: UUID
    payout_batch_id: UUID
    promoter_id: UUID
    state: str = Field(description="claimed, approved, paid, partly or returned")
    way: str
    amount_fen: int
    arrived_fen: int
    stuck: bool = Field(description="A part came to nothing: send it again, or give up")
    claimed_at: datetime
    ended_at: datetime | None
    proof: str


class PaidLineOut(Schema):
    commission_id: UUID
    order_id: UUID
    order_number: str
    title: str
    rule: str
    amount_fen: int


class TransferOut(Schema):
    part: int
    amount_fen: int
    bill_no: str
    channel_no: str
    state: str = Field(description="created, accepted, waiting, paid, failed or cancelled")
    problem: str = Field(description="The channel's last word for what is wrong")
    created_at: datetime
    ended_at: datetime | None


class PayoutWholeOut(PayoutOut):
    lines: list[PaidLineOut]
    transfers: list[TransferOut]


class PayeeOut(Schema):
    """Name and card are read in full by another operation, which is on record."""

    promoter_id: UUID
    way: str
    bank: str
    said_at: datetime
    checked_at: datetime | None
    checked_by: UUID | None


class RevealedOut(Schema):
    real_name: str
    bank: str
    card: str
    said_at: datetime | None


def due_out(row: Due) -> DueOut:
    return DueOut(
        promoter_id=row.promoter_id,
        amount_fen=row.fen,
        lines=row.lines,
        way=row.way,
        hindrance=row.hindrance,
        unknown=row.unknown,
        owed_fen=row.owed_fen,
    )


def preview_out(found: Preview) -> PreviewOut:
    return PreviewOut(
        least_fen=found.least,
        amount_fen=found.fen,
        ready=[due_out(row) for row in found.ready],
        others=[due_out(row) for row in found.others],
        debts=[DebtOut(promoter_id=id, owed_fen=fen) for id, _name, fen in found.debts],
    )


def batches_out(rows: Sequence[PayoutBatch]) -> list[PayoutBatchOut]:
    totals = batch_totals([row.id for row in rows])
    return [
        PayoutBatchOut(
            payout_batch_id=row.id,
            state=row.state,
            reason=rejected_for(row.id) if row.state == "rejected" else "",
            proposed_by=row.proposed_by,
            proposed_at=row.proposed_at,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            payouts=totals[row.id].payouts,
            amount_fen=totals[row.id].fen,
            arrived_fen=totals[row.id].arrived_fen,
            by_state=[
                StateSumOut(state=state, payouts=each.payouts, amount_fen=each.fen)
                for state, each in sorted(totals[row.id].by_state.items())
            ],
        )
        for row in rows
    ]


def payouts_out(rows: Sequence[Payout]) -> list[PayoutOut]:
    sendings = sendings_of([row.id for row in rows])
    return [PayoutOut(**_payout(row, sendings[row.id])) for row in rows]


def payout_out(row: Payout, sending: Sending, lines: Sequence[PaidLine]) -> PayoutWholeOut:
    return PayoutWholeOut(
        **_payout(row, sending),
        lines=[
            PaidLineOut(
                commission_id=line.commission_id,
                order_id=line.order_id,
                order_number=line.number,
                title=line.title,
                rule=line.rule_version,
                amount_fen=line.amount_fen,
            )
            for line in lines
        ],
        transfers=[_transfer(each) for each in sending.transfers],
    )


def _payout(row: Payout, sending: Sending) -> dict[str, Any]:
    return {
        "payout_id": row.id,
        "payout_batch_id": row.batch_id,
        "promoter_id": row.promoter_id,
        "state": row.state,
        "way": row.way,
        "amount_fen": row.amount_fen,
        "arrived_fen": sending.arrived_fen,
        "stuck": row.state == "approved" and sending.stuck,
        "claimed_at": row.claimed_at,
        "ended_at": row.ended_at,
        "proof": row.proof,
    }


def _transfer(row: Transfer) -> TransferOut:
    return TransferOut(
        part=row.part,
        amount_fen=row.amount_fen,
        bill_no=row.bill_no,
        channel_no=row.channel_no,
        state=row.state,
        problem=row.problem,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )


def payee_out(row: Payee) -> PayeeOut:
    return PayeeOut(
        promoter_id=row.promoter_id,
        way=row.way,
        bank=row.bank,
        said_at=row.said_at,
        checked_at=row.checked_at,
        checked_by=row.checked_by,
    )


def revealed_out(found: Revealed) -> RevealedOut:
    return RevealedOut(real_name=found.real_name, bank=found.bank, card=found.card, said_at=found.said_at)
