"""After-sale cases as the staff answer them, and what the shop says to the platform."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from django.http.response import HttpResponseBase
from ninja import Form, Query, Router

from tongdao.crm.insight.levels import Platform, platform
from tongdao.crm.insight.service import Served, served, share_bps
from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.case_desk_shapes import (
    CaseCardOut,
    CaseFiles,
    CaseTextIn,
    DeskCaseOut,
    GrantCaseIn,
    ReceiveIn,
    RefuseCaseIn,
    ReplaceIn,
    SayIn,
    ServiceLevelsOut,
    ServiceWeekOut,
    case_out,
    dispute_out,
)
from tongdao.faces.api.filtering import Filters, filters_of, rows_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Limit, Offset, Page, SayKey
from tongdao.faces.kit.attachments import serve_attachment
from tongdao.faces.lists.nouns.cases import numbers_of, turn_of, unheard_of
from tongdao.faces.lists.registry import LISTS
from tongdao.foundation import clock
from tongdao.foundation.attachments import Kept
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations import (
    add_words,
    agree_to_case,
    grant_case,
    receive_return,
    refuse_case,
    ship_replacement,
)
from tongdao.trade.aftersales.posting import post
from tongdao.trade.aftersales.queries import case_view, file_of
from tongdao.trade.aftersales.refusals import CaseWordsMissing
from tongdao.trade.disputes.queries import dispute_of
from tongdao.trade.disputes.waiting import for_seller

router = Router(tags=["cases"])
CASES = "/merchants/{merchant_id}/cases"
CASE = CASES + "/{case_id}"
SELLER = Side.SELLER

if TYPE_CHECKING:
    CaseFilters = Filters
else:
    CaseFilters = filters_of("cases")


@operation(router, "GET", CASES, need="orders.read", answer=Page[CaseCardOut])
def list_cases(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[CaseFilters, Query()],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[CaseCardOut]:
    """After-sale cases: what waits for the shop first, by when it is due."""
    rows = rows_of(LISTS["cases"], filters, limit + 1, offset)
    cards = _cards(rows[:limit])
    return Page(items=cards, more=len(rows) > limit)


def _cards(rows: Sequence[AfterSale]) -> list[CaseCardOut]:
    numbers, unheard = numbers_of(rows), unheard_of(rows)
    return [
        CaseCardOut(
            case_id=row.id,
            order_id=row.order_id,
            number=numbers[row.order_id],
            kind=row.kind,
            reason=row.reason,
            state=row.state,
            turn=turn_of(row, unheard.get(row.id)),
            due_at=row.due_at,
            opened_at=row.opened_at,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


@operation(router, "GET", CASE, need="orders.read", answer=DeskCaseOut)
def read_case(request: Call, merchant_id: UUID, case_id: UUID) -> DeskCaseOut:
    """A case with what both sides said, and its dispute."""
    return case_now(case_id)


def case_now(case_id: UUID) -> DeskCaseOut:
    view, dispute = case_view(case_id), dispute_of(case_id)
    turn = turn_of(view.row, unheard_of([view.row]).get(case_id))
    return case_out(view, turn, dispute_out(dispute, dispute.may(SELLER)) if dispute else None)


@operation(router, "POST", CASE + "/agree", need="orders.serve", answer=DeskCaseOut, refuses=[409])
def agree_to_buyers_case(request: Call, merchant_id: UUID, case_id: UUID, body: CaseTextIn) -> DeskCaseOut:
    """The goods may come back."""
    agree_to_case(case_id, text=body.text, actor=as_staff(request))
    return case_now(case_id)


@operation(router, "POST", CASE + "/grant", need="orders.refund", answer=DeskCaseOut, refuses=[409])
def grant_buyers_case(request: Call, merchant_id: UUID, case_id: UUID, body: GrantCaseIn) -> DeskCaseOut:
    """The money goes back, just the amount that was looked at."""
    grant_case(case_id, text=body.text, expected=body.expected_fen, actor=as_staff(request))
    return case_now(case_id)


@operation(
    router,
    "POST",
    CASE + "/refuse",
    need="orders.serve",
    answer=DeskCaseOut,
    refuses=[409],
    inside=False,
)
def refuse_buyers_case(
    request: Call,
    merchant_id: UUID,
    case_id: UUID,
    body: Annotated[RefuseCaseIn, Form()],
    files: CaseFiles = [],  # noqa: B006 it is only read; the description wants a list
) -> DeskCaseOut:
    """No, with a reason. The buyer may call the platform."""
    actor = as_staff(request)

    def act(kept: Sequence[Kept]) -> AfterSale:
        return refuse_case(case_id, body.reason, text=body.text, files=kept, actor=actor)

    post(merchant_id, act, files)
    return case_afterwards(merchant_id, case_id)


def case_afterwards(merchant_id: UUID, case_id: UUID) -> DeskCaseOut:
    with merchant_scope(merchant_id):
        return case_now(case_id)


@operation(router, "POST", CASE + "/receive", need="orders.refund", answer=DeskCaseOut, refuses=[409])
def receive_case_goods(request: Call, merchant_id: UUID, case_id: UUID, body: ReceiveIn) -> DeskCaseOut:
    """The goods are back; some of them can be sold again."""
    receive_return(case_id, {line.line_id: line.to_stock for line in body.lines}, actor=as_staff(request))
    return case_now(case_id)


@operation(router, "POST", CASE + "/replace", need="orders.serve", answer=DeskCaseOut, refuses=[409])
def send_case_replacement(request: Call, merchant_id: UUID, case_id: UUID, body: ReplaceIn) -> DeskCaseOut:
    """Others are on their way, or the same ones, mended."""
    ship_replacement(case_id, body.carrier, body.waybill_no, actor=as_staff(request))
    return case_now(case_id)


@operation(
    router,
    "POST",
    CASE + "/words",
    need="orders.serve",
    answer=DeskCaseOut,
    status=201,
    refuses=[409],
    inside=False,
)
def say_on_case(
    request: Call,
    merchant_id: UUID,
    case_id: UUID,
    body: Annotated[SayIn, Form()],
    files: CaseFiles = [],  # noqa: B006 it is only read; the description wants a list
    key: SayKey = "",
) -> DeskCaseOut:
    """Say or show the buyer more. It changes nothing else."""
    actor = as_staff(request)
    if not body.text.strip() and not files:
        raise CaseWordsMissing()

    def act(kept: Sequence[Kept]) -> None:
        add_words(case_id, body.text, kept, side=SELLER, actor=actor, key=key)

    post(merchant_id, act, files)
    return case_afterwards(merchant_id, case_id)


@operation(router, "GET", CASE + "/files/{file_id}", need="orders.read", answer=bytes)
def download_case_file(request: Call, merchant_id: UUID, case_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A picture or video that came with what a side said."""
    return serve_attachment(file_of(case_id, file_id), request)


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/service-levels",
    need="orders.read",
    answer=ServiceLevelsOut,
)
def read_service_levels(
    request: Call, merchant_id: UUID, weeks: Annotated[int, Query(ge=1, le=52)] = 12
) -> ServiceLevelsOut:
    """How fast the shop answers cases and gives money back, week by week."""
    now = clock.now()
    together, by_week = served(now, weeks=weeks)
    others = platform(now, weeks=weeks)
    overdue = AfterSale.objects.filter(for_seller(), due_at__lte=now).count()
    return ServiceLevelsOut(
        together=_week(together, others),
        weeks=[_week(one, others) for one in by_week],
        overdue=overdue,
        platform_reckoned_at=others.reckoned_at,
    )


def _week(one: Served, others: Platform) -> ServiceWeekOut:
    level = others.of(one.week)
    return ServiceWeekOut(
        week=one.week.isoformat() if one.week else "",
        orders=one.orders,
        cases=one.cases,
        disputed=one.disputed,
        first_answer_seconds=one.answer,
        refund_seconds=one.refund,
        disputed_bps=share_bps(one.disputed, one.cases),
        platform_first_answer_seconds=level.answer,
        platform_refund_seconds=level.refund,
        platform_disputed_bps=level.disputed_bps,
    )
