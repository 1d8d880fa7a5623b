"""The coupons of a checkout: which are used, which could be, and why the others are not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongdao.faces.shop.choices import MOST_COUPONS
from tongdao.faces.shop.savings import coupon_rule, short_yuan
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.terms.promotions.coupons import Pool, objection
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.pricing import Item, Offer, Told
from tongdao.trade.orders.quoting import Quote

UNIT_PRICES = (Kind.FLASH, Kind.GROUP_BUY)


@dataclass(frozen=True, slots=True)
class CouponLook:
    """A coupon as it is offered. `problem`: why it cannot be used here; `code` is empty for public ones."""

    promotion_id: UUID
    title: str
    code: str
    rule: str
    ends_at: datetime
    used: bool
    saves_fen: Fen
    problem: str


def coupon_looks(
    quoted: Quote, offers: Sequence[Offer], codes: Collection[str], at: datetime
) -> tuple[CouponLook, ...]:
    """Public ones, and those of these `codes`: used ones first, then those that could be."""
    pool = _pool(quoted)
    saved = {claim.promotion_id: claim.off_fen for claim in quoted.reduction.claims}
    known = [one for one in offers if one.kind == Kind.COUPON and (not one.code or one.code in codes)]
    looks = [_look(offer, pool, saved, at) for offer in known]
    looks.sort(key=lambda look: (not look.used, bool(look.problem), -look.saves_fen, str(look.promotion_id)))
    return tuple(looks[:MOST_COUPONS])


def _pool(quoted: Quote) -> Pool:
    """The lines as coupons look at them: after flash and group prices."""
    lines = [line for line in quoted.lines if not line.gift]
    items = [Item(one.facts.sku_id, one.facts.product_id, one.quantity, one.facts.price_fen) for one in lines]
    offs = [sum(cut.off_fen for cut in line.cuts if cut.kind in UNIT_PRICES) for line in lines]
    return Pool.of(items, offs)


def _look(offer: Offer, pool: Pool, saved: dict[UUID, Fen], at: datetime) -> CouponLook:
    why = None if offer.id in saved else objection(pool, offer, at)
    return CouponLook(
        promotion_id=offer.id,
        title=offer.title,
        code=offer.code,
        rule=coupon_rule(offer.off_fen, offer.off_bps, offer.most_off_fen, offer.threshold_fen),
        ends_at=offer.ends_at,
        used=offer.id in saved,
        saves_fen=saved.get(offer.id, Fen(0)),
        problem=reason(why) if why else "",
    )


def reason(refusal: Refusal) -> str:
    """Why an offer does not hold, with the figure that helps."""
    details = refusal.details
    if refusal.code == "coupon_below_threshold":
        return _("Goods for ¥%(missing)s more are needed.") % {"missing": short_yuan(details["missing_fen"])}
    if refusal.code == "promotion_not_started":
        start = localtime(datetime.fromisoformat(details["starts_at"]))
        return _("It starts at %(time)s.") % {"time": date_format(start, "Y-m-d H:i")}
    return refusal.message


def told_text(told: Told, offers: Sequence[Offer]) -> str:
    """Something that the buyer did not get, and why; a typed code is named as it was typed."""
    if told.asked == "group":
        return reason(told.refusal)
    offer = next((offer for offer in offers if told.asked in (str(offer.id), offer.code)), None)
    name = (offer.code or offer.title) if offer else "" if _is_id(told.asked) else told.asked
    text = reason(told.refusal)
    return _("%(name)s: %(reason)s") % {"name": name, "reason": text} if name else text


def _is_id(asked: str) -> bool:
    return len(asked) == 36 and asked.count("-") == 4
