"""Short links, and who comes through them."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Text
from tongdao.reach.traffic.models import ShareLink
from tongdao.reach.traffic.operations import create_link, follow_link

router = Router(tags=["promoters"])


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
    return link_out(link)


@operation(router, "POST", "/touches", need="nobody", answer=LandingOut, status=201, refuses=[404])
def record_touch(request: HttpRequest, body: TouchIn) -> LandingOut:
    """Somebody came through a link."""
    landing = follow_link(body.token, visitor=body.visitor)
    return LandingOut(slug=landing.slug, product_id=landing.product_id)


def link_out(link: ShareLink) -> LinkOut:
    return LinkOut(
        link_id=link.id,
        token=link.token,
        url=f"{settings.BASE_URL}/l/{link.token}",
        channel=link.channel,
        promoter_id=link.promoter_id,
        product_id=link.product_id,
    )
