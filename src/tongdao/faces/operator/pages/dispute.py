"""The arbiter's desk: the whole case on one page, and the files that the sides sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from tongdao.compliance.evidence.bundling import bundle
from tongdao.compliance.evidence.gathering import gather
from tongdao.faces.kit.attachments import serve_attachment
from tongdao.faces.kit.case_words import KINDS, OUTCOMES, RULE_SOURCES, RULES, SELLER_REFUSALS, reason_words
from tongdao.faces.kit.joining import joined
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.operator.frame import show
from tongdao.faces.operator.lists.base import names_of
from tongdao.faces.operator.pages.merchant import moment
from tongdao.faces.operator.pages.parts import Fact, Grid, Record, Way, act_way
from tongdao.faces.operator.reading.disputes import Arbitration, Told, arbitration, merchant_of, note_reading
from tongdao.faces.operator.sessions import operator_of
from tongdao.faces.operator.words import word
from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.deeds import note_deed
from tongdao.foundation.refusals import NotAllowed
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.queries import file_of as case_file_of
from tongdao.trade.disputes.models import Ruling
from tongdao.trade.disputes.queries import file_of
from tongdao.trade.orders.promises import promise_of
from tongdao.trade.story.promised import promised_text


@dataclass(frozen=True, slots=True)
class Speech:
    """What a side said, with the addresses of what it showed. `tone` tells the sides apart."""

    who: str
    step: str
    text: str
    at: Any
    tone: str
    files: Sequence[Mapping[str, Any]]


def one(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """For who may act: it holds what two sides said in private."""
    here = operator_of(request)
    if here is None or not here.may_act:
        raise NotAllowed()
    found = arbitration(dispute_id, actor=here.actor)
    title = _("Dispute about order %(number)s") % {"number": found.case.order_number}
    record = Record(title, _facts(found), _grids(found), _ways(found))
    context = {
        "record": record,
        "speeches": _speeches(found),
        "rulings": [*map(_ruling, found.dispute.rulings)],
    }
    return show(request, "dispute", title, context)


def file(request: HttpRequest, dispute_id: UUID, source: str, file_id: UUID) -> HttpResponseBase:
    """What a side showed, in the case or to the arbiter."""
    here = operator_of(request)
    if here is None or not here.may_act:
        raise NotAllowed()
    merchant_id = merchant_of(dispute_id)
    with merchant_scope(merchant_id):
        note_reading(dispute_id, merchant_id, actor=here.actor)
        row: AttachmentRow = (
            case_file_of(_case_of(dispute_id), file_id) if source == "case" else file_of(dispute_id, file_id)
        )
    return serve_attachment(row, request)


def take_bundle(request: HttpRequest, dispute_id: UUID) -> HttpResponseBase:
    """The case as a ZIP that stands by itself. That it was taken is kept."""
    here = operator_of(request)
    if here is None or not here.may_act:
        raise NotAllowed()
    merchant_id = merchant_of(dispute_id)
    with merchant_scope(merchant_id):
        found = gather(_case_of(dispute_id))
        about = ("dispute", dispute_id)
        note_deed("dispute.export", about, actor=here.actor, reason="arbitration", merchant_id=merchant_id)
    name = f"case-{found.case.order_number}.zip"
    return FileResponse(bundle(found, named), as_attachment=True, filename=name)


def named(sort: str, code: str) -> str:
    """The bundle's words."""
    if sort == "kind":
        return str(KINDS.get(code, code))
    if sort == "rule":
        return f"{RULES[code][0]} ({RULE_SOURCES[code]})" if code in RULES else code
    if sort == "reason":
        return reason_words("", code)
    prefix = {"state": "case.", "side": "side.", "step": "step.", "outcome": "outcome."}.get(sort, "")
    return word(f"{prefix}{code}").removeprefix(prefix)


def _case_of(dispute_id: UUID) -> UUID:
    from tongdao.trade.disputes.models import Dispute

    return Dispute.objects.values_list("aftersale_id", flat=True).get(pk=dispute_id)


def _facts(found: Arbitration) -> list[Fact]:
    case, dispute = found.case, found.dispute.row
    name = names_of({found.merchant_id}).get(found.merchant_id, "")
    asked = yuan(case.row.asked_fen) if case.row.asked_fen else ""
    facts = [
        Fact(_("State"), word(f"dispute.{dispute.state}"), "info", note=_by(found)),
        Fact(_("Merchant"), name, url=reverse("operator:merchant", args=[found.merchant_id])),
        Fact(_("Called by"), word(f"side.{dispute.opened_by}"), note=moment(dispute.opened_at)),
        Fact(_("The buyer wants"), KINDS[case.row.kind], note=reason_words(case.row.kind, case.row.reason)),
        Fact(_("Where the case stands"), word(f"case.{case.row.state}")),
        Fact(
            _("Granting it gives back"),
            f"¥{yuan(case.worth_fen)}" if case.worth_fen else "—",
            note=_("¥%(amount)s was asked for") % {"amount": asked} if asked else "",
        ),
        Fact(_("This buyer's other cases here"), _counted(found.earlier, "case")),
        Fact(_("This merchant's other rulings"), _counted(found.ruled, "outcome")),
    ]
    if case.row.refused_as:
        refused = SELLER_REFUSALS.get(case.row.refused_as, case.row.refused_as)
        facts.append(Fact(_("The shop refused because"), refused, "warning"))
    return facts


def _by(found: Arbitration) -> str:
    dispute = found.dispute.row
    if dispute.state == "open" and not found.dispute.may_rule:
        return _("both sides may state their case until %(at)s") % {"at": moment(dispute.answer_by)}
    return _("until %(at)s") % {"at": moment(dispute.due_at)} if dispute.due_at else ""


def _counted(found: Mapping[str, int], prefix: str) -> str:
    return joined(f"{word(f'{prefix}.{code}')} {count}" for code, count in found.items()) or "—"


def _grids(found: Arbitration) -> list[Grid]:
    kind = found.case.row.kind
    goods = [
        [
            f"{item.title} {item.option_text}",
            f"{item.quantity} / {item.bought}",
            f"¥{yuan(item.paid_fen)}",
            promised_text(promise_of(item.promised), None),
        ]
        for item in found.case.items
    ]
    scans = [
        [moment(scan.at), f"{parcel.carrier_name} {parcel.waybill_no}", scan.area, scan.text]
        for parcel in found.parcels
        for scan in parcel.scans
    ]
    if back := found.case.track:
        way = f"{back.carrier_name} {back.waybill_no} ({_('the way back')})"
        scans += [[moment(scan.at), way, scan.area, scan.text] for scan in back.scans]
    spoken = [
        [moment(said.at), word(f"side.{said.side.value}"), _words(said.text, said.files)]
        for said in found.spoken
    ]
    log = [
        [moment(each.at), word(each.name), word(f"actor.{each.actor}"), _reason(kind, each)]
        for each in found.log
    ]
    paid = (_("Goods"), _("Units"), _("Amount paid"), _("Promised then"))
    carried = (_("When"), _("Parcel"), _("At which place"), _("What the carrier says"))
    return [
        Grid(_("Goods, with what was promised when they were bought"), paid, goods),
        Grid(_("Parcels"), carried, scans),
        Grid(_("Conversation between buyer and shop"), (_("When"), _("Who"), _("Words")), spoken),
        Grid(_("Every step, from the log"), (_("When"), _("Event"), _("By"), _("Reason")), log),
    ]


def _words(text: str, files: int) -> str:
    return joined(filter(None, [text, _("%(count)d files") % {"count": files} if files else ""]))


def _reason(kind: str, told: Told) -> str:
    """Of the rule, the shop's or the buyer's: the same code means another thing in each."""
    if told.name == "dispute.ruled" and told.reason in RULES:
        return str(RULES[told.reason][0])
    if told.name == "after_sale.moved" and told.reason in SELLER_REFUSALS:
        return str(SELLER_REFUSALS[told.reason])
    return word(told.reason) if told.reason == "time_over" else reason_words(kind, told.reason)


def _speeches(found: Arbitration) -> list[Speech]:
    """Of the case, then to the arbiter, as it was said."""
    dispute_id = found.dispute.row.id
    return [
        Speech(
            word(f"side.{each.side}"),
            word(f"step.{each.step}"),
            each.text,
            moment(each.said_at),
            str(each.side),
            _files(dispute_id, source, each.files),
        )
        for source, spoken in (("case", found.case.words), ("dispute", found.dispute.statements))
        for each in spoken
    ]


def _files(dispute_id: UUID, source: str, files: Iterable[AttachmentRow]) -> list[dict[str, Any]]:
    return [
        {
            "url": reverse("operator:dispute_file", args=[dispute_id, source, row.pk]),
            "type": row.type,
            "width": row.width,
            "height": row.height,
            "video": row.type.startswith("video/"),
            "sha256": row.sha256,
        }
        for row in files
        if row.file
    ]


def _ruling(row: Ruling) -> dict[str, Any]:
    return {
        "round": row.round,
        "outcome": OUTCOMES[row.outcome],
        "rule": f"{RULES[row.rule][0]} ({RULE_SOURCES[row.rule]})",
        "text": row.text,
        "at": moment(row.ruled_at),
        "goods_back": row.goods_back,
        "fen": row.goods_fen,
    }


def _ways(found: Arbitration) -> list[Way]:
    key = found.dispute.row.id
    ways = [
        Way(reverse("operator:dispute_bundle", args=[key]), _("Take it with you (ZIP)"), "folder_zip"),
    ]
    if found.dispute.may_rule:
        ways.insert(0, act_way("dispute_rule", _("Decide"), key, icon="gavel"))
    return ways
