"""Making short links and taking note of who comes through them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongdao.foundation import clock, directory
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.ids import token
from tongdao.foundation.refusals import BadInput, NotFound
from tongdao.foundation.tenancy import current_merchant, merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.party.merchants.models import Storefront
from tongdao.party.network.models import Promoter
from tongdao.reach.traffic.events import LinkCreated, TouchRecorded
from tongdao.reach.traffic.models import ShareLink, Touch

CHANNELS = frozenset(
    ("direct", "moments", "chat", "qzone", "weibo", "article", "forum", "video", "poster", "outlet")
)


class ChannelUnknown(BadInput):
    """There is no such entrance."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a link leads; None as product is the store itself."""

    merchant_id: UUID
    slug: str
    product_id: UUID | None


def create_link(
    *, channel: str, promoter_id: UUID | None = None, product_id: UUID | None = None, actor: Actor
) -> ShareLink:
    """A short link to the merchant's store or one product. Raises ChannelUnknown or NotFound."""
    if channel not in CHANNELS:
        raise ChannelUnknown(channel=channel[:40])
    storefront = Storefront.objects.order_by("created_at").first()
    promoter = None
    if promoter_id is not None:
        promoter = Promoter.objects.filter(pk=promoter_id, left_at__isnull=True).first()
    if storefront is None or (promoter_id and promoter is None):
        raise NotFound()
    if product_id and not Product.objects.filter(pk=product_id).exists():
        raise NotFound()
    link = ShareLink.objects.create(
        token=token(10),
        channel=channel,
        storefront=storefront,
        product_id=product_id,
        promoter=promoter,
        person_id=promoter.person_id if promoter else None,
    )
    directory.register("link", link.token, current_merchant(), link.id)
    payload = LinkCreated(promoter_id=promoter_id, product_id=product_id, channel=Code(channel))
    record(payload, subject=link, actor=actor)
    return link


def own_link(promoter_id: UUID, channel: str, product_id: UUID | None, *, actor: Actor) -> ShareLink:
    """The promoter's link to this for this entrance, the same each time. Raises what `create_link` does."""
    same = {"promoter_id": promoter_id, "channel": channel, "product_id": product_id}
    found = ShareLink.objects.filter(**same).order_by("created_at").first()
    if found is not None:
        return found
    return create_link(channel=channel, promoter_id=promoter_id, product_id=product_id, actor=actor)


def follow_link(text: str, *, visitor: UUID, person_id: UUID | None = None) -> Landing:
    """Store the touch and say where the link leads; raises NotFound. Opens its own scope."""
    found = directory.lookup("link", text)
    if found is None:
        raise NotFound()
    with merchant_scope(found.merchant_id):
        link = ShareLink.objects.select_related("storefront").get(pk=found.id)
        touch = Touch.objects.create(
            link=link,
            promoter_id=link.promoter_id,
            channel=link.channel,
            visitor=visitor,
            person_id=person_id,
            at=clock.now(),
        )
        record(
            TouchRecorded(
                link_id=link.id,
                promoter_id=link.promoter_id,
                visitor_id=visitor,
                channel=Code(link.channel),
            ),
            subject=touch,
            actor=Actor("person", person_id),
        )
        return Landing(found.merchant_id, link.storefront.slug, link.product_id)
