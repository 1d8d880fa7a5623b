"""Who may review what: lines of one's own that were received and were not all given back."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tongdao.party.merchants.models import StaffMember
from tongdao.party.network.models import Promoter
from tongdao.trade.aftersales.models import AfterSaleLine
from tongdao.trade.orders.models import OrderLine
from tongdao.trade.reviews.models import Review
from tongdao.trade.shipping.models import ParcelItem


def reviewable_lines(person_id: UUID) -> QuerySet[OrderLine]:
    """The person's lines at the merchant of the scope that wait for a review."""
    return _waiting(OrderLine.objects.filter(order__person_id__same_as=person_id))


def waiting_lines(order_id: UUID) -> QuerySet[OrderLine]:
    """Those of one order."""
    return _waiting(OrderLine.objects.filter(order_id=order_id))


def is_received(line: OrderLine) -> bool:
    return _received(OrderLine.objects.filter(pk=line.pk)).exists()


def is_undone(line: OrderLine) -> bool:
    """Every unit of it was given back."""
    return not _kept(OrderLine.objects.filter(pk=line.pk)).exists()


def is_interested(line: OrderLine, person_id: UUID) -> bool:
    """The person works for the merchant, or is the promoter who earns on the line."""
    if StaffMember.objects.filter(person_id__same_as=person_id, left_at__isnull=True).exists():
        return True
    mine = Promoter.objects.filter(person_id__same_as=person_id)
    return line.promoter_id is not None and mine.filter(pk=line.promoter_id).exists()


def has_reviewed(product_id: UUID, person_id: UUID) -> bool:
    """Under whichever of its names."""
    return Review.objects.filter(product_id=product_id, person_id__same_as=person_id).exists()


def _waiting(lines: QuerySet[OrderLine]) -> QuerySet[OrderLine]:
    return _kept(_received(lines)).exclude(Exists(Review.objects.filter(line=OuterRef("pk"))))


def _received(lines: QuerySet[OrderLine]) -> QuerySet[OrderLine]:
    """The buyer confirmed, or the timer did, or the carrier has handed over a parcel with it."""
    arrived = ParcelItem.objects.filter(allocation__line=OuterRef("pk"), parcel__state="delivered")
    return lines.filter(Q(order__state="completed") | Q(Exists(arrived), order__state="paid"))


def _kept(lines: QuerySet[OrderLine]) -> QuerySet[OrderLine]:
    undone = AfterSaleLine.objects.filter(line=OuterRef("pk")).order_by().values("line")
    units = Subquery(undone.annotate(units=Sum("quantity")).values("units"))
    return lines.annotate(undone=Coalesce(units, 0)).filter(undone__lt=F("quantity"))
