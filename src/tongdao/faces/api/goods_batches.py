"""Bulk changes of goods: seen before, done at once or from a moment on, cancelled, undone."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Limit, Offset, Page, Text
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.editing.choosing import MOST_LINES, Preview, preview_prices, preview_switch
from tongdao.goods.editing.models import BatchKind
from tongdao.goods.editing.operations import (
    begin_batch,
    cancel_batch,
    check_due,
    check_rule,
    run_batch,
    undo_batch,
)
from tongdao.goods.editing.queries import BatchView, batch_lines, batch_view, batches
from tongdao.goods.editing.reckoning import PriceRule
from tongdao.goods.editing.refusals import RuleInvalid

router = Router(tags=["goods"])
Kind = Literal["price", "publish", "saleable"]
Goods = Annotated[list[UUID], Field(max_length=MOST_LINES)]
SHOWN = 500


class PriceRuleIn(Input):
    how: Literal["set", "percent", "amount"]
    value: int = Field(
        strict=True,
        ge=-(2**52),
        le=2**52,
        description="Fen; of a percentage ten-thousandths, -1000 is ten percent less",
    )
    ending: Literal[0, 90] | None = Field(None, description="To the nearest price that ends in so many fen")
    floor_fen: int | None = Field(None, strict=True, ge=0, le=2**52, description="Nothing below it")
    compare: Literal["keep", "old", "none"] = "keep"


class BatchIn(Input):
    kind: Kind
    rule: PriceRuleIn | None = Field(None, description="Of prices")
    on: bool | None = Field(None, description="Of the other kinds")
    products: Goods = []
    skus: Goods = Field([], description="Besides the SKUs of the products; not for `publish`")
    due_at: datetime | None = Field(None, description="Of prices: from when; null: at once")


class BatchBeginIn(BatchIn):
    note: Text = Field("", max_length=120)
    seen: str | None = Field(
        None, max_length=64, description="Of a preview: refused where it would be another one by now"
    )


class LineOut(Schema):
    product_id: UUID
    sku_id: UUID | None
    old_fen: int | None
    new_fen: int | None
    old_on: bool | None
    new_on: bool | None
    why: str = Field(description="Code of a line that is left out; empty: it changes")


class BatchPreviewOut(Schema):
    seen: str
    changing: int
    refused: int
    lines: list[LineOut] = Field(description="The first ones, those that are left out before the others")


class BatchOut(Schema):
    batch_id: UUID
    kind: str
    state: str
    rule: dict[str, Any]
    note: str
    due_at: datetime
    planned: bool
    lines: int
    counts: dict[str, int] = Field(description="Lines by their state")
    created_at: datetime
    finished_at: datetime | None


class BatchWholeOut(BatchOut):
    first_lines: list[LineOut]


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/goods-batches/preview",
    need="goods.edit",
    answer=BatchPreviewOut,
)
def preview_goods_batch(request: Call, merchant_id: UUID, body: BatchIn) -> BatchPreviewOut:
    """What a bulk change would do, line by line. Nothing is written."""
    preview = _preview(body)
    lines = [*preview.refused, *preview.changing][:SHOWN]
    return BatchPreviewOut(
        seen=preview.fingerprint,
        changing=len(preview.changing),
        refused=len(preview.refused),
        lines=[
            LineOut(
                product_id=line.product_id,
                sku_id=line.sku_id,
                old_fen=line.old_fen,
                new_fen=line.new_fen,
                old_on=line.old_on,
                new_on=line.new_on,
                why=line.refused,
            )
            for line in lines
        ],
    )


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/goods-batches",
    need="goods.edit",
    answer=BatchOut,
    status=202,
    refuses=[409],
    inside=False,
)
def begin_goods_batch(request: Call, merchant_id: UUID, body: BatchBeginIn) -> BatchOut:
    """Change the prices of many SKUs, or whether many goods are shown or sold. Follow it."""
    with merchant_scope(merchant_id):
        preview = _preview(body)
        batch = begin_batch(
            BatchKind(body.kind),
            preview,
            seen=body.seen or preview.fingerprint,
            rule=_rule(body).as_json() if body.kind == "price" else {"on": bool(body.on)},
            note=body.note,
            due_at=body.due_at if body.kind == "price" else None,
            actor=as_staff(request),
        )
    if body.due_at is None:
        run_batch(merchant_id, batch.id, most=1)
    with merchant_scope(merchant_id):
        return BatchOut(**_batch(batch_view(batch.id)))


@operation(router, "GET", "/merchants/{merchant_id}/goods-batches", need="goods.read", answer=Page[BatchOut])
def list_goods_batches(
    request: Call, merchant_id: UUID, limit: Limit = 20, offset: Offset = 0
) -> Page[BatchOut]:
    """Bulk changes, newest first."""
    found = batches(limit=limit + 1, offset=offset)
    return Page(items=[BatchOut(**_batch(view)) for view in found[:limit]], more=len(found) > limit)


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/goods-batches/{batch_id}",
    need="goods.read",
    answer=BatchWholeOut,
)
def read_goods_batch(request: Call, merchant_id: UUID, batch_id: UUID) -> BatchWholeOut:
    """A bulk change, how far it is, and its first lines."""
    view = batch_view(batch_id)
    lines = [
        LineOut(
            product_id=line.product_id,
            sku_id=line.sku_id,
            old_fen=line.old_fen,
            new_fen=line.new_fen,
            old_on=line.old_on,
            new_on=line.new_on,
            why=line.why,
        )
        for line in batch_lines(batch_id, limit=SHOWN)
    ]
    return BatchWholeOut(first_lines=lines, **_batch(view))


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/goods-batches/{batch_id}/cancel",
    need="goods.edit",
    answer=BatchOut,
    refuses=[409],
)
def cancel_goods_batch(request: Call, merchant_id: UUID, batch_id: UUID) -> BatchOut:
    """Take a planned change back before its moment."""
    cancel_batch(batch_id, actor=as_staff(request))
    return BatchOut(**_batch(batch_view(batch_id)))


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/goods-batches/{batch_id}/undo",
    need="goods.edit",
    answer=BatchOut,
    status=202,
    refuses=[409],
)
def undo_goods_batch(request: Call, merchant_id: UUID, batch_id: UUID) -> BatchOut:
    """Put back what nobody changed since. Follow it: lines that stay as they are say why."""
    undo_batch(batch_id, actor=as_staff(request))
    return BatchOut(**_batch(batch_view(batch_id)))


def _preview(body: BatchIn) -> Preview:
    if body.kind == "price":
        at = check_due(body.due_at) if body.due_at else None
        return preview_prices(_rule(body), products=body.products, skus=body.skus, at=at)
    if body.on is None or body.due_at is not None:
        raise RuleInvalid()
    return preview_switch(BatchKind(body.kind), body.on, products=body.products, skus=body.skus)


def _rule(body: BatchIn) -> PriceRule:
    if body.rule is None:
        raise RuleInvalid()
    return check_rule(PriceRule(**body.rule.model_dump()))


def _batch(view: BatchView) -> dict[str, Any]:
    batch = view.batch
    return {
        "batch_id": batch.id,
        "kind": batch.kind,
        "state": batch.state,
        "rule": batch.rule,
        "note": batch.note,
        "due_at": batch.due_at,
        "planned": batch.planned,
        "lines": batch.lines,
        "counts": view.counts,
        "created_at": batch.created_at,
        "finished_at": batch.finished_at,
    }
