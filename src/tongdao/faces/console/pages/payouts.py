"""Batches of payouts: who would be paid is looked at, proposed, and approved by somebody else."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongdao.faces.console import listing
from tongdao.faces.console.cells import table_html
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.payouts import MinimumForm
from tongdao.faces.console.reading.payouts import approvers, batch_bar, batch_steps
from tongdao.faces.console.typed import text, whole
from tongdao.faces.kit.money_text import yuan, yuan_plain
from tongdao.faces.kit.shapes import Action, Cell, Choice, Column, Row
from tongdao.faces.lists.nouns.payouts import PAYOUTS
from tongdao.faces.lists.payout_words import BATCH_STATES, HINDRANCES, REJECT_REASONS, WAYS
from tongdao.faces.lists.reading import items_of
from tongdao.party.merchants.operations import set_payout_minimum
from tongdao.party.merchants.queries import payout_minimum
from tongdao.rewards.settlement.models import Payout, PayoutBatch, Transfer
from tongdao.rewards.settlement.operations import approve_batch, propose_batch, reject_batch
from tongdao.rewards.settlement.queries.desk import BatchTotals, batch_row, batch_totals
from tongdao.rewards.settlement.queries.due import Due, Preview, preview_batch
from tongdao.rewards.settlement.refusals import NotYourProposal, PayoutsChanged

SHOWN = ("promoter", "amount", "way", "state", "arrived", "problem")


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(
        _("Nothing was paid out yet"),
        _("Commissions that are due are paid out together: one of you proposes, another one approves."),
        "money",
    )
    actions = [Action(_("All payouts"), desk.url("payouts")), Action(_("Payees"), desk.url("payees"))]
    if desk.may("payouts.approve"):
        actions.append(Action(_("Minimum"), desk.url("payout_minimum")))
    if desk.may("money.move"):
        actions.append(Action(_("Propose payouts"), desk.url("payout_new"), kind="primary", icon="plus"))
    return listing.show(desk, "payout_batches", empty, actions=actions)


def preview(desk: Desk) -> HttpResponse:
    found = preview_batch(payout_minimum())
    context = {
        "crumbs": [desk.crumb(_("Payouts"), "payout_batches"), desk.crumb(_("Propose payouts"))],
        "found": found,
        "fen": found.fen,
        "by_way": _by_way(found),
        "strangers": sum(row.unknown and row.way == "wechat" for row in found.ready),
        "columns": [Column(_("Promoter")), *_money_columns(), Column(pgettext("payouts", "By"))],
        "rows": [_ready(row) for row in found.ready],
        "other_columns": [Column(_("Promoter")), *_money_columns(), Column(_("Why not now"))],
        "others": [_other(row) for row in found.others],
        "debts": [_debt(name, fen) for _id, name, fen in found.debts],
        "minimum_url": desk.url("payout_minimum") if desk.may("payouts.approve") else "",
        "payees_url": f"{desk.url('payees')}?state=waiting",
        "back_url": desk.url("payout_batches"),
    }
    return desk.show("payout_new", _("Propose payouts"), context)


def _money_columns() -> list[Column]:
    return [Column(_("Order lines"), num=True), Column(_("Amount"), num=True)]


def _by_way(found: Preview) -> list[tuple[str, int]]:
    """For the drawing: how much by which way."""
    sums: dict[str, int] = {}
    for row in found.ready:
        sums[row.way] = sums.get(row.way, 0) + row.fen
    return [(str(WAYS[way]), fen) for way, fen in sums.items()]


def _cells(row: Due) -> list[Cell]:
    return [
        Cell(row.name),
        Cell(row.lines, _("Order lines"), "num"),
        Cell(int(row.fen), _("Amount"), "money"),
    ]


def _ready(row: Due) -> Row:
    way = str(WAYS[row.way])
    if row.unknown:
        way = _("%(way)s, once they have opened the shop there") % {"way": way}
    return Row([*_cells(row), Cell(way, pgettext("payouts", "By"))], label=row.name)


def _other(row: Due) -> Row:
    why, then = HINDRANCES[row.hindrance]
    told = _("%(why)s. %(then)s") % {"why": why, "then": then}
    return Row([*_cells(row), Cell(told, _("Why not now"), "muted")], label=row.name)


def _debt(name: str, fen: int) -> Row:
    told = _("Owes it back for goods that were given back; it is kept from the next commission.")
    cells = [Cell(name), Cell("—", _("Order lines"), "muted"), Cell(-int(fen), _("Amount"), "money")]
    return Row([*cells, Cell(told, _("Why not now"), "muted")], label=name)


def propose(desk: Desk) -> HttpResponse:
    """Just what was looked at, or nothing."""
    if "fen" not in desk.request.POST:
        return redirect(desk.url("payout_new"))
    batch = propose_batch(payout_minimum(), actor=desk.actor)
    totals = batch_totals([batch.id])[batch.id]
    typed = desk.request.POST
    seen = (whole(text(typed, "count", 8)), text(typed, "fen", 18))
    if seen != (totals.payouts, str(totals.fen)):
        raise PayoutsChanged()
    done = _("Proposed. Now somebody else has to look and approve it.")
    return desk.done(done, "payout_batch", payout_batch_id=batch.id)


def one(desk: Desk, payout_batch_id: UUID) -> HttpResponse:
    batch = batch_row(payout_batch_id)
    totals = batch_totals([batch.id])[batch.id]
    rows = list(Payout.objects.filter(batch=batch).order_by("-amount_fen", "id"))
    columns = PAYOUTS.chosen(SHOWN)
    words, tone = BATCH_STATES[batch.state]
    if batch.state == "rejected" and not batch.decided_by:
        words, tone = pgettext("payouts", "Taken back"), ""  # type: ignore[assignment]  # a text as good as a lazy one
    open_, own = batch.state == "proposed", batch.proposed_by == desk.person_id
    url = {
        name: desk.url(f"payout_{name}", payout_batch_id=batch.id)
        for name in ("approve", "reject", "withdraw")
    }
    context = {
        "crumbs": [desk.crumb(_("Payouts"), "payout_batches"), desk.crumb(_("Batch"))],
        "title": _("%(count)d payouts, ¥%(amount)s") % {"count": totals.payouts, "amount": yuan(totals.fen)},
        "words": str(words),
        "tone": tone,
        "bar": batch_bar(totals),
        "steps": batch_steps(batch, totals),
        "table": table_html(desk, PAYOUTS, columns, items_of(PAYOUTS, rows, columns)),
        "effects": _effects(batch, rows) if open_ else [],
        "fen": totals.fen,
        "open": open_,
        "own": own,
        "approvers": approvers(batch) if open_ and own else [],
        "approve_url": url["approve"] if open_ and not own and desk.may("payouts.approve") else "",
        "reject_url": url["reject"] if open_ and not own and desk.may("payouts.approve") else "",
        "withdraw_url": url["withdraw"] if open_ and own and desk.may("money.move") else "",
        "reasons": [Choice(code, str(label)) for code, label in REJECT_REASONS.items()],
        "moving": _moving(batch, totals),
    }
    return desk.show("payout_batch", context["title"], context)


def _moving(batch: PayoutBatch, totals: BatchTotals) -> bool:
    """Something of it changes by itself within seconds."""
    waits = batch.state == "approved" and bool(totals.of("approved").payouts)
    return waits and Transfer.objects.filter(payout__batch=batch, state__in=["created", "accepted"]).exists()


def _effects(batch: PayoutBatch, rows: list[Payout]) -> list[str]:
    """What approving does, in numbers."""
    sums = {way: [row.amount_fen for row in rows if row.way == way] for way in WAYS}
    told = []
    if sums["wechat"]:
        text_ = _(
            "¥%(amount)s leaves your account at the channel for %(count)d promoters, who take it in WeChat."
        )
        told.append(text_ % {"amount": yuan(sum(sums["wechat"])), "count": len(sums["wechat"])})
    if sums["bank"]:
        text_ = _("¥%(amount)s for %(count)d promoters is paid by you at the bank, one by one.")
        told.append(text_ % {"amount": yuan(sum(sums["bank"])), "count": len(sums["bank"])})
    return told


def approve(desk: Desk, payout_batch_id: UUID) -> HttpResponse:
    approve_batch(payout_batch_id, actor=desk.actor)
    done = _("Approved. What goes by WeChat is sent in a moment.")
    return desk.done(done, "payout_batch", payout_batch_id=payout_batch_id)


def reject(desk: Desk, payout_batch_id: UUID) -> HttpResponse:
    reason = text(desk.request.POST, "reason", 24) or "other"
    reject_batch(payout_batch_id, reason=reason, actor=desk.actor)
    done = _("Rejected. The commissions are due again.")
    return desk.done(done, "payout_batch", payout_batch_id=payout_batch_id)


def withdraw(desk: Desk, payout_batch_id: UUID) -> HttpResponse:
    if batch_row(payout_batch_id).proposed_by != desk.person_id:
        raise NotYourProposal()
    reject_batch(payout_batch_id, actor=desk.actor)
    done = _("Taken back. The commissions are due again.")
    return desk.done(done, "payout_batch", payout_batch_id=payout_batch_id)


def minimum(desk: Desk) -> HttpResponse:
    context = {
        "crumbs": [desk.crumb(_("Payouts"), "payout_batches"), desk.crumb(_("Minimum"))],
        "form": desk.blank(MinimumForm, initial={"least": yuan_plain(payout_minimum())}),
        "back_url": desk.url("payout_batches"),
    }
    return desk.show("payout_minimum", _("From how much on is paid out"), context)


def set_minimum(desk: Desk) -> HttpResponse:
    least = desk.read(MinimumForm(desk.request.POST)).cleaned_data["least"]
    set_payout_minimum(least, actor=desk.actor)
    done = _("Saved. It holds from the next proposal on; promoters see it.")
    return desk.done(done, "payout_batches")
