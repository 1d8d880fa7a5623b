"""All that there is of a case. In the merchant's scope; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from tongdao.finance.ledger.models import LedgerDay
from tongdao.finance.ledger.queries import TransactionView, transactions_of
from tongdao.finance.ledger.seals import lines_of, unpacked
from tongdao.foundation import clock
from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.events import Event
from tongdao.party.merchants.models import Merchant
from tongdao.trade.aftersales.queries import CaseView, case_view
from tongdao.trade.disputes.queries import DisputeView, dispute_of
from tongdao.trade.payments.models import PaymentAllocation, Refund
from tongdao.trade.shipping.queries import Tracking, trackings_of
from tongdao.trade.talk.models import Message, MessageFile


@dataclass(frozen=True, slots=True)
class Evidence:
    """`events`: of order, case, its way back and dispute, as the log has them. `ledger`: the canonical lines
    of the order's transactions, as days are sealed with them, None where the books are not shown; `days`:
    what the seals of their days say.
    """

    made_at: datetime
    merchant_name: str
    case: CaseView
    dispute: DisputeView | None
    parcels: Sequence[Tracking]
    messages: Sequence[Message]
    message_files: Mapping[UUID, Sequence[MessageFile]]
    events: Sequence[Event]
    transactions: Sequence[TransactionView]
    ledger: bytes | None
    days: Sequence[Mapping[str, Any]]

    @property
    def files(self) -> list[tuple[str, AttachmentRow]]:
        """Every file that was sent, by its name in the bundle."""
        rows: list[tuple[str, AttachmentRow]] = []
        rows += [("case", row) for each in self.case.words for row in each.files]
        if self.dispute:
            rows += [("dispute", row) for each in self.dispute.statements for row in each.files]
        rows += [("conversation", row) for files in self.message_files.values() for row in files]
        return [(f"files/{where}-{row.sha256[:16]}", row) for where, row in rows if row.file]


def gather(case_id: UUID, *, with_postings: bool = True) -> Evidence:
    """Without postings the days' seals and the leaves of the order's transactions stay. Raises NotFound."""
    case = case_view(case_id)
    order_id, dispute = case.row.order_id, dispute_of(case_id)
    messages = list(
        Message.objects.filter(talk__order_id=order_id, talk__promoter_id__isnull=True).order_by("seq")
    )
    subjects = [str(case_id), str(order_id), *([str(dispute.row.id)] if dispute else [])]
    subjects += [str(case.row.return_parcel_id)] if case.row.return_parcel_id else []
    transactions = _transactions(order_id)
    return Evidence(
        made_at=clock.now(),
        merchant_name=Merchant.objects.values_list("name", flat=True).get(pk=case.row.merchant_id),
        case=case,
        dispute=dispute,
        parcels=trackings_of(order_id),
        messages=messages,
        message_files=_files(messages),
        events=list(Event.objects.filter(subject_id__in=subjects).order_by("seq")),
        transactions=transactions if with_postings else (),
        ledger=lines_of([each.id for each in transactions]) if with_postings else None,
        days=_days(transactions),
    )


def _files(messages: Sequence[Message]) -> Mapping[UUID, Sequence[MessageFile]]:
    found: dict[UUID, list[MessageFile]] = {}
    for row in MessageFile.objects.filter(message__in=messages).order_by("message_id", "position"):
        found.setdefault(row.message_id, []).append(row)
    return found


def _transactions(order_id: UUID) -> list[TransactionView]:
    """Of the order, of the payment that paid it, and of its refunds; the oldest first."""
    paid = PaymentAllocation.objects.filter(order_id=order_id).values_list("attempt_id", flat=True)
    back = Refund.objects.filter(Q(order_id=order_id)).values_list("id", flat=True)
    found = {each.id: each for subject in (order_id, *paid, *back) for each in transactions_of(subject)}
    return sorted(found.values(), key=lambda each: (each.at, each.id))


def _days(transactions: Sequence[TransactionView]) -> list[Mapping[str, Any]]:
    """Per booking day: its seal, the one before it, and the leaf of each of the transactions."""
    told: list[Mapping[str, Any]] = []
    for row in LedgerDay.objects.filter(day__in={each.booked_on for each in transactions}).order_by("day"):
        leaves = unpacked(row.leaves) if row.leaves else {}
        mine = [each.id for each in transactions if each.booked_on == row.day]
        told.append(
            {
                "day": row.day.isoformat(),
                "sealed_at": row.sealed_at.isoformat() if row.sealed_at else None,
                "postings": row.postings,
                "previous": _hex(row.previous),
                "seal": _hex(row.seal),
                "leaves": {str(id): leaves[id].hex() for id in mine if id in leaves},
            }
        )
    return told


def _hex(value: Any) -> str | None:
    return bytes(value).hex() if value else None
