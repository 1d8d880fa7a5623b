"""Promoters: the agreement, coming and leaving, what was earned, their orders and their links."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_person
from tongdao.faces.api.links import LinkOut, OwnLinkIn, link_out
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Limit, Offset, Page, Text
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Storefront
from tongdao.party.network.agreements import agreement_now
from tongdao.party.network.models import Promoter
from tongdao.party.network.operations import Consent, join_promoter, leave_promoter
from tongdao.party.network.queries import Standing, standing_of
from tongdao.reach.traffic.operations import create_link
from tongdao.rewards.commissions.queries import (
    LinkResult,
    Part,
    Sale,
    Stage,
    income,
    link_results,
    sales,
)

router = Router(tags=["promoters"])
CURRENCY = "CNY"


class PromoterIn(Input):
    shown_name: Text = Field(
        min_length=1, max_length=40, description="What buyers read beside “recommended by”"
    )
    agreement_version: Text = Field(
        min_length=1, max_length=24, description="The version that was read, see `read_promoter_agreement`"
    )
    of_age: bool = Field(strict=True, description="“I am of the age that the agreement asks for, or older”")
    listed_occupation: bool = Field(
        False, strict=True, description="Student, teacher, medical staff, civil servant or soldier"
    )


class PromoterOut(Schema):
    promoter_id: UUID
    shown_name: str
    joined_at: datetime


class PromoterAgreementOut(Schema):
    version: str = Field(description="Name it when joining")
    language: str = Field(description="Nothing where the text is the merchant's own")
    title: str
    body: str = Field(description="Plain text; HTML where it is the merchant's own")
    least_age: int


class PartOut(Schema):
    fen: int
    orders: int
    next_at: datetime | None = Field(description="When the first of these orders moves on by itself")


class IncomeOut(Schema):
    """`estimated` stands on orders not paid yet; the others are what the ledger says: `held` until the
    goods can no longer be given back, `released` and due, `claimed` by a payout on its way, `paid` and there,
    `owed` back for goods given back after that.
    """

    promoter_id: UUID | None = Field(description="Nothing for who has left")
    joined_at: datetime
    left_at: datetime | None
    currency: str
    estimated: PartOut
    held: PartOut
    released: PartOut
    claimed: PartOut
    paid: PartOut
    owed: PartOut


class SaleOut(Schema):
    """An order that I earn on. Of the buyer there is nothing."""

    order_id: UUID
    number_end: str = Field(description="The last six digits of its number")
    stage: Stage
    state: str
    close_reason: str
    title: str
    lines: int
    earned_fen: int
    clawed_fen: int = Field(description="Taken back, because the buyer got money back")
    placed_at: datetime
    next_at: datetime | None = Field(description="When it moves on by itself, where that is known")


class OwnLinkOut(Schema):
    link_id: UUID
    url: str
    channel: str
    product_id: UUID | None
    visits: int
    orders: int
    earned_fen: int


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/promoter-agreement",
    need="nobody",
    answer=PromoterAgreementOut,
    refuses=[404],
)
def read_promoter_agreement(request: HttpRequest, merchant_id: UUID) -> PromoterAgreementOut:
    """What promoters of this merchant agree to now."""
    with merchant_scope(merchant_id):
        if not Storefront.objects.exists():
            raise NotFound()
        read = agreement_now(get_language() or "")
    return PromoterAgreementOut(
        version=read.version,
        language=read.language,
        title=read.title,
        body=read.body,
        least_age=read.least_age,
    )


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/promoters",
    need="person",
    answer=PromoterOut,
    status=201,
    refuses=[404, 409],
)
def become_promoter(request: Call, merchant_id: UUID, body: PromoterIn) -> PromoterOut:
    """Join as a promoter, free of charge."""
    consent = Consent(body.agreement_version, body.of_age, body.listed_occupation, get_language() or "")
    with merchant_scope(merchant_id):
        if not Storefront.objects.exists():
            raise NotFound()
        row = join_promoter(
            request.auth.id, shown_name=body.shown_name, actor=as_person(request), consent=consent
        )
        return PromoterOut(promoter_id=row.id, shown_name=row.shown_name, joined_at=row.joined_at)


@operation(
    router,
    "DELETE",
    "/merchants/{merchant_id}/promoters/me",
    need="person",
    answer=None,
    status=204,
    refuses=[404],
)
def stop_promoting(request: Call, merchant_id: UUID) -> None:
    """Leave as a promoter, at once and without a reason."""
    with merchant_scope(merchant_id):
        leave_promoter(_mine(request).id, actor=as_person(request))


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/promoters/me/links",
    need="person",
    answer=LinkOut,
    status=201,
    refuses=[404],
)
def create_own_link(request: Call, merchant_id: UUID, body: OwnLinkIn) -> LinkOut:
    """A short link of mine as a promoter."""
    with merchant_scope(merchant_id):
        link = create_link(
            channel=body.channel,
            promoter_id=_mine(request).id,
            product_id=body.product_id,
            actor=as_person(request),
        )
        return link_out(link)


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/promoters/me",
    need="person",
    answer=IncomeOut,
    refuses=[404],
)
def read_my_income(request: Call, merchant_id: UUID) -> IncomeOut:
    """What I have earned with this merchant; also after leaving."""
    standing = own_standing(request, merchant_id)
    with merchant_scope(merchant_id):
        earned = income(standing.ids)
    return IncomeOut(
        promoter_id=standing.promoter_id,
        joined_at=standing.joined_at,
        left_at=standing.left_at,
        currency=CURRENCY,
        estimated=_part(earned.estimated),
        held=_part(earned.held),
        released=_part(earned.released),
        claimed=_part(earned.claimed),
        paid=_part(earned.paid),
        owed=_part(earned.owed),
    )


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/promoters/me/orders",
    need="person",
    answer=Page[SaleOut],
    refuses=[404],
)
def list_my_sales(
    request: Call, merchant_id: UUID, stage: Stage | None = None, limit: Limit = 20, offset: Offset = 0
) -> Page[SaleOut]:
    """The orders that I earn on, newest first; of one stage if asked."""
    standing = own_standing(request, merchant_id)
    with merchant_scope(merchant_id):
        found = sales(standing.ids, stage=stage, offset=offset, limit=limit + 1)
    return Page(items=[_sale(sale) for sale in found[:limit]], more=len(found) > limit)


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/promoters/me/links",
    need="person",
    answer=list[OwnLinkOut],
    refuses=[404],
)
def list_my_links(request: Call, merchant_id: UUID) -> list[OwnLinkOut]:
    """My links, the latest 200, with what came through each."""
    standing = own_standing(request, merchant_id)
    with merchant_scope(merchant_id):
        return [_link(row) for row in link_results(standing.ids)]


def own_standing(request: Call, merchant_id: UUID) -> Standing:
    """The caller as a promoter of this merchant, now or earlier. Raises NotFound."""
    standing = standing_of(request.auth.id, merchant_id)
    if standing is None:
        raise NotFound()
    return standing


def _mine(request: Call) -> Promoter:
    row = Promoter.objects.filter(person_id__same_as=request.auth.id, left_at__isnull=True).first()
    if row is None:
        raise NotFound()
    return row


def _part(part: Part) -> PartOut:
    return PartOut(fen=part.fen, orders=part.orders, next_at=part.next_at)


def _held_until(sale: Sale) -> datetime | None:
    return sale.due_at if sale.completed_at else sale.group_by or sale.confirm_by or sale.ship_by


NEXT: dict[Stage, Callable[[Sale], datetime | None]] = {
    "estimated": lambda sale: sale.pay_by,
    "held": _held_until,
}


def _sale(sale: Sale) -> SaleOut:
    moves = NEXT.get(sale.stage)
    return SaleOut(
        order_id=sale.order_id,
        number_end=sale.number[-6:],
        stage=sale.stage,
        state=sale.state,
        close_reason=sale.close_reason,
        title=sale.title,
        lines=sale.lines,
        earned_fen=sale.earned_fen,
        clawed_fen=sale.clawed_fen,
        placed_at=sale.placed_at,
        next_at=moves(sale) if moves else None,
    )


def _link(row: LinkResult) -> OwnLinkOut:
    return OwnLinkOut(
        link_id=row.link_id,
        url=f"{settings.BASE_URL}/l/{row.token}",
        channel=row.channel,
        product_id=row.product_id,
        visits=row.visits,
        orders=row.orders,
        earned_fen=row.earned_fen,
    )
