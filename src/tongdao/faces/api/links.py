"""Promoters, their short links, and who comes through them."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_person, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Text
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Storefront
from tongdao.party.network.models import Promoter
from tongdao.party.network.operations import Consent, join_promoter, leave_promoter
from tongdao.reach.traffic.models import ShareLink
from tongdao.reach.traffic.operations import create_link, follow_link

router = Router(tags=["promoters"])


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


class OwnLinkIn(Input):
    channel: Text = Field(
        "direct", min_length=1, max_length=24, description="The entrance, such as “moments”"
    )
    product_id: UUID | None = Field(None, description="Leave it out for the store itself")


class LinkIn(OwnLinkIn):
    promoter_id: UUID | None = Field(None, description="Who earns on what comes through it")


class LinkOut(Schema):
    link_id: UUID
    token: str
    url: str
    channel: str
    promoter_id: UUID | None
    product_id: UUID | None


class TouchIn(Input):
    token: Text = Field(min_length=1, max_length=16)
    visitor: UUID = Field(description="A random key that the visitor's device keeps; pass it when buying")


class LandingOut(Schema):
    slug: str
    product_id: UUID | None = Field(description="Nothing: the store itself")


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
        return _link(link)


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/links",
    need="links.create",
    answer=LinkOut,
    status=201,
)
def create_share_link(request: Call, merchant_id: UUID, body: LinkIn) -> LinkOut:
    """A short link to the store or one product."""
    link = create_link(
        channel=body.channel,
        promoter_id=body.promoter_id,
        product_id=body.product_id,
        actor=as_staff(request),
    )
    return _link(link)


@operation(router, "POST", "/touches", need="nobody", answer=LandingOut, status=201, refuses=[404])
def record_touch(request: HttpRequest, body: TouchIn) -> LandingOut:
    """Somebody came through a link."""
    landing = follow_link(body.token, visitor=body.visitor)
    return LandingOut(slug=landing.slug, product_id=landing.product_id)


def _mine(request: Call) -> Promoter:
    row = Promoter.objects.filter(person_id=request.auth.id, left_at__isnull=True).first()
    if row is None:
        raise NotFound()
    return row


def _link(link: ShareLink) -> LinkOut:
    return LinkOut(
        link_id=link.id,
        token=link.token,
        url=f"{settings.BASE_URL}/l/{link.token}",
        channel=link.channel,
        promoter_id=link.promoter_id,
        product_id=link.product_id,
    )
