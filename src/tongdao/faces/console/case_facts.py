"""What stands on a case's page, in the kit's shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.pictures import picture_url
from tongdao.faces.console.reading.case_record import Before, CaseRecord
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.telling_cases import MOVED
from tongdao.faces.console.words import REFUND_STATES
from tongdao.faces.kit.case_words import KINDS, SELLER_REFUSALS, reason_words
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Attachment, Cell, Step
from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.pii import mask_name
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.problems import problem_text
from tongdao.trade.story.queries import order_story


@dataclass(frozen=True, slots=True)
class GoodsShown:
    """A line of the case: units of it and what they cost, and in `extra` what was bought in all, what was
    promised, and what is to come instead.
    """

    line_id: UUID
    product_id: UUID
    title: str
    options: str
    image_url: str
    quantity: int
    fen: int
    extra: str


@dataclass(frozen=True, slots=True)
class SaidShown:
    """What a side said, in the order in which it was said. `mine`: the shop's."""

    who: str
    mine: bool
    step: str
    text: str
    at: datetime
    files: tuple[Attachment, ...]


def goods_of(record: CaseRecord) -> list[GoodsShown]:
    """Of cases that were granted as they were opened, what went back."""
    if record.view.items:
        return [
            GoodsShown(
                item.line_id,
                item.product_id,
                item.title,
                item.option_text,
                picture_url(item.picture),
                item.quantity,
                item.paid_fen * item.quantity // item.bought,
                _extra(record, item.line_id, item.bought, item.paid_fen, item.instead),
            )
            for item in record.view.items
        ]
    return [
        GoodsShown(
            row.line_id,
            row.line.product_id,
            row.line.title,
            row.line.option_text,
            picture_url(row.line.picture),
            row.quantity,
            row.line.paid_fen * row.quantity // row.line.quantity,
            _extra(record, row.line_id, row.line.quantity, row.line.paid_fen, ""),
        )
        for row in record.lines
    ]


def _extra(record: CaseRecord, line_id: UUID, bought: int, paid_fen: int, instead: str) -> str:
    parts = [_("%(all)d bought for ¥%(amount)s") % {"all": bought, "amount": yuan(paid_fen)}]
    if instead:
        parts.append(_("wanted instead: %(option)s") % {"option": instead})
    parts.append(record.promised.get(line_id, ""))
    return " · ".join(filter(None, parts))


def facts_of(desk: Desk, record: CaseRecord) -> list[Cell]:
    case = record.case
    facts = [
        Cell(record.view.order_number, _("Order"), url=desk.url("order", order_id=case.order_id)),
        Cell(_buyer(case), _("Buyer")),
        Cell(str(KINDS.get(case.kind, case.kind)), _("What for")),
        Cell(reason_words(case.kind, case.reason), _("Reason")),
    ]
    if case.asked_fen:
        facts.append(Cell(int(case.asked_fen), _("Asked for"), "money"))
    if case.refused_as:
        words = str(SELLER_REFUSALS.get(case.refused_as, case.refused_as))
        facts.append(Cell(words, _("Refused because")))
    if case.carriage:
        who = _("Your shop") if case.carriage == "shop" else _("The buyer")
        facts.append(Cell(who, _("Pays for sending back")))
    facts += _ways(case)
    if record.view.track:
        facts.append(Cell(record.view.track.status_name, _("The carrier says")))
    if case.signed_at:
        facts.append(Cell(case.signed_at, _("Handed over"), "time"))
    facts.append(Cell(case.opened_at, _("Opened"), "time"))
    if case.ended_at:
        facts.append(Cell(case.ended_at, _("Ended"), "time"))
    if record.view.refund_state:
        facts.append(Cell(str(REFUND_STATES[record.view.refund_state][0]), _("Refund")))
        facts.append(Cell(int(record.view.back_fen), _("Given back"), "money", total=True))
    return facts


def _buyer(case: AfterSale) -> str:
    return mask_name(order_story(case.order_id).recipient)


def _ways(case: AfterSale) -> list[Cell]:
    """The parcels of the case."""
    ways = (
        (_("Comes back by"), case.carrier, case.waybill_no),
        (_("Replacement by"), case.new_carrier, case.new_waybill_no),
    )
    return [Cell(f"{CARRIERS.get(by, by)} {number}", label) for label, by, number in ways if number]


def way_back_of(record: CaseRecord) -> dict[str, Any] | None:
    """What the carrier tells of what comes back, the newest first; nothing before there is a waybill."""
    track = record.view.track
    if track is None:
        return None
    return {
        "wrong": record.view.track_wrong,
        "problem": problem_text(track.problem) if track.problem else "",
        "steps": [
            Step(
                scan.status_name,
                "current" if place == 0 else "done",
                f"{scan.area} {scan.text}".strip(),
                scan.at,
            )
            for place, scan in enumerate(track.scans)
        ],
    }


def earlier_of(record: CaseRecord) -> list[Cell]:
    """How often before."""
    return [
        Cell(_before(record.of_buyer), _("This buyer")),
        *([Cell(_before(record.of_product), _("This product"))] if record.view.items else []),
    ]


def _before(before: Before) -> str:
    if not before.cases:
        return _("No other case; %(orders)d paid orders") % {"orders": before.orders}
    told = _("%(cases)d other cases, %(granted)d with money back; %(orders)d paid orders")
    return told % {"cases": before.cases, "granted": before.granted, "orders": before.orders}


def said_of(desk: Desk, record: CaseRecord) -> list[SaidShown]:
    """Between the sides."""
    words = record.view.words
    names = shown_names(word.author_id for word in words if word.side == "seller")
    return [
        SaidShown(
            who_says(word.side, names.get(word.author_id, "") if word.author_id else ""),
            word.side == "seller",
            str(MOVED.get(word.step, "")),
            word.text,
            word.said_at,
            shown_files(word.files, lambda id: desk.url("case_file", case_id=record.case.id, file_id=id)),
        )
        for word in words
    ]


def stated_of(desk: Desk, record: CaseRecord) -> list[SaidShown]:
    """To the platform."""
    steps = {
        "opening": _("Called the platform"),
        "answer": _("Stated its case"),
        "appeal": _("Appealed"),
    }
    return [
        SaidShown(
            who_says(said.side, ""),
            said.side == "seller",
            steps.get(said.step, ""),
            said.text,
            said.said_at,
            shown_files(said.files, lambda id: desk.url("dispute_file", case_id=record.case.id, file_id=id)),
        )
        for said in (record.dispute.statements if record.dispute else ())
    ]


def who_says(side: str, name: str) -> str:
    """The buyer has no name here; of the staff, who it was."""
    sides = {"buyer": _("The buyer"), "seller": name or _("The shop"), "platform": _("The platform")}
    return sides.get(side, side)


def shown_files(rows: Iterable[AttachmentRow], url: Callable[[UUID], str]) -> tuple[Attachment, ...]:
    """Those that were not erased."""
    kept: Sequence[AttachmentRow] = [row for row in rows if row.file]
    return tuple(
        Attachment(url(row.id), row.type, row.width, row.height, _label(row) % {"number": row.position})
        for row in kept
    )


def _label(row: AttachmentRow) -> str:
    return _("Video %(number)d") if row.type.startswith("video/") else _("Picture %(number)d")
