"""A shop with purchases at every stage, each with two attempts to pay it, and all that was written about them
as text without ids: two such shops to which the same was done read the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal

from django.db import connection

from tests.interleaving.world import PRICE, World, _account
from tests.support.builders import make_shop
from tongdao.foundation.actors import CHANNEL
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.operations import begin_close
from tongdao.trade.payments.gateways import PaidNotice, RefundNotice
from tongdao.trade.payments.models import PaymentAttempt, Refund
from tongdao.trade.payments.operations import capture

Stage = Literal["placed", "closing", "closed", "paid", "refunding"]
STAGES: tuple[Stage, ...] = ("placed", "placed", "closing", "closed", "paid", "refunding")
PAID_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
# What differs from shop to shop, or is the moment of the test itself.
APART = [
    "id",
    "merchant_id",
    "account_id",
    "seq",
    "txid",
    "at",
    "number",
    "refund_no",
    "input_hash",
    "created_at",
    "check_at",
    "expires_at",
    "placed_at",
    "pay_by",
    "due_at",
    "requested_at",
    "succeeded_at",
    "closed_at",
]
TABLES = (
    "payment_attempt",
    '"order"',
    "payment_schedule",
    "payment_allocation",
    "refund",
    "callback_record",
    "ledger_transaction",
)
POSTINGS = """
select t.key, p.position, s.code, d.code, p.amount_fen, p.reference is null from ledger_posting p
join ledger_transaction t on t.id = p.transaction_id join ledger_account s on s.id = p.source_id
join ledger_account d on d.id = p.destination_id
"""
EVENTS = """
select subject_id, to_jsonb(t) - %s::text[] from event t
where name ~ '^(payment|refund)' or name = 'order.paid' order by seq
"""


class Till(World):
    """`line`: the sales, one a stage. `refunds`: the numbers of those that were under way at the begin."""

    def __init__(self, stages: Sequence[Stage] = STAGES) -> None:
        self.stock = len(stages) + 1
        self.shop = make_shop((PRICE,), stock=self.stock)
        with merchant_scope(self.shop.merchant_id):
            self.account = _account()
        self.line = [self.sell() for _ in stages]
        for number, stage in enumerate(stages):
            self._bring(number, stage)
        with merchant_scope(self.shop.merchant_id):
            self.refunds = list(Refund.objects.order_by("id").values_list("refund_no", flat=True))

    def _bring(self, number: int, stage: Stage) -> None:
        sale = self.line[number]
        if stage == "closing":
            with merchant_scope(self.shop.merchant_id):
                begin_close(sale.purchase_id, reason="unpaid", actor=sale.buyer)
        if stage in ("closed", "refunding"):
            self.expire(sale)()
        if stage in ("paid", "refunding"):
            with merchant_scope(self.shop.merchant_id):
                capture(self.paid(number, 0), actor=CHANNEL)

    def paid(self, number: int, attempt: int, fen: int = PRICE) -> PaidNotice:  # type: ignore[override]  # another thing here
        """The channel says that this attempt of the purchase was paid."""
        return PaidNotice(
            self.line[number].attempts[attempt],
            "paid",
            amount_fen=Fen(fen),
            paid_at=PAID_AT,
            channel_no=f"4200-{number}-{attempt}",
        )

    def back(self, state: Literal["accepted", "succeeded", "failed", "unknown"]) -> RefundNotice:
        """The channel's word on the refund that was under way at the begin."""
        return RefundNotice(self.refunds[0], state, channel_no="5030")

    def story(self) -> dict[str, list[str]]:
        """Table → its rows as texts, sorted; the events in the order of each subject's own."""
        with merchant_scope(self.shop.merchant_id), connection.cursor() as cursor:
            names = dict(self._names())
            found = {}
            for table in TABLES:
                cursor.execute(f"select to_jsonb(t) - %s::text[] from {table} t", [APART])
                found[table] = sorted(_told(row[0], names) for row in cursor.fetchall())
            cursor.execute(POSTINGS)
            found["postings"] = sorted(_told(row, names) for row in cursor.fetchall())
            cursor.execute(EVENTS, [APART])
            told = [(_told(row[0], names), _told(row[1], names)) for row in cursor.fetchall()]
            found["events"] = [text for _, text in sorted(told, key=lambda pair: pair[0])]
        return found

    def _names(self) -> Iterator[tuple[str, str]]:
        """What to call each id: the text without hyphens, the name."""
        yield self.shop.node_id.hex, "node"
        for number, sale in enumerate(self.line):
            yield sale.purchase_id.hex, f"purchase {number}"
            yield sale.order_id.hex, f"order {number}"
            yield sale.buyer.id.hex if sale.buyer.id else "", f"buyer {number}"
            for attempt, trade_no in enumerate(sale.attempts):
                yield trade_no, f"attempt {number}.{attempt}"
                yield PaymentAttempt.objects.get(trade_no=trade_no).id.hex, f"attempt {number}.{attempt}"
        names = {row.id: row.trade_no for row in PaymentAttempt.objects.all()}
        numbers = {trade_no: n for n, sale in enumerate(self.line) for trade_no in sale.attempts}
        for refund in Refund.objects.all():
            trade_no = names[refund.attempt_id]
            place = self.line[numbers[trade_no]].attempts.index(trade_no)
            yield refund.id.hex, f"refund {numbers[trade_no]}.{place}"


def _told(value: object, names: dict[str, str]) -> str:
    """As text, ids by their names. One that nobody named is just an id."""
    value = json.loads(value) if isinstance(value, str) and value[:1] in "{[" else value
    text = json.dumps(value, sort_keys=True, default=str)
    return ID.sub(lambda found: names.get(found[0].replace("-", ""), "id"), text)
