"""One after-sale case whole, as the desk sees it: the case, its dispute, its log, and what came before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from tongdao.faces.console.reading.record import Told, told_of
from tongdao.faces.lists.paging import Place
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.wanted import page_of
from tongdao.foundation.events import Subject
from tongdao.trade.aftersales.models import AfterSale, AfterSaleItem, AfterSaleKind, AfterSaleLine
from tongdao.trade.aftersales.operations import backs_of
from tongdao.trade.aftersales.queries import CaseView, case_view
from tongdao.trade.aftersales.standing import LineBack
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.queries import DisputeView, dispute_of
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.story.queries import order_story

NOT_ASKED = (AfterSaleKind.CANCEL, AfterSaleKind.REFUND)


@dataclass(frozen=True, slots=True)
class Before:
    """How often something was asked for: `orders` of the buyer or with the product, `cases`, `granted`."""

    orders: int
    cases: int
    granted: int


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """`promised`: by line, what it promised when it was bought. `backs`: what granting it now gives back."""

    view: CaseView
    dispute: DisputeView | None
    told: Sequence[Told]
    promised: Mapping[UUID, str]
    backs: Sequence[LineBack]
    of_buyer: Before
    of_product: Before
    lines: Sequence[AfterSaleLine]

    @property
    def case(self) -> AfterSale:
        return self.view.row


def case_record(case_id: UUID) -> CaseRecord:
    """Raises NotFound."""
    view = case_view(case_id)
    case = view.row
    return CaseRecord(
        view=view,
        dispute=dispute_of(case_id),
        told=_told(case),
        promised={line.line_id: line.promised for line in order_story(case.order_id).lines},
        backs=backs_of(case) if view.worth_fen else (),
        of_buyer=_of_buyer(case),
        of_product=_of_products(case, [item.product_id for item in view.items]),
        lines=list(
            AfterSaleLine.objects.filter(aftersale=case).select_related("line").order_by("line__position")
        ),
    )


def neighbours(case_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The case before and the one behind it in the desk's list, what waits for the shop first."""
    spec = LISTS["cases"]
    before = page_of(spec, {}, Place(after=case_id), 1).rows
    behind = page_of(spec, {}, Place(before=case_id), 1).rows
    return (before[0].pk if before else None), (behind[0].pk if behind else None)


def _told(case: AfterSale) -> list[Told]:
    subjects = [Subject("after_sale", case.id)]
    disputes = Dispute.objects.filter(aftersale=case).values_list("id", flat=True)
    subjects += [Subject("dispute", id) for id in disputes]
    if case.refund_id:
        subjects.append(Subject("refund", case.refund_id))
    return told_of(subjects)


def _of_buyer(case: AfterSale) -> Before:
    """Of this shop; cancelling before anything was shipped does not count."""
    lines = OrderLine.objects.filter(order__person_id__same_as=case.person_id, order__paid_at__isnull=False)
    cases = AfterSale.objects.filter(person_id__same_as=case.person_id).exclude(kind__in=NOT_ASKED)
    return _before(lines, cases.exclude(pk=case.pk))


def _of_products(case: AfterSale, product_ids: Sequence[UUID]) -> Before:
    """Of all buyers."""
    lines = OrderLine.objects.filter(product_id__in=product_ids, order__paid_at__isnull=False)
    among = AfterSaleItem.objects.filter(line__product_id__in=product_ids).values("aftersale_id")
    cases = AfterSale.objects.filter(pk__in=among).exclude(kind__in=NOT_ASKED)
    return _before(lines, cases.exclude(pk=case.pk))


def _before(lines: QuerySet[OrderLine], cases: QuerySet[AfterSale]) -> Before:
    return Before(
        orders=lines.order_by().values("order_id").distinct().count(),
        cases=cases.count(),
        granted=cases.filter(refund__isnull=False).count(),
    )
