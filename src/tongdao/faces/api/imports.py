"""Product files: handed in here, worked off in the background, followed by their report."""

from datetime import datetime
from typing import Annotated, Any, BinaryIO, Literal, cast
from uuid import UUID

from ninja import Field, File, Form, Router, Schema, UploadedFile

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Limit, Offset, Page
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.intake.models import ImportRun
from tongdao.goods.intake.operations import queue_import
from tongdao.goods.intake.operations.runs import report_of

router = Router(tags=["goods"])


class RowOut(Schema):
    line: int
    column: str = Field(description="Empty: the whole row")
    code: str
    message: str


class ImportOut(Schema):
    import_id: UUID
    state: str = Field(description="queued, running, done or failed")
    file_name: str
    currency: str
    dry_run: bool
    size_bytes: int
    done_bytes: int
    counts: dict[str, int] = Field(description="What became of products, SKUs, images, prices and stock")
    problem_total: int
    problems: list[RowOut] = Field(description="The first ones, by line")
    failure: dict[str, Any] = Field(description="Of a failed one: code and details of the refusal")
    created_at: datetime
    finished_at: datetime | None


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/imports",
    need="goods.edit",
    answer=ImportOut,
    status=202,
    inside=False,
)
def import_products_file(
    request: Call,
    merchant_id: UUID,
    file: Annotated[UploadedFile, File(description="CSV in the Shopify export format")],
    currency: Annotated[Literal["CNY"], Form(description="Of all prices in the file")],
    dry_run: Annotated[bool, Form(description="Only say what would happen")] = False,
) -> ImportOut:
    """Take products in from a file. Rows that cannot be read are reported, the rest goes in.

    A second import updates and doubles nothing. Follow it with `read_import`.
    """
    run = queue_import(
        merchant_id,
        cast(BinaryIO, file),  # Django's files can be read like one
        file_name=file.name or "products.csv",
        currency=currency,
        dry_run=dry_run,
        actor=as_staff(request),
    )
    with merchant_scope(merchant_id):
        return _import(ImportRun.objects.get(pk=run.id))


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/imports",
    need="goods.edit",
    answer=Page[ImportOut],
)
def list_imports(request: Call, merchant_id: UUID, limit: Limit = 20, offset: Offset = 0) -> Page[ImportOut]:
    """Imports, newest first."""
    rows = list(ImportRun.objects.order_by("-created_at", "-id")[offset : offset + limit + 1])
    return Page(items=[_import(row) for row in rows[:limit]], more=len(rows) > limit)


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/imports/{import_id}",
    need="goods.edit",
    answer=ImportOut,
)
def read_import(request: Call, merchant_id: UUID, import_id: UUID) -> ImportOut:
    """How far an import is, and what it did."""
    run = ImportRun.objects.filter(pk=import_id).first()
    if run is None:
        raise NotFound()
    return _import(run)


def _import(run: ImportRun) -> ImportOut:
    report = report_of(run)
    return ImportOut(
        import_id=run.id,
        state=run.state,
        file_name=run.file_name,
        currency=run.currency,
        dry_run=run.dry_run,
        size_bytes=run.size_bytes,
        done_bytes=run.done_bytes,
        counts=report.counts.as_json(),
        problem_total=report.problem_total,
        problems=[
            RowOut(line=each.line, column=each.column, code=each.code, message=each.message)
            for each in report.in_order
        ],
        failure=run.why,
        created_at=run.created_at,
        finished_at=run.finished_at,
    )
