"""Each order line that a promoter earns on, with the state of its share and what went off it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.rewards.commissions.queries.shares import shares_of
from tongdao.terms.plans.matching import Rule, agreed
from tongdao.terms.plans.queries import rule_named, rules_named
from tongdao.trade.orders.models import WaterfallShare

LineState = Literal["estimated", "held", "released", "claimed", "paid", "over"]
"""`claimed`: a payout that is on its way has taken it. `over`: nothing is earned."""

_COLUMNS = (
    "line_id", "line__order_id", "line__order__number", "line__order__placed_at", "line__title",
    "line__option_text", "line__picture", "line__quantity", "line__paid_fen", "amount_fen", "rule_version",
    "line__order__state", "commissions__state", "commissions__clawed_fen", "commissions__base_back_fen",
    "commissions__owed_fen", "commissions__netted_fen", "commissions__offset_fen",
    "commissions__part_paid_fen", "commissions__held_at", "commissions__released_at",
)  # fmt: skip
_UNPAID = Q(line__order__state__in=["placed", "closing"], commissions__isnull=True)


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """A share of a line, in fen. `agreed_fen` is what `rule` of the plan's version pays on `paid_fen`, or
    less where the channel's fee left less; `back_fen` of the payment went back, and `clawed_fen` of the share
    with it. `owed_fen` of that had been the promoter's already; later lines made `netted_fen` of it good.
    `offset_fen` of this one made good older debts; payouts that arrived in part have paid `part_paid_fen`.
    """

    line_id: UUID
    order_id: UUID
    number: str
    placed_at: datetime
    title: str
    option_text: str
    picture: str
    quantity: int
    paid_fen: Fen
    agreed_fen: Fen
    plan_version: int
    rule: Rule
    state: LineState
    clawed_fen: Fen
    back_fen: Fen
    owed_fen: Fen
    netted_fen: Fen
    offset_fen: Fen
    part_paid_fen: Fen
    held_at: datetime | None
    released_at: datetime | None

    @property
    def earned_fen(self) -> Fen:
        """What is left of it, wherever it stands."""
        return Fen(0) if self.state == "over" else Fen(self.agreed_fen - self.clawed_fen)

    @property
    def due_fen(self) -> Fen:
        """What of it is held or due: what went to older debts, or has arrived, is not."""
        taken = self.clawed_fen - self.owed_fen + self.part_paid_fen
        return Fen(0) if self.state == "over" else Fen(self.agreed_fen - self.offset_fen - taken)

    @property
    def debt_fen(self) -> Fen:
        """What is still kept back for it from later lines."""
        return Fen(self.owed_fen - self.netted_fen)

    @property
    def capped(self) -> bool:
        """The channel's fee left less than the rule promises."""
        return self.agreed_fen < agreed(self.rule, self.paid_fen, self.quantity)


def income_lines(
    promoter_ids: Sequence[UUID], *, state: LineState | None = None, offset: int = 0, limit: int = 20
) -> list[IncomeLine]:
    """The latest orders first, their lines in their order; of one state if asked."""
    shares = shares_of(promoter_ids)
    if state is not None:
        shares = shares.filter(_in_state(state))
    ordered = shares.order_by("-line__order__placed_at", "-line__order_id", "line__position")
    return _read(ordered, offset, limit)


def income_line(promoter_ids: Sequence[UUID], line_id: UUID) -> IncomeLine:
    """Raises NotFound, also where the line pays somebody else."""
    found = _read(shares_of(promoter_ids).filter(line_id=line_id), 0, 1)
    if not found:
        raise NotFound()
    return found[0]


def _in_state(state: LineState) -> Q:
    if state == "estimated":
        return _UNPAID
    if state == "over":
        return Q(commissions__state="void") | (Q(commissions__isnull=True) & ~_UNPAID)
    return Q(commissions__state=state)


def _read(shares: QuerySet[WaterfallShare], offset: int, limit: int) -> list[IncomeLine]:
    rows = list(shares.values_list(*_COLUMNS)[offset : offset + limit])
    rules = rules_named({row[10] for row in rows})
    return [_line(row, rules[row[10]]) for row in rows]


def _line(row: Any, rule: Rule) -> IncomeLine:
    named, order_state, state, *amounts, held_at, released_at = row[10:]
    version, where = rule_named(named)[0], _state(order_state, state)
    values: Any = (*row[:10], version, rule, where, *(fen or 0 for fen in amounts), held_at, released_at)
    return IncomeLine(*values)


def _state(order_state: str, state: Any) -> LineState:
    """`state` is the commission's, see states.COMMISSION; None before the payment."""
    if state is None:
        return "estimated" if order_state in ("placed", "closing") else "over"
    return "over" if state == "void" else state
