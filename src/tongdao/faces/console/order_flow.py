"""The drawing of an order's money, and the tables beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.facts import release_of
from tongdao.faces.console.reading.record import Record
from tongdao.faces.console.words import SHARES
from tongdao.faces.kit.charts import stacked
from tongdao.faces.kit.money_text import percent, yuan
from tongdao.faces.kit.shapes import Cell, Column, Row, Step, Tone
from tongdao.faces.lists.plan_words import frozen_words
from tongdao.rewards.settlement.queries.order_money import OrderMoney, Part, ShareNow

STAGES: dict[str, tuple[Promise, Tone]] = {
    "unpaid": (gettext_lazy("Not paid yet"), ""),
    "kept": (gettext_lazy("Kept by the channel"), ""),
    "held": (gettext_lazy("Held"), "waiting"),
    "released": (pgettext_lazy("share", "Theirs"), "success"),
    "claimed": (gettext_lazy("Being paid out"), "waiting"),
    "paid": (pgettext_lazy("payouts", "Paid out"), "success"),
    "back": (gettext_lazy("Went back"), "error"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One earner's part, drawn where the one before it ends: settled, still held, gone back. Of 1,000."""

    label: str
    hundred_fen: int
    fen: int
    told: str
    hue: int
    settled: tuple[int, int]
    held: tuple[int, int]
    back: tuple[int, int]


def drawn_flow(money: OrderMoney) -> list[Bar]:
    """What is left of each part, and what went back of it, as long as the part is of the whole."""
    drawn = stacked([(part.kind, int(part.agreed_fen)) for part in money.parts])
    return [_bar(part, each.x, each.width, each.hue) for part, each in zip(money.parts, drawn, strict=True)]


def _bar(part: Part, x: int, width: int, hue: int) -> Bar:
    settled = width * part.settled_fen // part.agreed_fen
    back = width * part.back_fen // part.agreed_fen
    held = width - settled - back
    words = str(SHARES.get(part.kind, part.kind))
    told = []
    if part.back_fen:
        told.append(_("¥%(amount)s of it went back to the buyer") % {"amount": yuan(part.back_fen)})
    waiting = part.left_fen - part.settled_fen
    if waiting:
        told.append(_("¥%(amount)s is held") % {"amount": yuan(waiting)})
    return Bar(
        f"{words} · {part.name}" if part.name else words,
        part.hundred_fen,
        part.agreed_fen,
        _(", ").join(told),
        hue,
        (x, settled),
        (x + settled, held),
        (x + settled + held, back),
    )


def share_columns() -> list[Column]:
    labels = (
        _("Whose"),
        _("Goods"),
        _("By which rule"),
        pgettext("money", "Agreed"),
        _("Went back"),
        pgettext("money", "Left"),
        _("Where it is"),
    )
    return [Column(label, num=place in (3, 4, 5)) for place, label in enumerate(labels)]


def share_rows(desk: Desk, money: OrderMoney) -> list[Row]:
    told = frozen_words({share.rule for share in money.shares if share.kind == "promoter"})
    return [_row(desk, share, told) for share in money.shares]


def _row(desk: Desk, share: ShareNow, told: dict[str, str]) -> Row:
    words, tone = STAGES[share.stage]
    label = str(SHARES.get(share.kind, share.kind))
    place = desk.url("payout", payout_id=share.payout_id) if share.payout_id else ""
    return Row(
        [
            Cell(f"{label} · {share.name}" if share.name else label, url=f"#books-{share.line_id}"),
            Cell(share.title, _("Goods"), "muted"),
            Cell(rule_told(share, told), _("By which rule"), "muted"),
            Cell(int(share.agreed_fen), pgettext("money", "Agreed"), "money"),
            Cell(int(share.back_fen), _("Went back"), "money"),
            Cell(int(share.left_fen), pgettext("money", "Left"), "money"),
            Cell(str(words), _("Where it is"), "" if place else "tag", url=place, tone=tone),
        ],
        label=label,
    )


def rule_told(share: ShareNow, told: dict[str, str]) -> str:
    """ "plan 3, rule 2: 10%"."""
    if share.kind == "promoter":
        return told[share.rule]
    if share.kind == "channel_fee":
        return _("the channel's fee of %(rate)s%%") % {
            "rate": percent(int(share.rule.partition(":")[2] or 0))
        }
    return _("what is left")


def share_steps(record: Record, money: OrderMoney) -> list[Step]:
    """When the money moves: paid, received, no longer to be given back, paid out."""
    order = record.order
    paid = order.paid_at is not None
    steps = [Step(_("Paid by the buyer"), "done" if paid else "current", "", order.paid_at)]
    if order.state in ("cancelled", "closed"):
        return [*steps, Step(_("All of it went back, or nothing was paid."), "done")]
    fee = _("The channel keeps its fee; all other shares are held.")
    received = order.completed_at is not None
    steps.append(Step(_("Shared out"), "done" if paid else "next", fee, order.paid_at))
    waits = "next" if not paid else "done" if received else "current"
    until = order.confirm_by if paid and not received else None
    steps.append(Step(_("Received by the buyer"), waits, "", order.completed_at, until))  # type: ignore[arg-type]  # one of the three
    why, when = release_of(order.id)
    free = order.released_at is not None
    state = "done" if free else "current" if received else "next"
    told = "" if free or not received else why
    steps.append(
        Step(_("The shares are their owners'"), state, told, order.released_at, None if free else when)  # type: ignore[arg-type]  # one of the three
    )
    earners = [share for share in money.shares if share.kind == "promoter" and share.stage != "back"]
    if earners:
        over = all(share.stage == "paid" for share in earners)
        moving = any(share.stage == "claimed" for share in earners)
        steps.append(Step(_("The promoter is paid out"), "done" if over else "current" if moving else "next"))
    return steps
