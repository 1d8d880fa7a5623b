"""What a product's page shows of offers, the same for everybody: flash price, groups, coupons, gifts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.shop.sales import hint_of, hint_text
from tongdao.faces.shop.savings import coupon_rule, short_yuan
from tongdao.faces.shop.store import Store
from tongdao.foundation.money import Fen
from tongdao.goods.catalog.queries import sku_facts
from tongdao.goods.catalog.reading import PriceLine, ProductPage
from tongdao.rulebook import trade
from tongdao.terms.promotions.queries import Deal, Deals, GiftTag, GroupView, deals, open_groups

GROUPS = 3  # groups to join that are shown of one offer


@dataclass(frozen=True, slots=True)
class FlashLook:
    """A sale that runs, or the next one to come. `hint` is empty before it starts."""

    url: str
    title: str
    option_text: str
    price_fen: Fen
    starts_at: datetime
    ends_at: datetime
    running: bool
    hint: str
    per_member: int | None


@dataclass(frozen=True, slots=True)
class GroupOffer:
    """A group price beside the price for one alone, and the groups that can be joined now."""

    sku_id: UUID
    option_text: str
    price_fen: Fen
    alone_fen: Fen
    size: int
    hours: int
    running: bool
    starts_at: datetime
    joinable: tuple[tuple[str, GroupView], ...]


@dataclass(frozen=True, slots=True)
class OffersLook:
    """`prices`: what a SKU costs now where a sale runs. `shown`: the sale behind the page's large price."""

    flash: tuple[FlashLook, ...]
    groups: tuple[GroupOffer, ...]
    coupons: tuple[str, ...]
    gifts: tuple[str, ...]
    running: Mapping[UUID, Deal]

    @property
    def any(self) -> bool:
        return bool(self.flash or self.groups or self.coupons or self.gifts)


def read_offers_look(store: Store, page: ProductPage, left: Mapping[UUID, int], at: datetime) -> OffersLook:
    """In the merchant's scope. `left`: units by SKU."""
    found = deals(at, skus=[offer.sku_id for offer in page.offers], products=[page.product_id])
    running = {
        offer.sku_id: deal
        for offer in page.offers
        if (deal := found.price_of(offer.sku_id)) and left.get(offer.sku_id, 0) > 0
    }
    return OffersLook(
        flash=tuple(_flash(store, page, deal, left) for deal in found.flash),
        groups=tuple(_group(store, page, deal, at) for deal in found.groups if deal.left != 0),
        coupons=tuple(
            coupon_rule(one.off_fen, one.off_bps, one.most_off_fen, one.threshold_fen)
            for one in found.coupons
            if not one.used_up and (one.on_reduced or len(running) < len(page.offers))
        ),
        gifts=_gifts(found),
        running=running,
    )


def at_sale_prices(page: ProductPage, running: Mapping[UUID, Deal]) -> ProductPage:
    """The page with the prices at which its SKUs are sold now."""
    offers = (
        replace(offer, price_fen=running[offer.sku_id].price_fen) if offer.sku_id in running else offer
        for offer in page.offers
    )
    return replace(page, offers=tuple(offers))


def sale_line(price: PriceLine, deal: Deal, at: datetime) -> PriceLine:
    """The price as the sale has it: compared only with what its base bears."""
    return replace(
        price,
        fen=deal.price_fen,
        since=None,
        lowest_fen=None,
        crossed_fen=deal.base_fen,
        base_days=trade.PRICE_BASE_DAYS.on(at),
    )


def _option_text(page: ProductPage, sku_id: UUID) -> str:
    return next((" / ".join(one.values) for one in page.offers if one.sku_id == sku_id and one.values), "")


def _flash(store: Store, page: ProductPage, deal: Deal, left: Mapping[UUID, int]) -> FlashLook:
    return FlashLook(
        url=store.url("flash", promotion_id=deal.promotion_id),
        title=deal.title,
        option_text=_option_text(page, deal.sku_id),
        price_fen=deal.price_fen,
        starts_at=deal.starts_at,
        ends_at=deal.ends_at,
        running=deal.running,
        hint=hint_text(hint_of(deal.left, left.get(deal.sku_id, 0))) if deal.running else "",
        per_member=deal.per_member,
    )


def _group(store: Store, page: ProductPage, deal: Deal, at: datetime) -> GroupOffer:
    alone = next(offer.price_fen for offer in page.offers if offer.sku_id == deal.sku_id)
    open_now = open_groups(deal.promotion_id, at, GROUPS) if deal.running else ()
    return GroupOffer(
        sku_id=deal.sku_id,
        option_text=_option_text(page, deal.sku_id),
        price_fen=deal.price_fen,
        alone_fen=alone,
        size=deal.group_size or 0,
        hours=deal.group_hours or 0,
        running=deal.running,
        starts_at=deal.starts_at,
        joinable=tuple((store.url("group", group_id=view.group_id), view) for view in open_now),
    )


def _gifts(found: Deals) -> tuple[str, ...]:
    gifts = [gift for gift in found.gifts if not gift.used_up]
    facts = sku_facts({gift.sku_id for gift in gifts}) if gifts else {}
    return tuple(_gift(gift, facts[gift.sku_id].title) for gift in gifts if gift.sku_id in facts)


def _gift(gift: GiftTag, title: str) -> str:
    what = f"{title} × {gift.units}" if gift.units > 1 else title
    if not gift.threshold_fen:
        return _("%(what)s, while it lasts") % {"what": what}
    return _("%(what)s with orders of ¥%(from)s or more, while it lasts") % {
        "what": what,
        "from": short_yuan(gift.threshold_fen),
    }
