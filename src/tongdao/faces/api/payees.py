"""Whom payouts go to, and comparing that with papers."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from ninja import Query, Router

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.filtering import Filters, filters_of, rows_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.payout_shapes import PayeeCheckIn, PayeeOut, RevealedOut, payee_out, revealed_out
from tongdao.faces.api.shapes import Limit, Offset, Page
from tongdao.faces.lists.registry import LISTS
from tongdao.foundation.refusals import NotFound
from tongdao.rewards.settlement.models import Payee
from tongdao.rewards.settlement.operations import check_payee, unmask_payee

router = Router(tags=["payouts"])
PAYEES = "/merchants/{merchant_id}/payees"
PAYEE = f"{PAYEES}/{{promoter_id}}"

if TYPE_CHECKING:
    PayeeFilters = Filters
else:
    PayeeFilters = filters_of("payees")


@operation(router, "GET", PAYEES, need="money.read", answer=Page[PayeeOut])
def list_payees(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[PayeeFilters, Query()],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[PayeeOut]:
    """Promoters who have said how to be paid, newest first."""
    rows = rows_of(LISTS["payees"], filters, limit + 1, offset)
    return Page(items=[payee_out(row) for row in rows[:limit]], more=len(rows) > limit)


@operation(router, "GET", PAYEE, need="money.read", answer=PayeeOut)
def read_payee(request: Call, merchant_id: UUID, promoter_id: UUID) -> PayeeOut:
    """How a promoter is paid; 404 while they have not said so."""
    return _payee(promoter_id)


@operation(router, "POST", f"{PAYEE}/unmask", need="money.move", answer=RevealedOut)
def unmask_payee_name(request: Call, merchant_id: UUID, promoter_id: UUID) -> RevealedOut:
    """Name and card in full, for comparing them with papers. Who reads them is on record."""
    return revealed_out(unmask_payee(promoter_id, actor=as_staff(request)))


@operation(router, "POST", f"{PAYEE}/check", need="money.move", answer=PayeeOut, refuses=[409])
def check_payee_papers(request: Call, merchant_id: UUID, promoter_id: UUID, body: PayeeCheckIn) -> PayeeOut:
    """Name and card were compared with papers, as they were said at `seen` (409 where they changed since)."""
    check_payee(promoter_id, seen=body.seen, actor=as_staff(request))
    return _payee(promoter_id)


def _payee(promoter_id: UUID) -> PayeeOut:
    row = Payee.objects.filter(promoter_id=promoter_id).first()
    if row is None:
        raise NotFound()
    return payee_out(row)
