"""Other rules for a running offer, and its end by hand. Orders placed before keep theirs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.refusals import NotFound
from tongdao.terms.promotions.checking import check_price, check_rules
from tongdao.terms.promotions.events import PromotionChanged, PromotionStopped
from tongdao.terms.promotions.locking import lock_promotions
from tongdao.terms.promotions.models import Kind, Promotion, PromotionMember
from tongdao.terms.promotions.operations.creating import ids_text, rules_told
from tongdao.terms.promotions.refusals import PromotionEnded, PromotionInvalid, QuotaBelowUsed

ALWAYS = frozenset({"title", "starts_at", "ends_at", "per_member", "quota"})
CHANGEABLE: dict[str, frozenset[str]] = {
    Kind.COUPON: ALWAYS | {"threshold_fen", "off_fen", "off_bps", "most_off_fen", "product_ids"},
    Kind.FLASH: ALWAYS | {"price_fen"},
    Kind.GROUP_BUY: ALWAYS | {"price_fen"},
    Kind.GIFT: ALWAYS | {"threshold_fen", "product_ids"},
}


def change_promotion(promotion_id: UUID, *, actor: Actor, **changes: Any) -> Promotion:
    """Set some rules (see CHANGEABLE; the others are for ever); the same again changes nothing.

    Raises NotFound, PromotionEnded (stopped already), PromotionInvalid, PriceNotBelowBase or QuotaBelowUsed.
    """
    row = _locked(promotion_id)
    if fixed := sorted(changes.keys() - CHANGEABLE[row.kind]):
        raise PromotionInvalid(fields=fixed)
    before, words = rules_told(row), row.title
    _set(row, changes)
    check_rules(row)
    if "price_fen" in changes:
        check_price(row, clock.now())
    if row.quota is not None and row.quota < row.used:
        raise QuotaBelowUsed(fields=["quota"], used=row.used)
    after = rules_told(row)
    if (before, words) == (after, row.title):
        return row
    row.version += 1
    row.save(update_fields=[*changes, "version"])
    if before.get("per_member") != row.per_member:
        _limit_members(row)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    record(
        PromotionChanged(promotion_version=row.version),
        subject=row,
        actor=actor,
        old={name: before.get(name) for name in names},
        new={name: after.get(name) for name in names},
    )
    return row


def stop_promotion(promotion_id: UUID, *, actor: Actor) -> Promotion:
    """End it now. Orders that hold it go on; groups that are open can still be paid, but not joined.

    Stopping again changes nothing. Raises NotFound.
    """
    row = _locked(promotion_id)
    if row.stopped_at is None:
        row.stopped_at = clock.now()
        row.version += 1
        row.save(update_fields=["stopped_at", "version"])
        record(PromotionStopped(used=row.used), subject=row, actor=actor)
    return row


def _locked(promotion_id: UUID) -> Promotion:
    if not lock_promotions([promotion_id]):
        raise NotFound()
    return Promotion.objects.get(pk=promotion_id)


def _set(row: Promotion, changes: dict[str, Any]) -> None:
    if row.stopped_at is not None:
        raise PromotionEnded(promotion=str(row.id))
    for name, value in changes.items():
        if name == "product_ids":
            row.product_ids = ids_text(value)
        elif name == "title":
            row.title = value.strip()
        else:
            setattr(row, name, value)


def _limit_members(row: Promotion) -> None:
    """The new limit for those who have bought; who has more than that already keeps it and gets no more."""
    members = PromotionMember.objects.filter(promotion_id=row.id)
    members.update(most=None if row.per_member is None else Greatest(F("used"), row.per_member))
