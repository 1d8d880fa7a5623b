"""What the shop says to the platform about a case, and what it makes of the ruling."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from django.http.response import HttpResponseBase
from ninja import Form, Router

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.case_desk import CASE, SELLER, case_afterwards, case_now
from tongdao.faces.api.case_desk_shapes import CaseFiles, ConcedeIn, DeskCaseOut, StatementIn
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import SayKey
from tongdao.faces.kit.attachments import serve_attachment
from tongdao.foundation.attachments import Kept
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.posting import post
from tongdao.trade.disputes.models import Dispute, StatementFile
from tongdao.trade.disputes.operations import (
    accept_ruling,
    appeal,
    concede,
    drop_dispute,
    open_dispute,
    state_case,
)
from tongdao.trade.disputes.queries import dispute_of
from tongdao.trade.disputes.queries import file_of as dispute_file_of

router = Router(tags=["cases"])
DISPUTE = CASE + "/dispute"


@operation(
    router,
    "POST",
    DISPUTE,
    need="orders.serve",
    answer=DeskCaseOut,
    status=201,
    refuses=[409],
    inside=False,
)
def call_platform_on_case(
    request: Call,
    merchant_id: UUID,
    case_id: UUID,
    body: Annotated[StatementIn, Form()],
    files: CaseFiles = [],  # noqa: B006 it is only read; the description wants a list
) -> DeskCaseOut:
    """The platform is to decide. Until then the case's clock stands still."""
    actor = as_staff(request)

    def act(kept: Sequence[Kept]) -> Dispute:
        return open_dispute(case_id, body.text, kept, side=SELLER, actor=actor)

    post(merchant_id, act, files, keeps=StatementFile)
    return case_afterwards(merchant_id, case_id)


@operation(
    router,
    "POST",
    DISPUTE + "/statements",
    need="orders.serve",
    answer=DeskCaseOut,
    status=201,
    refuses=[409],
    inside=False,
)
def state_case_to_platform(
    request: Call,
    merchant_id: UUID,
    case_id: UUID,
    body: Annotated[StatementIn, Form()],
    files: CaseFiles = [],  # noqa: B006 it is only read; the description wants a list
    key: SayKey = "",
) -> DeskCaseOut:
    """What the arbiter should know."""
    actor, dispute_id = as_staff(request), _dispute_id(merchant_id, case_id)

    def act(kept: Sequence[Kept]) -> None:
        state_case(dispute_id, body.text, kept, side=SELLER, actor=actor, key=key)

    post(merchant_id, act, files, keeps=StatementFile)
    return case_afterwards(merchant_id, case_id)


@operation(
    router,
    "POST",
    DISPUTE + "/appeal",
    need="orders.serve",
    answer=DeskCaseOut,
    refuses=[409],
    inside=False,
)
def appeal_case_ruling(
    request: Call,
    merchant_id: UUID,
    case_id: UUID,
    body: Annotated[StatementIn, Form()],
    files: CaseFiles = [],  # noqa: B006 it is only read; the description wants a list
    key: SayKey = "",
) -> DeskCaseOut:
    """Once: another arbiter looks, and that ruling stands."""
    actor, dispute_id = as_staff(request), _dispute_id(merchant_id, case_id)

    def act(kept: Sequence[Kept]) -> Dispute:
        return appeal(dispute_id, body.text, kept, side=SELLER, actor=actor, key=key)

    post(merchant_id, act, files, keeps=StatementFile)
    return case_afterwards(merchant_id, case_id)


def _dispute_id(merchant_id: UUID, case_id: UUID) -> UUID:
    with merchant_scope(merchant_id):
        return _dispute(case_id)


def _dispute(case_id: UUID) -> UUID:
    found = dispute_of(case_id)
    if found is None:
        raise NotFound()
    return found.row.id


@operation(router, "POST", DISPUTE + "/accept", need="orders.refund", answer=DeskCaseOut, refuses=[409])
def accept_case_ruling(request: Call, merchant_id: UUID, case_id: UUID) -> DeskCaseOut:
    """The ruling is carried out at once."""
    accept_ruling(_dispute(case_id), side=SELLER, actor=as_staff(request))
    return case_now(case_id)


@operation(router, "POST", DISPUTE + "/drop", need="orders.serve", answer=DeskCaseOut, refuses=[409])
def drop_case_dispute(request: Call, merchant_id: UUID, case_id: UUID) -> DeskCaseOut:
    """The platform is not needed any more; only who called it can say so."""
    drop_dispute(_dispute(case_id), side=SELLER, actor=as_staff(request))
    return case_now(case_id)


@operation(router, "POST", DISPUTE + "/concede", need="orders.refund", answer=DeskCaseOut, refuses=[409])
def concede_case_dispute(request: Call, merchant_id: UUID, case_id: UUID, body: ConcedeIn) -> DeskCaseOut:
    """Before anything is ruled: the goods may come back, or the money goes, as the buyer asked."""
    concede(_dispute(case_id), side=SELLER, actor=as_staff(request), expected=body.expected_fen)
    return case_now(case_id)


@operation(router, "GET", DISPUTE + "/files/{file_id}", need="orders.read", answer=bytes)
def download_dispute_file(request: Call, merchant_id: UUID, case_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A picture or video that a side showed the platform."""
    return serve_attachment(dispute_file_of(_dispute(case_id), file_id), request)
