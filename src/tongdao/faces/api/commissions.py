"""What promoters earned, where an order's money goes, and how the merchant's accounts stand."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from ninja import Field, Query, Router, Schema

from tongdao.faces.api.access import Call
from tongdao.faces.api.filtering import Filters, filters_of, rows_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Limit, Offset, Page
from tongdao.faces.lists.registry import LISTS
from tongdao.finance.ledger.queries import kind_balances, last_sealed, trial_balance
from tongdao.foundation.refusals import NotFound
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.commissions.queries import Waiting, wait_for
from tongdao.rewards.settlement.queries.order_money import money_of_order
from tongdao.trade.orders.models import Order, WaterfallShare

router = Router(tags=["money"])
DESK = "/merchants/{merchant_id}"

if TYPE_CHECKING:
    CommissionFilters = Filters
else:
    CommissionFilters = filters_of("commissions")


class CommissionOut(Schema):
    """A promoter's share of an order line. Frozen are `base_fen`, `amount_fen` and `rule`."""

    commission_id: UUID
    promoter_id: UUID
    order_id: UUID
    line_id: UUID
    state: str = Field(description="held, released, claimed, paid or void")
    base_fen: int = Field(description="What the buyer paid for the line's goods")
    amount_fen: int
    rule: str = Field(description='Version of the plan and its rule, such as "plan:3.2"')
    clawed_fen: int = Field(description="Taken back because goods went back")
    owed_fen: int = Field(description="Of that: was paid out, and is not made good yet")
    held_at: datetime
    released_at: datetime | None
    waits_for: str = Field(description="What it is held for: receipt, window, refund, case or turn")
    not_before: datetime | None


class ShareOut(Schema):
    line_id: UUID
    kind: str
    rule: str
    agreed_fen: int
    back_fen: int = Field(description="Went back to the buyer")
    left_fen: int
    owed_fen: int = Field(description="Of what went back: had been paid out already")
    stage: str = Field(description="unpaid, kept, held, released, claimed, paid or back")
    since: datetime | None
    payout_id: UUID | None


class SharePartOut(Schema):
    kind: str
    name: str
    agreed_fen: int
    back_fen: int
    settled_fen: int
    hundred_fen: int = Field(description="Of each 100 yuan of the order, in fen")


class OrderWaterfallOut(Schema):
    """`parts` sum to `total_fen`; their `hundred_fen` sum to 10,000."""

    order_id: UUID
    total_fen: int
    back_fen: int
    parts: list[SharePartOut]
    shares: list[ShareOut]


class KindBalanceOut(Schema):
    kind: str
    currency: str
    balance_fen: int
    accounts: int = Field(description="So many accounts of this kind do not stand at nought")


class BalancesOut(Schema):
    """All balances sum to nought in each currency."""

    on: date | None
    sealed_until: date | None = Field(description="Nothing can be booked on this day or before it any more")
    kinds: list[KindBalanceOut]


@operation(router, "GET", f"{DESK}/commissions", need="money.read", answer=Page[CommissionOut])
def list_commissions(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[CommissionFilters, Query()],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[CommissionOut]:
    """What promoters earned, line by line, newest first."""
    rows: list[Commission] = rows_of(LISTS["commissions"], filters, limit + 1, offset)
    shown = rows[:limit]
    waits = wait_for(row.order_id for row in shown if row.state == "held")
    shares = WaterfallShare.objects.filter(pk__in=[row.share_id for row in shown])
    rules = dict(shares.values_list("id", "rule_version"))
    items = [
        _commission(row, rules[row.share_id], waits.get(row.order_id) if row.state == "held" else None)
        for row in shown
    ]
    return Page(items=items, more=len(rows) > limit)


def _commission(row: Commission, rule: str, waiting: Waiting | None) -> CommissionOut:
    return CommissionOut(
        commission_id=row.id,
        promoter_id=row.promoter_id,
        order_id=row.order_id,
        line_id=row.line_id,
        state=row.state,
        base_fen=row.base_fen,
        amount_fen=row.amount_fen,
        rule=rule,
        clawed_fen=row.clawed_fen,
        owed_fen=row.owed_fen - row.netted_fen,
        held_at=row.held_at,
        released_at=row.released_at,
        waits_for=waiting.cause if waiting else "",
        not_before=waiting.until if waiting else None,
    )


@operation(
    router, "GET", f"{DESK}/orders/{{order_id}}/waterfall", need="money.read", answer=OrderWaterfallOut
)
def read_order_waterfall(request: Call, merchant_id: UUID, order_id: UUID) -> OrderWaterfallOut:
    """Where the money of an order goes: whose share, by which rule, and where it is now."""
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise NotFound()
    money = money_of_order(order)
    return OrderWaterfallOut(
        order_id=order_id,
        total_fen=money.total_fen,
        back_fen=money.back_fen,
        parts=[
            SharePartOut(
                kind=part.kind,
                name=part.name,
                agreed_fen=part.agreed_fen,
                back_fen=part.back_fen,
                settled_fen=part.settled_fen,
                hundred_fen=part.hundred_fen,
            )
            for part in money.parts
        ],
        shares=[
            ShareOut(
                line_id=share.line_id,
                kind=share.kind,
                rule=share.rule,
                agreed_fen=share.agreed_fen,
                back_fen=share.back_fen,
                left_fen=share.left_fen,
                owed_fen=share.owed_fen,
                stage=share.stage,
                since=share.moved_at,
                payout_id=share.payout_id,
            )
            for share in money.shares
        ],
    )


@operation(router, "GET", f"{DESK}/ledger/balances", need="money.read", answer=BalancesOut)
def read_balances(request: Call, merchant_id: UUID, on: date | None = None) -> BalancesOut:
    """How the accounts stand, kind by kind, now or at the end of the day `on`."""
    return BalancesOut(
        on=on,
        sealed_until=last_sealed(),
        kinds=[
            KindBalanceOut(
                kind=each.kind, currency=each.currency, balance_fen=each.balance, accounts=each.accounts
            )
            for each in kind_balances(trial_balance(on))
        ],
    )
