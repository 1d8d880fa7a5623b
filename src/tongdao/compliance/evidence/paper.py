"""The case as a paper to read and print. The face that asks for it gives the words (`Naming`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from html import escape
from io import BytesIO

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from tongdao.compliance.evidence.gathering import Evidence
from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.money import format_yuan
from tongdao.trade.aftersales.queries import CaseWord
from tongdao.trade.disputes.queries import Said
from tongdao.trade.orders.promises import promise_of
from tongdao.trade.story.promised import promised_text

Naming = Callable[[str, str], str]
"""(what sort of code, code) → words: kind, reason, state, side, step, outcome, rule, event, actor."""

FONT = "STSong-Light"  # Adobe's own Chinese font: a reader brings it, and nothing has to be shipped
INK, LINE = HexColor("#1d1d1b"), HexColor("#cbc7bb")
TITLE = ParagraphStyle("title", fontName=FONT, fontSize=17, leading=24, textColor=INK)
HEAD = ParagraphStyle("head", fontName=FONT, fontSize=12, leading=18, spaceBefore=12, textColor=INK)
TEXT = ParagraphStyle("text", fontName=FONT, fontSize=9, leading=14, textColor=INK, wordWrap="CJK")
Rows = Iterable[Sequence[object]]


def paper(found: Evidence, naming: Naming, sums: Sequence[tuple[str, str]]) -> bytes:
    """A PDF. `sums`: (name in the bundle, SHA-256 in hex) of what goes with it."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = BytesIO()
    title = _("Case about order %(number)s") % {"number": found.case.order_number}
    margins = {"leftMargin": 18 * mm, "rightMargin": 18 * mm, "topMargin": 16 * mm, "bottomMargin": 16 * mm}
    document = SimpleDocTemplate(out, pagesize=A4, title=title, author=found.merchant_name, **margins)
    document.build([_line(title, TITLE), *_body(found, naming, sums)])
    return out.getvalue()


def _body(found: Evidence, naming: Naming, sums: Sequence[tuple[str, str]]) -> Iterable[Flowable]:
    yield from _facts(found, naming)
    yield from _table(_("Goods"), _goods(found))
    yield from _table(_("What the sides said"), _words(found, naming))
    if found.dispute:
        rulings = (
            (_moment(row.ruled_at), naming("outcome", row.outcome), naming("rule", row.rule), row.text)
            for row in found.dispute.rulings
        )
        yield from _table(_("Rulings"), rulings)
    yield from _table(_("Parcels"), _scans(found))
    yield from _table(_("Conversation between buyer and shop"), _spoken(found, naming))
    told = (
        (_moment(row.at), naming("event", row.name), naming("actor", row.actor_kind)) for row in found.events
    )
    yield from _table(_("Every step, from the log"), told)
    yield from _table(_("Postings in the books"), _postings(found))
    days = ((day["day"], day["seal"] or _("not sealed yet")) for day in found.days)
    yield from _table(_("Seals of the booking days (SHA-256)"), days)
    yield from _table(_("Files of this bundle (SHA-256)"), sums)


def _facts(found: Evidence, naming: Naming) -> Iterable[Flowable]:
    row = found.case.row
    facts = [
        (_("Merchant"), found.merchant_name),
        (_("The buyer wants"), f"{naming('kind', row.kind)} · {naming('reason', row.reason)}"),
        (_("State"), naming("state", row.state)),
        (_("Opened on"), _moment(row.opened_at)),
        *_deadlines(found),
        (_("Given back"), f"¥{format_yuan(found.case.back_fen)}"),
        (_("Made on"), _moment(found.made_at)),
    ]
    yield from _table("", facts)


def _deadlines(found: Evidence) -> Iterable[tuple[str, str]]:
    """Those that run, and until when the sides could state their case."""
    if found.case.row.due_at:
        yield _("To be done by"), _moment(found.case.row.due_at)
    if found.dispute:
        yield _("Statements until"), _moment(found.dispute.row.answer_by)
        if found.dispute.row.due_at:
            yield _("The platform's own deadline"), _moment(found.dispute.row.due_at)


def _goods(found: Evidence) -> Rows:
    for item in found.case.items:
        promised = promised_text(promise_of(item.promised), None)
        units = f"{item.quantity} / {item.bought}"
        yield f"{item.title} {item.option_text}", units, f"¥{format_yuan(item.paid_fen)}", promised


def _words(found: Evidence, naming: Naming) -> Rows:
    spoken: list[CaseWord | Said] = [*found.case.words, *(found.dispute.statements if found.dispute else ())]
    for each in spoken:
        who = f"{naming('side', each.side)} · {naming('step', each.step)}"
        yield _moment(each.said_at), who, each.text, _shown(each.files)


def _spoken(found: Evidence, naming: Naming) -> Rows:
    for row in found.messages:
        files = _shown(found.message_files.get(row.id, ()))
        yield _moment(row.at), naming("side", str(row.side)), row.text or "", files


def _scans(found: Evidence) -> Rows:
    for parcel in found.parcels:
        for scan in reversed(parcel.scans):
            yield _moment(scan.at), f"{parcel.carrier_name} {parcel.waybill_no}", scan.text
    if back := found.case.track:
        for scan in reversed(back.scans):
            yield _moment(scan.at), f"{back.carrier_name} {back.waybill_no}", scan.text


def _postings(found: Evidence) -> Rows:
    for each in found.transactions:
        for line in each.postings:
            moved = f"{line.source.code} → {line.destination.code}"
            yield _moment(each.at), each.kind, moved, f"¥{format_yuan(line.amount)}"


def _shown(files: Iterable[AttachmentRow]) -> str:
    return " ".join(row.sha256[:16] for row in files)


def _table(title: str, rows: Rows) -> Iterable[Flowable]:
    cells = [[_line(str(cell), TEXT) for cell in row] for row in rows]
    if not cells:
        return
    if title:
        yield _line(title, HEAD)
    widths = [174 * mm / len(cells[0])] * len(cells[0])
    table = Table(cells, colWidths=widths, splitInRow=1)
    table.setStyle(
        TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    )
    yield table
    yield Spacer(0, 2 * mm)


def _line(text: str, style: ParagraphStyle) -> Paragraph:
    """What people wrote is text, never markup."""
    return Paragraph(escape(text).replace("\n", "<br/>"), style)


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "Y-m-d H:i")
