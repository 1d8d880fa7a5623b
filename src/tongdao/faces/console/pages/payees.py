"""Under which name and by which way promoters are paid, and comparing that with papers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.typed import text
from tongdao.faces.kit.shapes import Cell
from tongdao.faces.lists.nouns.payouts import mask_card
from tongdao.faces.lists.payout_words import PAYEE_STATES, WAYS
from tongdao.foundation.pii import mask_name
from tongdao.foundation.refusals import NotFound
from tongdao.party.network.models import Promoter
from tongdao.rewards.settlement.models import Payee
from tongdao.rewards.settlement.operations import Revealed, check_payee, unmask_payee
from tongdao.rewards.settlement.refusals import PayeeChanged


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(
        _("Nobody has said how to be paid"),
        _("Promoters say on their own pages under which name and by which way they are paid."),
        "people",
    )
    return listing.show(desk, "payees", empty)


def one(desk: Desk, promoter_id: UUID) -> HttpResponse:
    return _page(desk, promoter_id, None)


def unmask(desk: Desk, promoter_id: UUID) -> HttpResponse:
    """Shown this once and on record; a reload asks again."""
    return _page(desk, promoter_id, unmask_payee(promoter_id, actor=desk.actor))


def check(desk: Desk, promoter_id: UUID) -> HttpResponse:
    """What was looked at is what is checked: `seen` says when it was said."""
    check_payee(promoter_id, seen=_moment(text(desk.request.POST, "seen", 40)), actor=desk.actor)
    return desk.done(_("Name and card are checked."), "payee", promoter_id=promoter_id)


def _moment(typed: str) -> datetime:
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        raise PayeeChanged() from None
    if found.tzinfo is None:
        raise PayeeChanged()
    return found


def _page(desk: Desk, promoter_id: UUID, full: Revealed | None) -> HttpResponse:
    payee = Payee.objects.filter(promoter_id=promoter_id).first()
    if payee is None:
        raise NotFound()
    name = Promoter.objects.values_list("shown_name", flat=True).get(pk=promoter_id)
    words, tone = PAYEE_STATES["checked" if payee.checked_at else "waiting"]
    context = {
        "crumbs": [
            desk.crumb(_("Payouts"), "payout_batches"),
            desk.crumb(_("Payees"), "payees"),
            desk.crumb(name),
        ],
        "words": str(words),
        "tone": tone,
        "facts": _facts(payee, full),
        "full": full,
        "may_check": desk.may("money.move"),
        "checked": payee.checked_at is not None,
        "seen": full.said_at.isoformat() if full and full.said_at else "",
        "unmask_url": desk.url("payee_unmask", promoter_id=promoter_id),
        "check_url": desk.url("payee_check", promoter_id=promoter_id),
        "by_bank": payee.way == "bank",
    }
    return desk.show("payee", name, context)


def _facts(payee: Payee, full: Revealed | None) -> list[Cell]:
    card = payee.card or ""
    facts = [
        Cell(full.real_name if full else mask_name(payee.real_name), _("Real name")),
        Cell(str(WAYS[payee.way]), _("Paid by")),
    ]
    if payee.way == "bank":
        facts.append(Cell(payee.bank, _("Bank")))
        facts.append(Cell(full.card if full else mask_card(card), _("Card")))
    facts.append(Cell(payee.said_at, _("Said on"), "time"))
    if payee.checked_at and payee.checked_by:
        names = shown_names([payee.checked_by])
        facts.append(Cell(payee.checked_at, _("Checked on"), "time"))
        facts.append(Cell(names.get(payee.checked_by, "—"), _("Checked by")))
    return facts
