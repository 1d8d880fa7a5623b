"""A promoter's income, payee and payouts as programs read them. Amounts are fen."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from tongdao.faces.api.shapes import Input, Text
from tongdao.rewards.commissions.queries import Cause, LineState
from tongdao.rewards.settlement.queries.mine import PayoutState, TransferState


class IncomeLineOut(Schema):
    """A share of an order line, in fen. Of the buyer there is nothing."""

    line_id: UUID
    order_id: UUID
    number_end: str = Field(description="The last six digits of the order's number")
    title: str
    quantity: int
    state: LineState
    paid_fen: int = Field(description="The base: what the buyer paid for the goods, without freight")
    agreed_fen: int = Field(description="Of it, by the rule, when it was ordered")
    earned_fen: int = Field(description="What is left of it")
    clawed_fen: int = Field(description="Taken back, because the buyer got money back")
    owed_fen: int = Field(description="Of that, still kept back from what is released next")
    offset_fen: int = Field(description="Went to older debts when it was released")
    placed_at: datetime
    held_at: datetime | None
    released_at: datetime | None


class FrozenRuleOut(Schema):
    plan_version: int
    position: int
    about: str
    rate_bps: int | None
    unit_fen: int | None


class ClawedOut(Schema):
    at: datetime
    reason: str
    base_fen: int
    amount_fen: int
    owed_fen: int = Field(description="Of it, had been the promoter's already")


class NettedOut(Schema):
    gave: bool = Field(description="This line gave to the debt of that one; else that one made this one good")
    line_id: UUID
    title: str
    number_end: str
    fen: int
    at: datetime


class BookedOut(Schema):
    at: datetime
    kind: str
    source: str
    destination: str
    fen: int


class LinePayoutOut(Schema):
    payout_id: UUID
    state: PayoutState
    fen: int


class IncomeStoryOut(IncomeLineOut):
    waits_for: Cause | None = Field(description="Why it is not released yet")
    waits_until: datetime | None = Field(description="When that can change by itself, where it is known")
    rule: FrozenRuleOut
    clawbacks: list[ClawedOut]
    nettings: list[NettedOut]
    payouts: list[LinePayoutOut]
    postings: list[BookedOut]


class PayeeIn(Input):
    way: Literal["wechat", "bank"]
    real_name: Text = Field(min_length=1, max_length=40)
    bank: Text = Field("", max_length=64)
    card: str = Field("", max_length=30, pattern=r"^[0-9 ]*$")
    consent_version: Text = Field(min_length=1, max_length=24, description="Of the text, see `read_my_payee`")


class PayeeConsentOut(Schema):
    version: str
    language: str
    text: str
    standing: str


class MyPayeeOut(Schema):
    """Of what was said only so much as tells it apart."""

    way: Literal["", "wechat", "bank"] = Field(description="Empty: nothing was said, nothing can be paid")
    masked_name: str
    bank: str
    card_end: str
    said_at: datetime | None
    checked_at: datetime | None = Field(description="When the shop compared it with papers")
    consent: PayeeConsentOut


class MyPayoutOut(Schema):
    payout_id: UUID
    state: PayoutState
    way: Literal["wechat", "bank"]
    amount_fen: int
    arrived_fen: int
    claimed_at: datetime
    ended_at: datetime | None
    waiting: int = Field(description="So many transfers wait to be taken")
    take_by: datetime | None = Field(description="From then on the first of them may lapse")


class PayoutPartOut(Schema):
    """One bill at WeChat. While it waits, `mch_id`, `app_id`, `package` are for requestMerchantTransfer."""

    transfer_id: UUID
    part: int
    amount_fen: int
    state: TransferState
    take_by: datetime | None
    ended_at: datetime | None
    problem: str
    mch_id: str
    app_id: str
    package: str


class PayoutLineOut(Schema):
    line_id: UUID
    title: str
    number_end: str
    fen: int


class MyPayoutStoryOut(MyPayoutOut):
    card_end: str
    proof: str = Field(description="The bank's number for the payment")
    lines: list[PayoutLineOut]
    transfers: list[PayoutPartOut]
