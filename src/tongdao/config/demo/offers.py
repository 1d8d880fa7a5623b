"""What the demo merchant offers below its prices, and what sending costs, so that a newcomer finds it all."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.terms.agreements.operations import RuleDraft, TemplateDraft, create_template
from tongdao.terms.agreements.queries import template_records
from tongdao.terms.promotions.models import Promotion
from tongdao.terms.promotions.operations import create_coupon, create_flash_sale, create_group_buy

COUPON, FLASH, GROUP = "满 299 减 30", "周末小憩 · 品茗杯", "两人同饮 · 秋山乌龙"
CUP, TEA = "TX-BZ-Q1", "TX-WL-50"  # 58.00 and 68.00
FREIGHT = TemplateDraft(
    "快递",
    (
        RuleDraft(("31", "32", "33"), first_fee_fen=800, step_fee_fen=200, free_from_fen=9_900),
        RuleDraft(("54", "65"), first_fee_fen=2_500, step_fee_fen=1_800),
        RuleDraft((), first_fee_fen=1_200, step_fee_fen=400, free_from_fen=19_900),
    ),
    parcel_most_g=20_000,
)
"""Near, far away, and everywhere else."""


def fill_offers(merchant_id: UUID, *, actor: Actor) -> int:
    """A coupon, a flash sale and a group buy where none like it is there; returns how many are new.

    One that is over is offered anew, so that there is always something to see; one that was stopped by hand
    stays so, and one that does not go with what was changed by hand since (a price, say) is left out.
    """
    now = clock.now()
    kinds = {COUPON: _coupon, FLASH: _flash, GROUP: _group}
    new = 0
    with merchant_scope(merchant_id):
        for make in [make for title, make in kinds.items() if _lacks(title, now)]:
            try:
                make(now, actor)
            except Refusal:
                continue
            new += 1
    return new


def _lacks(title: str, now: datetime) -> bool:
    last = Promotion.objects.filter(title=title).order_by("-id").first()
    return last is None or (last.stopped_at is None and last.ends_at <= now)


def _coupon(now: datetime, actor: Actor) -> None:
    create_coupon(
        title=COUPON,
        off_fen=Fen(3_000),
        threshold_fen=Fen(29_900),
        per_member=1,
        quota=500,
        starts_at=now,
        ends_at=now + timedelta(days=30),
        actor=actor,
    )


def _flash(now: datetime, actor: Actor) -> None:
    create_flash_sale(
        title=FLASH,
        sku_id=_sku(CUP),
        price_fen=Fen(4_800),
        per_member=4,
        quota=30,
        starts_at=now,
        ends_at=now + timedelta(days=5),
        actor=actor,
    )


def _group(now: datetime, actor: Actor) -> None:
    create_group_buy(
        title=GROUP,
        sku_id=_sku(TEA),
        price_fen=Fen(5_600),
        group_size=2,
        group_hours=24,
        quota=60,
        starts_at=now,
        ends_at=now + timedelta(days=14),
        actor=actor,
    )


def _sku(code: str) -> UUID:
    """Raises NotFound."""
    found = Sku.objects.filter(code=code).values_list("id", flat=True).first()
    if found is None:
        raise NotFound()
    return found


def fill_freight(merchant_id: UUID, *, actor: Actor) -> bool:
    """A first freight template; what is there already stays as it is. Whether it is new."""
    with merchant_scope(merchant_id):
        if template_records():
            return False
        create_template(FREIGHT, actor=actor)
    return True
