"""A batch being added up: the states that it changes, and what that changes of the standings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from uuid import UUID

from tongdao.crm.reputation.counting import LineState, WaitState
from tongdao.crm.reputation.models import LineStanding, OrderSent, StandingKind, StandingWait
from tongdao.crm.reputation.reading import Facts, Line
from tongdao.foundation.tenancy import current_merchant

Key = tuple[str, UUID]
LINE = [each.name for each in fields(LineState)]
WAIT = [each.name for each in fields(WaitState)]


def merchant_key() -> Key:
    return StandingKind.MERCHANT.value, current_merchant()


def promoter_key(promoter_id: UUID) -> Key:
    return StandingKind.PROMOTER.value, promoter_id


def keys_of(lines: Iterable[Line]) -> list[Key]:
    """The merchant, and once each the products and promoters of what was paid for; none where nothing was."""
    found: dict[Key, None] = {}
    for line in lines:
        if line.bought.paid_fen:
            found[merchant_key()] = None
            found[StandingKind.PRODUCT.value, line.product_id] = None
            if line.promoter_id:
                found[promoter_key(line.promoter_id)] = None
    return list(found)


@dataclass(slots=True)
class Fold:
    """`sent`: orders that were counted as sent, before the batch or in it; `new`: in it."""

    facts: Facts
    sent: set[UUID]
    lines: dict[UUID, LineState]
    waits: dict[UUID, tuple[Key, WaitState]]
    new: list[UUID] = field(default_factory=list)
    changed_lines: set[UUID] = field(default_factory=set)
    changed_waits: set[UUID] = field(default_factory=set)
    sums: defaultdict[Key, defaultdict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )

    def add(self, keys: Iterable[Key], what: Mapping[str, int], sign: int = 1) -> None:
        for key in keys:
            for name, amount in what.items():
                self.sums[key][name] += sign * amount

    def line(self, line: Line) -> LineState:
        return self.lines.get(line.id, LineState())

    def set_line(self, line: Line, state: LineState) -> None:
        """The standings have what the line comes to now, instead of what it came to."""
        keys = keys_of([line])
        self.add(keys, self.line(line).figures(line.bought), -1)
        self.add(keys, state.figures(line.bought))
        self.lines[line.id] = state
        self.changed_lines.add(line.id)

    def wait(self, id: UUID) -> WaitState:
        return self.waits[id][1] if id in self.waits else WaitState()

    def set_wait(self, id: UUID, key: Key, state: WaitState) -> None:
        """The same of a wait, whose answer `key` owes."""
        before = self.wait(id)
        if state == before:
            return
        self.add([key], before.figures(), -1)
        self.add([key], state.figures())
        self.waits[id] = key, state
        self.changed_waits.add(id)


def read_fold(facts: Facts, waits: Iterable[UUID]) -> Fold:
    """The states before the batch. In the merchant's scope."""
    counted = OrderSent.objects.filter(order_id__in=list(facts.orders))
    lines = LineStanding.objects.filter(line_id__in=set(facts.lines()))
    found = StandingWait.objects.filter(wait_id__in=set(waits))
    return Fold(
        facts,
        set(counted.values_list("order_id", flat=True)),
        {row.line_id: LineState(**{name: getattr(row, name) for name in LINE}) for row in lines},
        {
            row.wait_id: (
                (row.kind, row.subject_id),
                WaitState(**{name: getattr(row, name) for name in WAIT}),
            )
            for row in found
        },
    )


def write_states(fold: Fold) -> None:
    """What the batch changed of the states. In the merchant's scope."""
    OrderSent.objects.bulk_create(OrderSent(order_id=order_id) for order_id in fold.new)
    lines = [
        LineStanding(line_id=id, **asdict(one))
        for id, one in sorted(fold.lines.items())
        if id in fold.changed_lines
    ]
    LineStanding.objects.bulk_create(
        lines,
        update_conflicts=True,
        unique_fields=["merchant_id", "line_id"],
        update_fields=LINE,
    )
    waits = [
        StandingWait(wait_id=id, kind=key[0], subject_id=key[1], **asdict(one))
        for id, (key, one) in sorted(fold.waits.items())
        if id in fold.changed_waits
    ]
    StandingWait.objects.bulk_create(
        waits,
        update_conflicts=True,
        unique_fields=["merchant_id", "wait_id"],
        update_fields=WAIT,
    )
