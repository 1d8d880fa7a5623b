"""What staff do with an after-sale case and before the platform. Each ends on the case's page."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from tongdao.compliance.evidence.bundling import bundle as bundled
from tongdao.compliance.evidence.taking import take_evidence
from tongdao.faces.console.bundle_words import named
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.money_effects import amount_seen
from tongdao.faces.console.typed import identifier, text, whole
from tongdao.faces.kit.money_text import yuan
from tongdao.foundation.attachments import Kept
from tongdao.foundation.refusals import NotFound
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.models.asking import MOST_LETTERS
from tongdao.trade.aftersales.operations import (
    add_words,
    agree_to_case,
    grant_case,
    receive_return,
    refuse_case,
    ship_replacement,
)
from tongdao.trade.aftersales.posting import post
from tongdao.trade.aftersales.refusals import CaseWordsMissing, UnitsToStockWrong
from tongdao.trade.disputes.models import MOST_LETTERS as MOST_STATED
from tongdao.trade.disputes.models import Dispute, StatementFile
from tongdao.trade.disputes.operations import (
    accept_ruling,
    appeal,
    concede,
    drop_dispute,
    open_dispute,
    state_case,
)
from tongdao.trade.disputes.operations.conceding import goods_first
from tongdao.trade.disputes.queries import dispute_of

PREFIX = "stock."
SELLER = Side.SELLER


def agree(desk: Desk, case_id: UUID) -> HttpResponse:
    agree_to_case(case_id, text=_words(desk), actor=desk.actor)
    return _done(desk, case_id, _("Agreed. The buyer reads where to send it, and by when."))


def grant(desk: Desk, case_id: UUID) -> HttpResponse:
    """Just the amount that stood on the button."""
    case = grant_case(case_id, text=_words(desk), expected=amount_seen(desk.request.POST), actor=desk.actor)
    told = _("¥%(amount)s is on its way back to the buyer.") % {"amount": yuan(case.back_fen)}
    return _done(desk, case_id, told)


def refuse(desk: Desk, case_id: UUID) -> HttpResponse:
    reason, words = text(desk.request.POST, "reason", 24), _words(desk)

    def act(kept: Sequence[Kept]) -> AfterSale:
        return refuse_case(case_id, reason, text=words, files=kept, actor=desk.actor)

    post(desk.merchant_id, act, desk.request.FILES.getlist("files"))
    return _done(desk, case_id, _("Refused. The buyer reads why, and may call the platform."))


def receive(desk: Desk, case_id: UUID) -> HttpResponse:
    """`stock.LINE`: how many units of it can be sold again."""
    receive_return(case_id, _units(desk), actor=desk.actor)
    return _done(desk, case_id, _("Noted: the goods are back. Look at them, then decide."))


def _units(desk: Desk) -> dict[UUID, int]:
    typed, units = desk.request.POST, {}
    for name in typed:
        line = identifier(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
        if line is None:
            continue
        count = whole(text(typed, name, 8) or "0")
        if count is None:
            raise UnitsToStockWrong()
        units[line] = count
    return units


def replace(desk: Desk, case_id: UUID) -> HttpResponse:
    posted = desk.request.POST
    ship_replacement(case_id, text(posted, "carrier", 24), text(posted, "waybill_no", 60), actor=desk.actor)
    return _done(desk, case_id, _("Noted: the replacement is on its way. The buyer is told."))


def say(desk: Desk, case_id: UUID) -> HttpResponse:
    words, files = _words(desk), desk.request.FILES.getlist("files")
    if not words and not files:
        raise CaseWordsMissing()

    def act(kept: Sequence[Kept]) -> None:
        add_words(case_id, words, kept, side=SELLER, actor=desk.actor, key=_key(desk))

    post(desk.merchant_id, act, files)
    return _done(desk, case_id, _("Sent: the buyer reads it with the case."))


def call(desk: Desk, case_id: UUID) -> HttpResponse:
    words = _stated(desk)

    def act(kept: Sequence[Kept]) -> Dispute:
        return open_dispute(case_id, words, kept, side=SELLER, actor=desk.actor)

    post(desk.merchant_id, act, desk.request.FILES.getlist("files"), keeps=StatementFile)
    return _done(desk, case_id, _("The platform is called. Until it rules, the case's clock stands still."))


def state(desk: Desk, case_id: UUID) -> HttpResponse:
    dispute_id, words = _dispute_id(desk, case_id), _stated(desk)

    def act(kept: Sequence[Kept]) -> None:
        state_case(dispute_id, words, kept, side=SELLER, actor=desk.actor, key=_key(desk))

    post(desk.merchant_id, act, desk.request.FILES.getlist("files"), keeps=StatementFile)
    return _done(desk, case_id, _("Sent: the arbiter reads it, and the buyer."))


def contest(desk: Desk, case_id: UUID) -> HttpResponse:
    """Appeal."""
    dispute_id, words = _dispute_id(desk, case_id), _stated(desk)

    def act(kept: Sequence[Kept]) -> Dispute:
        return appeal(dispute_id, words, kept, side=SELLER, actor=desk.actor, key=_key(desk))

    post(desk.merchant_id, act, desk.request.FILES.getlist("files"), keeps=StatementFile)
    return _done(desk, case_id, _("Appealed. Another arbiter looks, and that ruling stands."))


def accept(desk: Desk, case_id: UUID) -> HttpResponse:
    found = dispute_of(case_id)
    if found is None:
        raise NotFound()
    accept_ruling(found.row.id, side=SELLER, actor=desk.actor)
    return _done(desk, case_id, _("Accepted. The ruling is carried out."))


def drop(desk: Desk, case_id: UUID) -> HttpResponse:
    found = dispute_of(case_id)
    if found is None:
        raise NotFound()
    drop_dispute(found.row.id, side=SELLER, actor=desk.actor)
    return _done(desk, case_id, _("The platform is not needed any more. The case's clock runs again."))


def give_in(desk: Desk, case_id: UUID) -> HttpResponse:
    """Just the amount that stood on the button, where money goes."""
    found = dispute_of(case_id)
    if found is None:
        raise NotFound()
    seen = None if goods_first(found.row.aftersale) else amount_seen(desk.request.POST)
    concede(found.row.id, side=SELLER, actor=desk.actor, expected=seen)
    return _done(desk, case_id, _("You have given in. The case goes on as the buyer asked."))


def bundle(desk: Desk, case_id: UUID) -> FileResponse:
    """The case as a ZIP that stands by itself: what this desk may see of it. That it was taken is kept."""
    with desk.scope():
        found = take_evidence(case_id, with_postings=desk.may("money.read"), actor=desk.actor)
    name = f"case-{found.case.order_number}.zip"
    return FileResponse(bundled(found, named), as_attachment=True, filename=name)


def _dispute_id(desk: Desk, case_id: UUID) -> UUID:
    with desk.scope():
        found = dispute_of(case_id)
    if found is None:
        raise NotFound()
    return found.row.id


def _key(desk: Desk) -> str:
    """Of this sending of the form."""
    return text(desk.request.POST, "key", 64)


def _words(desk: Desk) -> str:
    return text(desk.request.POST, "text", MOST_LETTERS + 100)


def _stated(desk: Desk) -> str:
    return text(desk.request.POST, "text", MOST_STATED + 100)


def _done(desk: Desk, case_id: UUID, told: str) -> HttpResponse:
    return desk.done(told, "case", case_id=case_id)
