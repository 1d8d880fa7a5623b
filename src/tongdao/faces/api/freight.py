"""Freight templates: what sending costs, by region, weight and volume."""

from typing import Annotated
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Fen, Input, Text
from tongdao.foundation.ids import uuid7
from tongdao.terms.agreements import operations
from tongdao.terms.agreements.freight import FreightItem, freight
from tongdao.terms.agreements.operations import RuleDraft, TemplateDraft
from tongdao.terms.agreements.operations.drafts import (
    LONGEST_NAME,
    MOST_FEE_FEN,
    MOST_G,
    MOST_GOODS_FEN,
    MOST_RULES,
)
from tongdao.terms.agreements.queries import (
    TemplateRecord,
    read_freight,
    read_template,
    template_record,
    template_records,
)

router = Router(tags=["freight"])
ONE = "/merchants/{merchant_id}/freight-templates/{template_id}"
MOST_PRODUCTS = 500
Grams = Annotated[int, Field(strict=True, ge=1, le=MOST_G)]
Fee = Annotated[int, Field(strict=True, ge=0, le=MOST_FEE_FEN)]
Prefix = Annotated[str, Field(pattern=r"^([0-9]{2}){1,3}$")]


class RuleIn(Input):
    """What one parcel costs to some regions. The rule of the longest matching prefix holds."""

    prefixes: list[Prefix] = Field(
        [], max_length=400, description="Division codes or their first 2 or 4 digits; none: everywhere else"
    )
    first_g: Grams = Field(1_000, description="Grams that `first_fee_fen` covers")
    first_fee_fen: Fee
    step_g: Grams = Field(1_000, description="Grams of each further step begun, at `step_fee_fen`")
    step_fee_fen: Fee
    free_from_fen: Annotated[int, Field(strict=True, ge=1, le=MOST_GOODS_FEN)] | None = Field(
        None, description="Goods after discounts, under this template, that go free; null: never"
    )
    not_served: bool = Field(False, description="Nothing is delivered there")


class TemplateIn(Input):
    name: Text = Field(min_length=1, max_length=LONGEST_NAME)
    volume_divisor: int = Field(
        6_000,
        strict=True,
        ge=0,
        le=1_000_000,
        description="cm³ that count as a kilogram; 0: volume is ignored",
    )
    parcel_most_g: Grams | None = Field(None, description="What is heavier goes in several parcels")
    rules: list[RuleIn] = Field(min_length=1, max_length=MOST_RULES)


class TemplateChangeIn(TemplateIn):
    version: int | None = Field(
        None, strict=True, ge=1, description="The one that was looked at, if it matters"
    )


class RuleOut(Schema):
    prefixes: list[str]
    first_g: int
    first_fee_fen: int
    step_g: int
    step_fee_fen: int
    free_from_fen: int | None
    not_served: bool


class TemplateOut(Schema):
    template_id: UUID
    name: str
    is_default: bool = Field(description="For all products that are not assigned to another one")
    version: int
    volume_divisor: int
    parcel_most_g: int | None
    rules: list[RuleOut]
    product_count: int = Field(description="Products that are assigned to it")


class AssignIn(Input):
    template_id: UUID | None = Field(description="null: back to the default")
    product_ids: list[UUID] = Field(max_length=MOST_PRODUCTS)


class AssignedOut(Schema):
    changed: int = Field(description="Products that were sent otherwise before")


class TrialIn(Input):
    """A consignment of units alike."""

    template_id: UUID | None = Field(None, description="null: the one that is the default")
    division_code: str | None = Field(None, pattern=r"^[0-9]{6}$")
    quantity: int = Field(1, strict=True, ge=1, le=999)
    weight_g: int = Field(strict=True, ge=0, le=MOST_G)
    volume_cm3: int = Field(0, strict=True, ge=0, le=100_000_000)
    goods_fen: Fen = 0


class ParcelsOut(Schema):
    count: int = Field(description="Parcels alike")
    weight_g: int = Field(description="That counts, of each one: by weight or by volume")
    fee_fen: int = Field(description="Of each one")


class TrialOut(Schema):
    total_fen: int | None = Field(description="null: it depends on the region, and none was named")
    served: bool
    parcels: list[ParcelsOut]


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/freight-templates",
    need="store.edit",
    answer=list[TemplateOut],
)
def list_freight_templates(request: Call, merchant_id: UUID) -> list[TemplateOut]:
    """The freight templates in use, the default first. Without any, everything goes free."""
    return [_template(record) for record in template_records()]


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/freight-templates",
    need="store.edit",
    answer=TemplateOut,
    status=201,
    refuses=[409],
)
def create_freight_template(request: Call, merchant_id: UUID, body: TemplateIn) -> TemplateOut:
    """A new freight template; the first one is the default."""
    row = operations.create_template(_draft(body), actor=as_staff(request))
    return _template(template_record(row.id))


@operation(router, "PUT", ONE, need="store.edit", answer=TemplateOut, refuses=[409])
def change_freight_template(
    request: Call, merchant_id: UUID, template_id: UUID, body: TemplateChangeIn
) -> TemplateOut:
    """Another version of a template from now on; placed orders keep their freight."""
    operations.change_template(template_id, _draft(body), seen_version=body.version, actor=as_staff(request))
    return _template(template_record(template_id))


@operation(router, "POST", f"{ONE}/default", need="store.edit", answer=TemplateOut)
def make_freight_template_default(request: Call, merchant_id: UUID, template_id: UUID) -> TemplateOut:
    """Send all products that are not assigned to another template under this one."""
    operations.set_default(template_id, actor=as_staff(request))
    return _template(template_record(template_id))


@operation(router, "DELETE", ONE, need="store.edit", answer=list[TemplateOut], refuses=[409])
def archive_freight_template(request: Call, merchant_id: UUID, template_id: UUID) -> list[TemplateOut]:
    """Take a template out of use; its products go back to the default. Answers those that stay."""
    operations.archive_template(template_id, actor=as_staff(request))
    return [_template(record) for record in template_records()]


@operation(
    router,
    "PUT",
    "/merchants/{merchant_id}/freight-assignments",
    need="store.edit",
    answer=AssignedOut,
)
def assign_freight_template(request: Call, merchant_id: UUID, body: AssignIn) -> AssignedOut:
    """Send these products under a template of their own, or under the default again."""
    changed = operations.assign_products(body.template_id, body.product_ids, actor=as_staff(request))
    return AssignedOut(changed=changed)


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/freight-preview",
    need="store.edit",
    answer=TrialOut,
)
def preview_freight(request: Call, merchant_id: UUID, body: TrialIn) -> TrialOut:
    """What a consignment would cost, without an order."""
    terms = read_freight([]) if body.template_id is None else read_template(body.template_id)
    item = FreightItem(uuid7(), uuid7(), body.quantity, body.weight_g, body.volume_cm3, body.goods_fen)
    quote = freight([item], body.division_code, terms)
    parcels = [
        ParcelsOut(count=each.count, weight_g=each.weight_g, fee_fen=each.fee_fen) for each in quote.parcels
    ]
    return TrialOut(
        total_fen=None if quote.unserved else quote.total_fen, served=not quote.unserved, parcels=parcels
    )


def _draft(body: TemplateIn) -> TemplateDraft:
    return TemplateDraft(
        name=body.name,
        volume_divisor=body.volume_divisor,
        parcel_most_g=body.parcel_most_g,
        rules=tuple(
            RuleDraft(**rule.model_dump() | {"prefixes": tuple(rule.prefixes)}) for rule in body.rules
        ),
    )


def _template(record: TemplateRecord) -> TemplateOut:
    row, draft = record.row, record.draft
    return TemplateOut(
        template_id=row.id,
        name=row.name,
        is_default=row.is_default,
        version=row.version,
        volume_divisor=row.volume_divisor,
        parcel_most_g=row.parcel_most_g,
        rules=[RuleOut.model_validate(rule) for rule in draft.rules],
        product_count=record.product_count,
    )
