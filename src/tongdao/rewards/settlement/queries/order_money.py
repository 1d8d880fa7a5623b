"""An order's shares with what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Sum

from tongdao.foundation.money import Fen, split
from tongdao.party.network.models import Promoter
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.settlement.models import PayoutLine
from tongdao.trade.aftersales.models import AfterSaleShare
from tongdao.trade.orders.models import Order, WaterfallShare

Stage = Literal["unpaid", "kept", "held", "released", "claimed", "paid", "back"]
"""`kept`: the channel has it. `back`: all of it went back to the buyer."""
SORTED = {"channel_fee": 0, "promoter": 1, "seller": 2}


@dataclass(frozen=True, slots=True)
class ShareNow:
    """A share of a line. `back_fen` of `agreed_fen` went back; `owed_fen` of that had been paid out."""

    line_id: UUID
    title: str
    kind: str
    name: str
    rule: str
    agreed_fen: Fen
    back_fen: Fen
    owed_fen: Fen
    stage: Stage
    moved_at: datetime | None
    payout_id: UUID | None

    @property
    def left_fen(self) -> Fen:
        return Fen(self.agreed_fen - self.back_fen)


@dataclass(frozen=True, slots=True)
class Part:
    """What one earner has of the whole order. `hundred_fen` of each 100 yuan are theirs."""

    kind: str
    name: str
    agreed_fen: Fen
    back_fen: Fen
    settled_fen: Fen
    hundred_fen: Fen

    @property
    def left_fen(self) -> Fen:
        return Fen(self.agreed_fen - self.back_fen)


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """`parts` sum to `total_fen`, and their `hundred_fen` to 100 yuan."""

    total_fen: Fen
    back_fen: Fen
    parts: tuple[Part, ...]
    shares: tuple[ShareNow, ...]


def money_of_order(order: Order) -> OrderMoney:
    """Channel first, then promoters, then the seller."""
    shares = _shares(order)
    together: dict[tuple[str, str], list[ShareNow]] = {}
    for share in shares:
        together.setdefault((share.kind, share.name), []).append(share)
    sums = {key: sum(each.agreed_fen for each in found) for key, found in together.items()}
    hundreds = split(Fen(10_000), list(sums.values())) if sums else []
    parts = tuple(
        Part(
            kind,
            name,
            Fen(sums[kind, name]),
            Fen(sum(each.back_fen for each in found)),
            Fen(
                sum(each.left_fen for each in found if each.stage in ("kept", "released", "paid", "claimed"))
            ),
            hundred,
        )
        for ((kind, name), found), hundred in zip(together.items(), hundreds, strict=True)
    )
    back = sum(part.back_fen for part in parts)
    return OrderMoney(Fen(sum(sums.values())), Fen(back), parts, tuple(shares))


def _shares(order: Order) -> list[ShareNow]:
    rows = list(WaterfallShare.objects.filter(line__order=order).select_related("line"))
    given = AfterSaleShare.objects.filter(share__in=rows).order_by().values_list("share_id")
    backs = dict(given.annotate(fen=Sum("amount_fen")))
    commissions = {row.share_id: row for row in Commission.objects.filter(order=order)}
    names = dict(
        Promoter.objects.filter(pk__in=[row.beneficiary for row in rows if row.beneficiary]).values_list(
            "id", "shown_name"
        )
    )
    live = PayoutLine.objects.filter(live=True, commission__in=commissions.values())
    payouts = dict(live.values_list("commission_id", "payout_id"))
    rows.sort(key=lambda row: (SORTED.get(row.kind, 9), row.line.position))
    found = []
    for row in rows:
        commission, back = commissions.get(row.id), Fen(int(backs.get(row.id, 0)))
        stage, moved_at = _stage(order, row, commission, back)
        name = names.get(row.beneficiary, "") if row.kind == "promoter" and row.beneficiary else ""
        owed = Fen(commission.owed_fen) if commission else Fen(0)
        payout = payouts.get(commission.id) if commission else None
        found.append(
            ShareNow(
                row.line_id,
                row.line.title,
                row.kind,
                name,
                row.rule_version,
                Fen(row.amount_fen),
                back,
                owed,
                stage,
                moved_at,
                payout,
            )
        )
    return found


def _stage(
    order: Order, row: WaterfallShare, commission: Commission | None, back: Fen
) -> tuple[Stage, datetime | None]:
    """Where what is left of it is, and since when."""
    if order.paid_at is None:
        return "unpaid", None
    if back == row.amount_fen:
        return "back", None
    if row.kind == "channel_fee":
        return "kept", order.paid_at
    if commission and commission.state in ("claimed", "paid"):
        return ("claimed" if commission.state == "claimed" else "paid"), commission.released_at
    return ("released", order.released_at) if order.released_at else ("held", order.paid_at)
