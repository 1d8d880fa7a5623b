"""A batch and a payout as their pages tell them."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Step
from tongdao.faces.lists.payout_words import PAYOUT_STATES, REJECT_REASONS, TRANSFER_STATES, transfer_problem
from tongdao.party.merchants.models import StaffMember
from tongdao.party.merchants.permissions import rights_in
from tongdao.rewards.settlement.models import Payout, PayoutBatch, Transfer
from tongdao.rewards.settlement.queries.desk import BatchTotals, Sending, rejected_for
from tongdao.rulebook.wechat import TRANSFER_CONFIRM

DRAWN = ("paid", "partly", "approved", "claimed", "returned")  # states of payouts, in the order of the bar


def approvers(batch: PayoutBatch) -> list[str]:
    """Names of those who may approve it."""
    rows = StaffMember.objects.filter(left_at__isnull=True).exclude(person_id=batch.proposed_by)
    may = [
        row.person_id
        for row in rows.select_related("custom")
        if "payouts.approve" in rights_in(row.role, row.custom).permissions
    ]
    names = shown_names(may)
    return sorted(names.get(id, _("a colleague without a name")) for id in may)


def batch_bar(totals: BatchTotals) -> list[tuple[str, int]]:
    """For the kit's drawing: how much of it is where."""
    told = []
    for state in DRAWN:
        found = totals.of(state)
        if found.payouts:
            label = f"{PAYOUT_STATES[state][0]} · {_people(found.payouts)}"
            told.append((label, int(found.fen)))
    return told


def _people(count: int) -> str:
    return ngettext("%(count)d payout", "%(count)d payouts", count) % {"count": count}


def batch_steps(batch: PayoutBatch, totals: BatchTotals) -> list[Step]:
    """Proposed, decided, arrived."""
    names = shown_names([batch.proposed_by, batch.decided_by])
    whole = _("%(count)s, ¥%(amount)s together") % {
        "count": _people(totals.payouts),
        "amount": yuan(totals.fen),
    }
    first = _("Proposed by %(name)s") % {"name": names.get(batch.proposed_by, "—")}
    return [Step(first, "done", whole, batch.proposed_at), *_decided(batch, names), *_arriving(batch, totals)]


def _decided(batch: PayoutBatch, names: dict[UUID, str]) -> list[Step]:
    if batch.state == "proposed":
        return [Step(_("Somebody else approves it"), "current", _("Nothing is sent before that."))]
    if batch.state == "approved":
        name = names.get(batch.decided_by, "—") if batch.decided_by else "—"
        return [Step(_("Approved by %(name)s") % {"name": name}, "done", "", batch.decided_at)]
    why = str(REJECT_REASONS.get(rejected_for(batch.id), ""))
    title = _("Taken back by who proposed it")
    if batch.decided_by:
        title = _("Rejected by %(name)s") % {"name": names.get(batch.decided_by, "—")}
    return [Step(title, "done", why, batch.decided_at)]


def _arriving(batch: PayoutBatch, totals: BatchTotals) -> list[Step]:
    if batch.state == "rejected":
        return [Step(_("The commissions are due again"), "done")]
    paid, partly, back = totals.of("paid"), totals.of("partly"), totals.of("returned")
    told = _("%(paid)d of %(all)d payouts have arrived, ¥%(amount)s") % {
        "paid": paid.payouts,
        "all": totals.payouts,
        "amount": yuan(totals.arrived_fen),
    }
    if back.payouts:
        told = _("%(told)s; %(count)s not paid, due again") % {"told": told, "count": _people(back.payouts)}
    if partly.payouts:
        told = _("%(told)s; %(count)s paid in part") % {"told": told, "count": _people(partly.payouts)}
    if batch.state == "proposed":
        return [Step(_("The money arrives"), "next")]
    over = paid.payouts + totals.of("partly").payouts + back.payouts == totals.payouts
    return [
        Step(
            _("The money has arrived") if over else _("The money arrives"),
            "done" if over else "current",
            told,
        )
    ]


def payout_steps(payout: Payout, sending: Sending) -> list[Step]:
    """Proposed, approved, each part, over."""
    batch = payout.batch
    steps = [Step(_("Proposed"), "done", "", batch.proposed_at)]
    if payout.state == "claimed":
        return [*steps, Step(_("Somebody else approves it"), "current"), Step(_("The money arrives"), "next")]
    if batch.state == "approved":
        steps.append(Step(_("Approved"), "done", "", batch.decided_at))
    steps += [_part(row, len(sending.transfers)) for row in sending.transfers]
    match payout.state:
        case "paid":
            steps.append(Step(_("All of it has arrived"), "done", payout.proof, payout.ended_at))
        case "partly":
            told = _("¥%(amount)s have arrived") % {"amount": yuan(sending.arrived_fen)}
            steps.append(Step(_("Over: what did not arrive is due again"), "done", told, payout.ended_at))
        case "returned":
            steps.append(Step(_("Not paid: the commissions are due again"), "done", "", payout.ended_at))
        case _ if payout.way == "bank":
            steps.append(Step(_("Somebody of the shop pays it at the bank"), "current"))
        case _:
            steps.append(Step(_("All of it has arrived"), "next"))
    return steps


def _part(row: Transfer, parts: int) -> Step:
    words = str(TRANSFER_STATES[row.state][0])
    title = f"¥{yuan(row.amount_fen)} · {words}"
    if parts > 1:
        title = _("Part %(number)d: %(title)s") % {"number": row.part, "title": title}
    open_ = row.state in ("created", "accepted", "waiting")
    until = row.created_at + TRANSFER_CONFIRM.on(row.created_at) if row.state == "waiting" else None
    problem = transfer_problem(row.problem) if row.state != "paid" else ""
    return Step(title, "current" if open_ else "done", problem, row.ended_at, until)


def can_send(payout: Payout, sending: Sending) -> bool:
    """There is a part that came to nothing, or none was made because the payee was unknown."""
    waits = payout.state == "approved" and payout.way == "wechat"
    return waits and (sending.stuck or not sending.transfers)


def can_give_up(payout: Payout, sending: Sending) -> bool:
    return payout.state == "approved" and not sending.open
