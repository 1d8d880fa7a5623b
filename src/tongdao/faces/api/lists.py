"""Lists as the desk has them, for programs: the same filters, and the same files."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.http import FileResponse
from ninja import Field, Query, Router, Schema

from tongdao.crm.metrics.models import MemberFacts
from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.filtering import Filters, filters_of, rows_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Limit, Offset, Page, Text
from tongdao.faces.lists.operations import cancel_export, queue_export, take_export
from tongdao.faces.lists.operations.exporting import export_for
from tongdao.faces.lists.queries import ExportView, exports_for, view_of
from tongdao.faces.lists.reading import items_of
from tongdao.faces.lists.registry import LISTS, list_named
from tongdao.foundation.refusals import NotFound
from tongdao.party.members.models import Member
from tongdao.party.merchants.permissions import rights_of_actor

router = Router(tags=["lists"])
EXPORTS = "/merchants/{merchant_id}/exports"
ONE = EXPORTS + "/{export_id}"
Noun = Literal[
    "orders",
    "products",
    "promotions",
    "members",
    "promoters",
    "reviews",
    "cases",
    "refunds",
    "links",
    "staff",
    "changes",
    "postings",
]

if TYPE_CHECKING:
    MemberFilters = Filters
    PostingFilters = Filters
else:
    MemberFilters = filters_of("members")
    PostingFilters = filters_of("postings")


class MemberOut(Schema):
    """What a person has bought. Who it is stays hidden in part."""

    member_id: UUID | None = Field(description="null: its joining has not been read yet")
    name: str
    signs_in_with: str
    joined_at: datetime | None
    orders_paid: int
    paid_fen: int
    refunded_fen: int
    first_paid_at: datetime | None
    last_paid_at: datetime | None


class EntryOut(Schema):
    """One posting: an amount goes from one account to another."""

    posting_id: UUID
    at: datetime
    kind: str
    source: str
    destination: str
    order_number: str | None
    amount_fen: int


class ExportIn(Input):
    noun: Noun
    format: Literal["csv", "xlsx"] = "csv"
    filters: dict[Text, Text] = Field(
        default_factory=dict, description="As the list's own operation takes them", max_length=40
    )
    columns: list[Text] = Field(default_factory=list, description="Empty: the usual ones", max_length=60)
    unmasked: bool = Field(False, description="Names, phones and addresses in full; needs lists.unmask")


class ExportOut(Schema):
    export_id: UUID
    noun: str
    format: str
    state: str = Field(description="queued, running, done, failed, cancelled or expired")
    filters: dict[str, str]
    columns: list[str]
    unmasked: bool
    total_rows: int
    done_rows: int
    size_bytes: int
    failure: str = Field(description="Of a failed one, in the language of the request")
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None = Field(description="Until when the file is kept")


@operation(router, "GET", "/merchants/{merchant_id}/members", need="members.read", answer=Page[MemberOut])
def list_members(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[MemberFilters, Query()],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[MemberOut]:
    """Members, who bought, when and how much."""
    spec = LISTS["members"]
    rows = rows_of(spec, filters, limit + 1, offset)
    items = items_of(spec, rows[:limit], spec.columns)
    members = [_member(item.row, item.found.get("name"), item.found.get("sign_in")) for item in items]
    return Page(items=members, more=len(rows) > limit)


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/members/{member_id}",
    need="members.read",
    answer=MemberOut,
)
def read_member(request: Call, merchant_id: UUID, member_id: UUID) -> MemberOut:
    """One member."""
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        raise NotFound()
    facts = MemberFacts.objects.filter(person_id=member.person_id).first()
    row = facts or MemberFacts(person_id=member.person_id, joined_at=member.joined_at)
    item = items_of(LISTS["members"], [row], LISTS["members"].columns)[0]
    return _member(row, (item.found["name"][0], member.id), item.found.get("sign_in"))


def _member(row: Any, name: tuple[str, UUID | None] | None, sign_in: str | None) -> MemberOut:
    column = LISTS["members"].column("name")
    assert column is not None
    return MemberOut(
        member_id=name[1] if name else None,
        name=str(column.value(row, name)),
        signs_in_with=sign_in or "",
        joined_at=row.joined_at,
        orders_paid=row.orders_paid,
        paid_fen=row.paid_fen,
        refunded_fen=row.refunded_fen,
        first_paid_at=row.first_paid_at,
        last_paid_at=row.last_paid_at,
    )


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/ledger/postings",
    need="money.read",
    answer=Page[EntryOut],
)
def list_postings(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[PostingFilters, Query()],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[EntryOut]:
    """Every posting of the books, the latest booked first."""
    spec = LISTS["postings"]
    rows = rows_of(spec, filters, limit + 1, offset)
    items = items_of(spec, rows[:limit], spec.columns)
    return Page(items=[_entry(item.row, item.found) for item in items], more=len(rows) > limit)


def _entry(row: Any, found: Any) -> EntryOut:
    source, destination = found["accounts"]
    return EntryOut(
        posting_id=row.id,
        at=found["transaction"].at,
        kind=found["transaction"].kind,
        source=source,
        destination=destination,
        order_number=found["order"][1] if found["order"] else None,
        amount_fen=row.amount_fen,
    )


@operation(router, "POST", EXPORTS, need="lists.export", answer=ExportOut, status=202)
def create_export(request: Call, merchant_id: UUID, body: ExportIn) -> ExportOut:
    """Have a list written to a file in the background. Follow it with `read_export`."""
    run = queue_export(
        list_named(body.noun),
        body.filters,
        columns=body.columns,
        file_format=body.format,
        unmasked=body.unmasked,
        actor=as_staff(request),
    )
    return _export(view_of(run))


@operation(router, "GET", EXPORTS, need="lists.export", answer=Page[ExportOut])
def list_exports(request: Call, merchant_id: UUID, limit: Limit = 20, offset: Offset = 0) -> Page[ExportOut]:
    """Exports of the lists that I may see, the latest first."""
    rows = list(exports_for(rights_of_actor(as_staff(request)))[offset : offset + limit + 1])
    return Page(items=[_export(view_of(row)) for row in rows[:limit]], more=len(rows) > limit)


@operation(router, "GET", ONE, need="lists.export", answer=ExportOut)
def read_export(request: Call, merchant_id: UUID, export_id: UUID) -> ExportOut:
    """How far an export is."""
    return _export(view_of(export_for(export_id, actor=as_staff(request))))


@operation(router, "POST", ONE + "/cancel", need="lists.export", answer=ExportOut, refuses=[409])
def cancel_list_export(request: Call, merchant_id: UUID, export_id: UUID) -> ExportOut:
    """Stop an export that is not ready."""
    cancel_export(export_id, actor=as_staff(request))
    return _export(view_of(export_for(export_id, actor=as_staff(request))))


@operation(router, "GET", ONE + "/file", need="lists.export", answer=bytes, refuses=[409, 410])
def download_export(request: Call, merchant_id: UUID, export_id: UUID) -> FileResponse:
    """The file. That I took it is on record."""
    run, path = take_export(export_id, actor=as_staff(request))
    view = view_of(run)
    content = path.open("rb")
    return FileResponse(
        content, as_attachment=True, filename=view.file_name, content_type="application/octet-stream"
    )


def _export(view: ExportView) -> ExportOut:
    return ExportOut(
        export_id=view.id,
        noun=view.noun,
        format=view.format,
        state=view.state,
        filters=view.wanted,
        columns=view.columns,
        unmasked=view.unmasked,
        total_rows=view.total_rows,
        done_rows=view.done_rows,
        size_bytes=view.size_bytes,
        failure=view.why,
        created_at=view.created_at,
        finished_at=view.finished_at,
        expires_at=view.expires_at,
    )
