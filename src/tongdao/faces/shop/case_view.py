"""A case as its buyer's page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongdao.faces.kit.case_words import (
    DISPUTE_STATES,
    KINDS,
    OUTCOMES,
    RULE_SOURCES,
    RULES,
    SELLER_REFUSALS,
    reason_words,
    state_words,
)
from tongdao.faces.kit.shapes import Attachment, Cell, Step
from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.case_marks import promise_facts
from tongdao.faces.shop.case_steps import case_steps, yuan
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.store import Store
from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.refusals import NotFound
from tongdao.trade.aftersales.deadlines import REPLACING
from tongdao.trade.aftersales.models import Side
from tongdao.trade.aftersales.queries import CaseView, case_view
from tongdao.trade.disputes.models import Ruling
from tongdao.trade.disputes.queries import DisputeView, dispute_of, may_call
from tongdao.trade.shipping.carriers import CARRIERS


@dataclass(frozen=True, slots=True)
class Look:
    """A case with the latest dispute about it."""

    store: Store
    case: CaseView
    dispute: DisputeView | None

    @property
    def id(self) -> UUID:
        return self.case.row.id

    @property
    def may(self) -> tuple[str, ...]:
        """What its buyer may do now, by the names of case_acts.ACTS."""
        found: list[str] = [*self.case.buyer_may]
        if may_call(self.case.row, Side.BUYER, self.dispute) and not self.case.paused:
            found.append("escalate")
        if self.dispute and not self.dispute.row.ended_at:
            found += self.dispute.may(Side.BUYER)
        return tuple(found)

    def url(self, page: str, **parts: object) -> str:
        return self.store.url(page, case_id=self.id, **parts)


@dataclass(frozen=True, slots=True)
class Saying:
    """What a side said and showed. `own`: the buyer's."""

    who: str
    own: bool
    text: str
    at: datetime
    files: tuple[Attachment, ...]
    head: str = ""  # what it was said to, or as


@dataclass(frozen=True, slots=True)
class RulingLook:
    """A ruling in words."""

    title: str
    outcome: str
    orders: str
    text: str
    rule: str
    says: str
    source: str
    at: datetime


def read_look(request: HttpRequest, store: Store, case_id: UUID) -> Look:
    """In the merchant's scope. Raises NotFound for another's."""
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    return Look(store, case_view(case_id, person_id=buyer), dispute_of(case_id))


def case_context(look: Look) -> dict[str, Any]:
    """In the merchant's scope."""
    view, may = look.case, look.may
    words, tone = state_words(str(view.row.state), paused=view.paused)
    if view.paused and look.dispute and look.dispute.row.state == "ruled":
        words, tone = str(DISPUTE_STATES["ruled"][0]), DISPUTE_STATES["ruled"][1]
    return {
        "page_title": words,
        "tone": tone,
        "private": True,
        "back_url": look.store.url("cases"),
        "order_url": look.store.url("order", order_id=view.row.order_id),
        "talk_url": look.store.url("talk", order_id=view.row.order_id),
        "view": view,
        "kind": KINDS.get(view.row.kind, view.row.kind),
        "may": may,
        "urls": {name: look.url(f"case_{name}") for name in may},
        "steps": case_steps(view, look.dispute),
        "items": [(item, picture_url(item.picture), _promised(item.promised)) for item in view.items],
        "rows": _rows(view),
        "ways": _ways(view),
        "place": return_place(view) if view.row.state in ("agreed", "returning") else None,
        "track": _track(view),
        "sayings": _sayings(look),
        "dispute": look.dispute,
        "statements": _statements(look),
        "rulings": [_ruling(ruling) for ruling in look.dispute.rulings] if look.dispute else [],
    }


def return_place(view: CaseView) -> dict[str, Any] | None:
    """Where its goods go back to, in rows and as one text to be copied; None where nobody knows."""
    place = view.back_to
    if place is None:
        return None
    rows = [
        Cell(place.name, _("Receiver")),
        Cell(place.phone, _("Receiver's phone"), "num"),
        Cell(place.address, _("Address")),
    ]
    if place.note:
        rows.append(Cell(place.note, _("The shop asks")))
    return {"rows": rows, "text": f"{place.name} {place.phone} {place.address}"}


def _track(view: CaseView) -> dict[str, Any] | None:
    """The way back as the carrier tells it, the newest scan first."""
    track = view.track
    if track is None:
        return None
    return {
        "name": f"{track.carrier_name} {track.waybill_no}",
        "status": track.status_name,
        "steps": [
            Step(scan.text or scan.status_name, "current" if place == 0 else "done", at=scan.at)
            for place, scan in enumerate(track.scans)
        ],
        "silent": view.row.silent_told_at is not None and track.silent,
        "wrong": view.track_wrong,
        "followed": track.problem != "no_account",
    }


def _promised(policies: Any) -> str:
    return promise_facts(policies, None)[0]


def _rows(view: CaseView) -> list[Cell]:
    row = view.row
    rows = [Cell(reason_words(row.kind, row.reason), _("Why"))]
    if row.carriage:
        who = _("The shop pays") if row.carriage == "shop" else _("You pay")
        rows.append(Cell(who, _("Sending it back")))
    if row.asked_fen:
        rows.append(Cell(row.asked_fen, _("Amount asked for"), "money"))
    if row.refused_as:
        refused = SELLER_REFUSALS.get(row.refused_as, row.refused_as)
        rows.append(Cell(str(refused), _("Why the shop said no")))
    if view.back_fen:
        told = _("Is back with you") if view.refund_state == "succeeded" else _("Goes back to you")
        return [*rows, Cell(view.back_fen, told, "money", total=True)]
    if view.worth_fen and row.kind not in REPLACING:
        told = _("Back, if granted")
        if view.goods_back and row.state in ("agreed", "returning", "received"):
            told = _("Back, once it has arrived")
        rows.append(Cell(view.worth_fen, told, "money", total=True))
    return rows


def _ways(view: CaseView) -> list[Cell]:
    """Waybills of what went back, where it is not followed, and of what came instead."""
    row, found = view.row, []
    if row.waybill_no and not row.return_parcel_id:
        carrier = CARRIERS.get(row.carrier, row.carrier)
        found.append(Cell(f"{carrier} {row.waybill_no}", _("Sent back with")))
    if row.new_waybill_no:
        carrier = CARRIERS.get(row.new_carrier, row.new_carrier)
        found.append(Cell(f"{carrier} {row.new_waybill_no}", _("Comes to you with")))
    return found


def _sayings(look: Look) -> list[Saying]:
    heads = {"refused": _("said no"), "granted": _("granted it"), "agreed": _("agreed")}
    return [
        Saying(
            _who(look, word.side),
            word.side == Side.BUYER,
            word.text,
            word.said_at,
            _files(word.files, lambda id: look.url("case_file", file_id=id)),
            heads.get(word.step, "") if word.side != Side.BUYER else "",
        )
        for word in look.case.words
    ]


def _statements(look: Look) -> list[Saying]:
    if look.dispute is None:
        return []
    heads = {"opening": _("asked the platform"), "appeal": _("appealed")}
    return [
        Saying(
            _who(look, said.side),
            said.side == Side.BUYER,
            said.text,
            said.said_at,
            _files(said.files, lambda id: look.url("dispute_file", file_id=id)),
            heads.get(said.step, ""),
        )
        for said in look.dispute.statements
    ]


def _who(look: Look, side: str) -> str:
    return {Side.BUYER: _("You"), Side.PLATFORM: _("The platform")}.get(Side(side), look.store.name)


def _files(rows: Sequence[AttachmentRow], url: Any) -> tuple[Attachment, ...]:
    kinds = {True: _("Video %(number)d"), False: _("Picture %(number)d")}
    return tuple(
        Attachment(
            url(row.id),
            row.type,
            row.width,
            row.height,
            kinds[row.type.startswith("video/")] % {"number": row.position},
        )
        for row in rows
        if row.file
    )


def _ruling(ruling: Ruling) -> RulingLook:
    rule, says = RULES.get(ruling.rule, (ruling.rule, ""))
    return RulingLook(
        _("The ruling") if ruling.round == 1 else _("The ruling on the appeal, which stands"),
        str(OUTCOMES[ruling.outcome]),
        _ordered(ruling),
        ruling.text,
        str(rule),
        str(says),
        str(RULE_SOURCES.get(ruling.rule, "")),
        ruling.ruled_at,
    )


def _ordered(ruling: Ruling) -> str:
    """What is carried out."""
    if ruling.outcome == "seller":
        return _("The case is closed, and no money goes back.")
    if ruling.goods_back:
        return _("You send the goods back, then it goes on as agreed.")
    if ruling.goods_fen:
        return _("%s goes back to you for the goods.") % yuan(ruling.goods_fen)
    return _("What you asked for is granted.")
