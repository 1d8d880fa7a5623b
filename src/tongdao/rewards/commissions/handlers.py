"""What this room adds where rooms below write: docs/decisions/0012."""

from __future__ import annotations

from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.commissions.operations.clawing import claw_back
from tongdao.trade.aftersales.operations.giving_back import TAKING_BACK
from tongdao.trade.orders.models.agreed import ShareKind
from tongdao.trade.payments.operations.capturing import SELLING, Selling


@SELLING.join
def hold(selling: Selling) -> None:
    """Paid: each promoter's share becomes a commission, in the statement that writes the payments."""
    for share in selling.shares:
        if share.kind == ShareKind.PROMOTER:
            selling.together.add(
                Commission,
                order_id=share.order_id,
                line_id=share.line_id,
                share_id=share.share_id,
                promoter_id=share.beneficiary,
                base_fen=share.paid_fen,
                amount_fen=share.amount_fen,
                held_at=selling.at,
            )


TAKING_BACK.join(claw_back)
