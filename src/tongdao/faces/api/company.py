"""A merchant as a company: profile, brands, licences, agreements. What buyers may read is under its store."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tongdao.crm.reputation.queries import Reputation, merchant_reputation
from tongdao.faces.api.access import Call, as_person, as_staff, store_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Slug, Text
from tongdao.foundation import clock
from tongdao.foundation.clock import today
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.operations import classify_product
from tongdao.party.merchants.models import AgreementKind, AgreementVersion, Brand, CompanyProfile, Licence
from tongdao.party.merchants.operations import (
    accept_agreement,
    add_brand,
    add_licence,
    confirm_company,
    publish_agreement,
    rename_brand,
    set_company,
    withdraw_licence,
)
from tongdao.party.merchants.operations.agreements import AgreementDraft
from tongdao.party.merchants.operations.company import Company
from tongdao.party.merchants.operations.licences import LicenceDraft
from tongdao.party.merchants.queries import coming_agreement, company_profile, current_agreement, licences_on

router = Router(tags=["company"])
DESK = "/merchants/{merchant_id}"


class CompanyIn(Input):
    legal_name: Text = Field(min_length=1, max_length=120)
    credit_code: Text = Field(min_length=1, max_length=40, description="Unified social credit code")
    legal_address: Text = Field(min_length=1, max_length=200)
    service_phone: Text = Field(min_length=1, max_length=32)


class CompanyOut(Schema):
    legal_name: str
    credit_code: str
    legal_address: str
    service_phone: str
    confirmed_at: datetime


class BrandIn(Input):
    name: Text = Field(min_length=1, max_length=80)


class BrandOut(Schema):
    brand_id: UUID
    name: str


class LicenceIn(Input):
    kind: Text = Field(min_length=1, max_length=32)
    number: Text = Field(min_length=1, max_length=64)
    holder: Text = Field(min_length=1, max_length=120)
    valid_from: date
    valid_until: date | None = None


class LicenceOut(Schema):
    licence_id: UUID
    kind: str
    number: str
    holder: str
    valid_from: date
    valid_until: date | None
    withdrawn_at: datetime | None


class AgreementIn(Input):
    kind: AgreementKind
    title: Text = Field(min_length=1, max_length=120)
    body_html: Text = Field(min_length=1, max_length=60_000)
    effective_from: datetime = Field(description="With a time zone; at least 7 days from now, 15 if major")
    major: bool = False


class AgreementOut(Schema):
    agreement_id: UUID
    kind: AgreementKind
    version: int
    title: str
    body_html: str
    published_at: datetime
    effective_from: datetime


class ReputationOut(Schema):
    """Computed from the event log: (prior_reviews × prior_stars + stars) ÷ (prior_reviews + reviews). Rates
    (part ÷ whole, in hundredths of a percent) and mean times (in seconds) of fewer than `least_cases` cases
    are null; the counts that they come from stand beside them.
    """

    score_hundredths: int | None = Field(description="Of five stars")
    counts: list[int] = Field(description="Reviews of one star to five, each buyer once for a product")
    prior_reviews: int
    prior_tenths: int = Field(description="Stars of each of those, in tenths")
    least_cases: int
    orders_sent: int
    orders_in_time: int = Field(description="Sent whole by the promised moment")
    in_time_bps: int | None = Field(description="orders_in_time ÷ orders_sent")
    units_sent: int
    units_back: int = Field(description="Of those, units whose money went back")
    returned_bps: int | None = Field(description="units_back ÷ units_sent")
    disputes: int = Field(description="Taken to the platform and not taken back")
    disputed_bps: int | None = Field(description="disputes ÷ orders_sent")
    disputes_ruled: int = Field(description="Of those, decided for good")
    disputes_lost: int = Field(description="Of those, wholly or in part for the buyer")
    lost_bps: int | None = Field(description="disputes_lost ÷ orders_sent")
    waits: int = Field(description="Conversations and after-sale cases in which a buyer waited")
    waits_in_time: int = Field(description="Of those, answered in time at their slowest")
    seconds_in_time: int = Field(description="A longer wait is not in time")
    answered_bps: int | None = Field(description="waits_in_time ÷ waits")
    seconds_to_reply: int | None = Field(description="The longest wait of each conversation and case")
    parcels_delivered: int
    seconds_to_send: int | None = Field(description="From payment, over orders_sent")
    seconds_to_deliver: int | None = Field(description="From payment, over parcels_delivered")
    reviews_answered: int
    seconds_to_answer: int | None = Field(description="From a review to its answer")


class AboutOut(Schema):
    """What the law wants a shop to show, and how it does. `agreements` are in force, or coming."""

    company: CompanyOut | None
    licences: list[LicenceOut]
    agreements: list[AgreementOut]
    reputation: ReputationOut


class AcceptedOut(Schema):
    agreement_id: UUID
    at: datetime


class GoodsKindIn(Input):
    category: Text = Field(max_length=32, description="Empty: of no kind that needs a licence")
    registration_no: Text = Field("", max_length=64)


class GoodsKindOut(Schema):
    product_id: UUID
    category: str
    registration_no: str


@operation(router, "GET", DESK + "/company", need="company.edit", answer=CompanyOut)
def read_company(request: Call, merchant_id: UUID) -> CompanyProfile:
    """What the company shows of itself."""
    row = company_profile()
    if row is None:
        raise NotFound()
    return row


@operation(router, "PUT", DESK + "/company", need="company.edit", answer=CompanyOut)
def change_company(request: Call, merchant_id: UUID, body: CompanyIn) -> CompanyProfile:
    """Show this from now on; what was shown before is kept."""
    return set_company(Company(**body.model_dump()), actor=as_staff(request))


@operation(router, "POST", DESK + "/company/confirmation", need="company.edit", answer=CompanyOut)
def confirm_company_profile(request: Call, merchant_id: UUID) -> CompanyProfile:
    """Say that all of it is still right."""
    return confirm_company(actor=as_staff(request))


@operation(router, "GET", DESK + "/brands", need="store.edit", answer=list[BrandOut])
def list_brands(request: Call, merchant_id: UUID) -> list[BrandOut]:
    """All brands, by name."""
    return [_brand(row) for row in Brand.objects.order_by("name", "id")]


@operation(router, "POST", DESK + "/brands", need="store.edit", answer=BrandOut, status=201, refuses=[409])
def create_brand(request: Call, merchant_id: UUID, body: BrandIn) -> BrandOut:
    """A new brand."""
    return _brand(add_brand(body.name, actor=as_staff(request)))


@operation(router, "PATCH", DESK + "/brands/{brand_id}", need="store.edit", answer=BrandOut, refuses=[409])
def change_brand(request: Call, merchant_id: UUID, brand_id: UUID, body: BrandIn) -> BrandOut:
    """Rename a brand."""
    return _brand(rename_brand(brand_id, body.name, actor=as_staff(request)))


@operation(router, "GET", DESK + "/licences", need="company.edit", answer=list[LicenceOut])
def list_licences(request: Call, merchant_id: UUID) -> list[LicenceOut]:
    """All licences, also those that count no more."""
    return [_licence(row) for row in Licence.objects.order_by("kind", "-valid_from", "id")[:500]]


@operation(
    router, "POST", DESK + "/licences", need="company.edit", answer=LicenceOut, status=201, refuses=[409]
)
def enter_licence(request: Call, merchant_id: UUID, body: LicenceIn) -> LicenceOut:
    """Enter a licence; goods that waited for it go on sale."""
    return _licence(add_licence(LicenceDraft(**body.model_dump()), actor=as_staff(request)))


@operation(router, "DELETE", DESK + "/licences/{licence_id}", need="company.edit", answer=LicenceOut)
def withdraw_company_licence(request: Call, merchant_id: UUID, licence_id: UUID) -> LicenceOut:
    """It counts no more; goods that need it stop."""
    return _licence(withdraw_licence(licence_id, actor=as_staff(request)))


@operation(router, "GET", DESK + "/agreements", need="company.edit", answer=list[AgreementOut])
def list_agreements(request: Call, merchant_id: UUID) -> list[AgreementOut]:
    """All versions of all agreements, the newest first."""
    return [_agreement(row) for row in AgreementVersion.objects.order_by("kind", "-version")[:100]]


@operation(router, "POST", DESK + "/agreements", need="company.edit", answer=AgreementOut, status=201)
def publish_agreement_version(request: Call, merchant_id: UUID, body: AgreementIn) -> AgreementOut:
    """Publish the next version of an agreement."""
    begins = body.effective_from
    aware = begins if begins.tzinfo else begins.replace(tzinfo=clock.now().tzinfo)
    draft = AgreementDraft(body.kind, body.title, body.body_html, aware, body.major)
    return _agreement(publish_agreement(draft, actor=as_staff(request)))


@operation(
    router, "PUT", DESK + "/products/{product_id}/kind", need="goods.edit", answer=GoodsKindOut, refuses=[409]
)
def set_goods_kind(request: Call, merchant_id: UUID, product_id: UUID, body: GoodsKindIn) -> GoodsKindOut:
    """Say what kind of goods a product is; what needs a licence that is not there is held back."""
    row = classify_product(product_id, **body.model_dump(), actor=as_staff(request))
    return GoodsKindOut(product_id=row.id, category=row.category, registration_no=row.registration_no)


@operation(router, "GET", "/stores/{slug}/about", need="nobody", answer=AboutOut, refuses=[404])
def read_about(request: HttpRequest, slug: Slug) -> AboutOut:
    """Who runs the store, with which licences and under which agreements."""
    with merchant_scope(store_of(slug).merchant_id):
        profile = company_profile()
        texts = [each(kind) for kind in AgreementKind for each in (current_agreement, coming_agreement)]
        return AboutOut(
            company=CompanyOut.from_orm(profile) if profile else None,
            licences=[_licence(row) for row in licences_on(today()).order_by("kind", "id")],
            agreements=[_agreement(row) for row in texts if row],
            reputation=_reputation(merchant_reputation(clock.now())),
        )


@operation(
    router,
    "PUT",
    "/stores/{slug}/agreements/{agreement_id}/acceptance",
    need="person",
    answer=AcceptedOut,
    refuses=[404, 409],
)
def accept_store_agreement(request: Call, slug: Slug, agreement_id: UUID) -> AcceptedOut:
    """Say yes to a version; saying it again changes nothing."""
    with merchant_scope(store_of(slug).merchant_id):
        row = accept_agreement(agreement_id, actor=as_person(request))
        return AcceptedOut(agreement_id=row.agreement_id, at=row.at)


def _reputation(found: Reputation) -> ReputationOut:
    return ReputationOut(
        score_hundredths=found.score_hundredths,
        counts=list(found.counts),
        prior_reviews=found.prior_reviews,
        prior_tenths=found.prior_tenths,
        least_cases=found.least,
        orders_sent=found.in_time.whole,
        orders_in_time=found.in_time.part,
        in_time_bps=found.in_time.bps,
        units_sent=found.returned.whole,
        units_back=found.returned.part,
        returned_bps=found.returned.bps,
        disputes=found.disputed.part,
        disputed_bps=found.disputed.bps,
        disputes_ruled=found.ruled,
        disputes_lost=found.lost.part,
        lost_bps=found.lost.bps,
        waits=found.answered.whole,
        waits_in_time=found.answered.part,
        seconds_in_time=int(found.answer_within.total_seconds()),
        answered_bps=found.answered.bps,
        seconds_to_reply=_seconds(found.to_answer.time),
        parcels_delivered=found.to_deliver.cases,
        seconds_to_send=_seconds(found.to_send.time),
        seconds_to_deliver=_seconds(found.to_deliver.time),
        reviews_answered=found.to_answer_reviews.cases,
        seconds_to_answer=_seconds(found.to_answer_reviews.time),
    )


def _seconds(time: timedelta | None) -> int | None:
    return None if time is None else int(time.total_seconds())


def _brand(row: Brand) -> BrandOut:
    return BrandOut(brand_id=row.id, name=row.name)


def _licence(row: Licence) -> LicenceOut:
    return LicenceOut(licence_id=row.id, **{name: getattr(row, name) for name in LICENCE})


def _agreement(row: AgreementVersion) -> AgreementOut:
    return AgreementOut(agreement_id=row.id, **{name: getattr(row, name) for name in AGREEMENT})


LICENCE = [name for name in LicenceOut.model_fields if name != "licence_id"]
AGREEMENT = [name for name in AgreementOut.model_fields if name != "agreement_id"]
