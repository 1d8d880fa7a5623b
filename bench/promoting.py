"""What is switched on for every order of the benchmark beyond goods and attribution.

The hot SKU is in a flash sale with a quota and a limit for each member, both ample; freight depends on region
and weight; a coupon is there for those who type its code. `WISH` is merged into each buyer's request: with
`{"codes": ["BENCH"]}` every order uses the coupon, whose counter then makes one hot row of all of them, in
the spread scenario too, so by default none does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

WISH: dict[str, Any] = {}
CODE = "BENCH"
FLASH_FEN = 9_900


def promote(actor: Any, hot_sku: Any) -> None:
    """In the merchant's scope, when the world is made."""
    from tongdao.foundation import clock
    from tongdao.foundation.money import Fen
    from tongdao.terms.agreements.operations import RuleDraft, TemplateDraft, create_template
    from tongdao.terms.promotions.operations import create_coupon, create_flash_sale

    now = clock.now()
    period = {"starts_at": now, "ends_at": now + timedelta(days=30), "actor": actor}
    create_flash_sale(
        title="整点抢购",
        sku_id=hot_sku,
        price_fen=Fen(FLASH_FEN),
        per_member=100_000,
        quota=1_000_000,
        **period,
    )
    create_coupon(title="见面礼", code=CODE, off_fen=Fen(500), threshold_fen=Fen(5_000), **period)
    near = RuleDraft(prefixes=("33", "31", "32"), first_fee_fen=600, step_fee_fen=200)
    far = RuleDraft(prefixes=(), first_fee_fen=1_200, step_fee_fen=500)
    create_template(TemplateDraft(name="快递", rules=(near, far)), actor=actor)
