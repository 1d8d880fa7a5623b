"""After-sale cases: the list of them, and each with all that is needed to decide about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.case_facts import earlier_of, facts_of, goods_of, said_of, stated_of, way_back_of
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.money_effects import money_effects
from tongdao.faces.console.reading.case_record import CaseRecord, case_record, neighbours
from tongdao.faces.console.reading.today import count_soon
from tongdao.faces.console.tables import address
from tongdao.faces.console.telling import step_of
from tongdao.faces.console.typed import text
from tongdao.faces.kit.attachments import serve_attachment
from tongdao.faces.kit.case_words import (
    DISPUTE_STATES,
    DISPUTED,
    KINDS,
    OUTCOMES,
    RULE_SOURCES,
    RULES,
    SELLER_REFUSALS,
)
from tongdao.faces.kit.shapes import Action, Choice, Tone
from tongdao.faces.lists.case_words import CASE_STATES
from tongdao.faces.lists.nouns.cases import turn_of
from tongdao.foundation import clock
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.rulebook import aftersales as rules
from tongdao.trade.aftersales.deadlines import wait_of
from tongdao.trade.aftersales.models import Side
from tongdao.trade.aftersales.models.asking import MOST_LETTERS
from tongdao.trade.aftersales.operations.sending_back import place_of_case
from tongdao.trade.aftersales.queries import file_of
from tongdao.trade.disputes.models import MOST_LETTERS as MOST_STATED
from tongdao.trade.disputes.models import Ruling
from tongdao.trade.disputes.operations.conceding import goods_first
from tongdao.trade.disputes.queries import DisputeView, dispute_of, may_call
from tongdao.trade.disputes.queries import file_of as dispute_file_of
from tongdao.trade.shipping.carriers import CARRIERS

READ = MOST_STATED + 100
MONEY = ("grant", "receive")  # what moves money, or begins to
ACTS = ("agree", "grant", "refuse", "receive", "replace", "say", "call")
DISPUTING = ("state", "accept", "appeal", "drop", "concede")
MOVES_MONEY = ("accept", "concede")


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(
        _("No after-sale case"),
        _("What buyers ask for after they paid stands here, the most pressing first."),
        "return",
    )
    actions = [Action(_("Service levels"), desk.url("service"))]
    now, wanted = clock.now(), {"turn": "seller", "due": "soon"}
    more = {
        "soon": count_soon(now),
        "hours": rules.WARN_BEFORE.on(now) // timedelta(hours=1),
        "soon_url": address(desk.url("cases"), wanted),
    }
    return listing.show(desk, "cases", empty, actions=actions, template="cases", more=more)


def one(desk: Desk, case_id: UUID) -> HttpResponse:
    record = case_record(case_id)
    case, view, dispute = record.case, record.view, record.dispute
    words, tone = _state(record)
    before, behind = neighbours(case_id)
    typed = desk.request.POST if desk.notice else {}
    asked = desk.request.path.rpartition("/")[2] if desk.notice else ""
    context = {
        "crumbs": [desk.crumb(_("After-sale cases"), "cases"), desk.crumb(view.order_number)],
        "case": case,
        "title": str(KINDS.get(case.kind, case.kind)),
        "words": words,
        "tone": tone,
        "turn": _turn(record),
        "due_at": _due(record),
        "previous_url": desk.url("case", case_id=before) if before else "",
        "next_url": desk.url("case", case_id=behind) if behind else "",
        "goods": [(shown, _product_url(desk, shown.product_id)) for shown in goods_of(record)],
        "facts": facts_of(desk, record),
        "earlier": earlier_of(record),
        "way_back": way_back_of(record),
        "no_place_url": _no_place(desk, record),
        "said": said_of(desk, record),
        "steps": [step_of(told) for told in record.told],
        "effects": money_effects(record.backs) if record.backs else [],
        "worth_fen": view.worth_fen,
        "may_do": _may(desk, record),
        "talk_url": desk.url("talk", order_id=case.order_id),
        "bundle_url": desk.url("case_bundle", case_id=case_id) if desk.may("orders.serve") else "",
        "money_url": desk.url("order_money", order_id=case.order_id) if desk.may("money.read") else "",
        # Nothing is chosen beforehand: the buyer and the arbiter read the reason as the shop's own.
        "reasons": [
            Choice("", _("Choose a reason")),
            *(Choice(code, str(label)) for code, label in SELLER_REFUSALS.items()),
        ],
        "carriers": [Choice(code, str(label)) for code, label in CARRIERS.items()],
        "items": [(item, f"stock.{item.line_id}") for item in view.items],
        "typed": text(typed, "text", READ),
        "key": uuid7().hex,
        "typed_in": asked,
        "kept": {asked: text(typed, "text", READ)},
        "reason": text(typed, "reason", 24),
        "carrier": text(typed, "carrier", 24),
        "waybill_no": text(typed, "waybill_no", 60),
        "most": MOST_LETTERS,
        "most_stated": MOST_STATED,
        "url": {name: desk.url(f"case_{name}", case_id=case_id) for name in ACTS},
        **_dispute(desk, record, dispute),
    }
    return desk.show("case", f"{context['title']} {view.order_number}", context)


def _no_place(desk: Desk, record: CaseRecord) -> str:
    """Where an address is set, as long as a return cannot be agreed to for want of one."""
    missing = "agree" in record.view.seller_may and place_of_case(record.case) is None
    return desk.url("return_addresses") if missing else ""


def _state(record: CaseRecord) -> tuple[str, Tone]:
    words, tone = DISPUTED if record.view.paused else CASE_STATES[record.case.state]
    return str(words), tone


def _turn(record: CaseRecord) -> tuple[str, str, str] | None:
    """(tone, whose turn it is, what happens if nobody moves); nothing where the case is over."""
    view, case = record.view, record.case
    if case.ended_at:
        return None
    if view.paused and record.dispute:
        return _disputed_turn(record.dispute)
    wait = wait_of(case.kind, case.state)
    if wait is None:
        return None
    mine = turn_of(case) == "seller"
    late = case.due_at is not None and case.due_at <= clock.now()
    tone = "error" if mine and late else "waiting" if mine else "info"
    title = _("It is your turn") if mine else _("It is the buyer's turn")
    return tone, title, _after(wait.then)


def _after(then: str) -> str:
    told = {
        "granted": _("If nothing happens by then, the money goes back by itself."),
        "agreed": _("If nothing happens by then, the buyer may send the goods back."),
        "received": _("If nothing happens by then, the goods count as received."),
        "lapsed": _("If nothing is sent by then, the case lapses."),
        "settled": _("If nothing happens by then, the replacement counts as received."),
        "closed": _("Until then the buyer may call the platform; then the case is closed."),
    }
    return told[then]


def _disputed_turn(dispute: DisputeView) -> tuple[str, str, str]:
    state, said = dispute.row.state, {each.side for each in dispute.statements}
    if state == "open" and "seller" not in said:
        told = _("State your case by then: the platform rules on what it has.")
        return "waiting", _("The platform wants to hear you"), told
    if state == "ruled":
        return "info", _("The platform has ruled"), _("If nobody appeals by then, the ruling is carried out.")
    return "info", _("The platform decides"), _("By then at the latest. The case's own clock stands still.")


def _due(record: CaseRecord) -> Any:
    if record.view.paused and record.dispute:
        row = record.dispute.row
        said = {each.side for each in record.dispute.statements}
        return row.answer_by if row.state == "open" and "seller" not in said else row.due_at
    return record.case.due_at


def _may(desk: Desk, record: CaseRecord) -> list[str]:
    """What this desk may do, in the order in which it is offered."""
    found: list[str] = [
        act for act in record.view.seller_may if desk.may("orders.refund" if act in MONEY else "orders.serve")
    ]
    if (
        desk.may("orders.serve")
        and may_call(record.case, Side.SELLER, record.dispute)
        and not record.view.paused
    ):
        found.append("call")
    return [act for act in found if act != "grant" or record.view.worth_fen]


def _dispute(desk: Desk, record: CaseRecord, dispute: DisputeView | None) -> dict[str, Any]:
    """Its block of the page."""
    if dispute is None:
        return {"dispute": None}
    words, tone = DISPUTE_STATES[dispute.row.state]
    may = [
        act
        for act in dispute.may(Side.SELLER)
        if desk.may("orders.refund" if act in MOVES_MONEY else "orders.serve")
    ]
    return {
        "dispute": dispute.row,
        "dispute_words": str(words),
        "dispute_tone": tone,
        "stated": stated_of(desk, record),
        "rulings": [_ruling(row) for row in dispute.rulings],
        "may_dispute": may,
        "goods_first": goods_first(record.case),
        "dispute_url": {name: desk.url(f"dispute_{name}", case_id=record.case.id) for name in DISPUTING},
    }


def _ruling(row: Ruling) -> dict[str, Any]:
    name, says = RULES.get(row.rule, (row.rule, ""))
    return {
        "row": row,
        "outcome": str(OUTCOMES.get(row.outcome, row.outcome)),
        "rule": str(name),
        "says": str(says),
        "source": str(RULE_SOURCES.get(row.rule, "")),
    }


def _product_url(desk: Desk, product_id: UUID) -> str:
    return desk.url("product", product_id=product_id) if desk.may("goods.read") else ""


def file(desk: Desk, case_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A picture or video that came with what a side said."""
    return serve_attachment(file_of(case_id, file_id), desk.request)


def dispute_file(desk: Desk, case_id: UUID, file_id: UUID) -> HttpResponseBase:
    """One that a side showed the platform."""
    found = dispute_of(case_id)
    if found is None:
        raise NotFound()
    return serve_attachment(dispute_file_of(found.row.id, file_id), desk.request)
