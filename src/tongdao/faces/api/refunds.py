"""Money on its way back to buyers."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from ninja import Field, Query, Router

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.filtering import Filters, filters_of, rows_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Limit, Offset, Page
from tongdao.faces.api.stories import OrderRefundOut
from tongdao.faces.lists.registry import LISTS
from tongdao.foundation.refusals import NotFound
from tongdao.trade.payments.models import Refund
from tongdao.trade.payments.operations.refunding import retry_refund

router = Router(tags=["money"])

if TYPE_CHECKING:
    RefundFilters = Filters
else:
    RefundFilters = filters_of("refunds")


class RefundOut(OrderRefundOut):
    order_id: UUID | None = Field(description="Nothing: the payment belonged to no order any more")
    refund_no: str
    tries: int
    problem: str = Field(description="The channel's last error code")


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/refunds",
    need="money.read",
    answer=Page[RefundOut],
)
def list_refunds(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[RefundFilters, Query()],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[RefundOut]:
    """Refunds, newest first."""
    rows = rows_of(LISTS["refunds"], filters, limit + 1, offset)
    return Page(items=[_refund(row) for row in rows[:limit]], more=len(rows) > limit)


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/refunds/{refund_id}/retry",
    need="money.move",
    answer=RefundOut,
)
def retry_failed_refund(request: Call, merchant_id: UUID, refund_id: UUID) -> RefundOut:
    """Send a failed refund again. One that is on its way or paid back stays as it is."""
    if Refund.objects.filter(pk=refund_id, state="failed").exists():
        retry_refund(refund_id, actor=as_staff(request))
    row = Refund.objects.filter(pk=refund_id).first()
    if row is None:
        raise NotFound()
    return _refund(row)


def _refund(row: Refund) -> RefundOut:
    return RefundOut(
        refund_id=row.id,
        order_id=row.order_id,
        refund_no=row.refund_no,
        amount_fen=row.amount_fen,
        currency=row.currency,
        reason=row.reason,
        state=row.state,
        requested_at=row.requested_at,
        succeeded_at=row.succeeded_at,
        tries=row.tries,
        problem=row.problem,
    )
