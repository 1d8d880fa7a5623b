"""Payouts, the batches that they are in, and whom they go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongdao.faces.lists.filters import Amount, Choice, Dates, cases, coded
from tongdao.faces.lists.payout_words import (
    BATCH_STATES,
    PAYEE_STATES,
    PAYOUT_STATES,
    WAYS,
    transfer_problem,
)
from tongdao.faces.lists.people import promoter_names, promoter_options, shown_names
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.foundation.pii import mask_name
from tongdao.rewards.settlement.models import Payee, Payout, PayoutBatch
from tongdao.rewards.settlement.queries.desk import BatchTotals, Sending, batch_totals, sendings_of

CARD_SHOWN = 4


def mask_card(card: str) -> str:
    """The last four digits."""
    return "*" * max(len(card) - CARD_SHOWN, CARD_SHOWN) + (card[-CARD_SHOWN:] if len(card) > 8 else "")


def totals_of(batches: Sequence[PayoutBatch]) -> Mapping[UUID, BatchTotals]:
    return batch_totals([row.id for row in batches])


def people_of(batches: Sequence[PayoutBatch]) -> Mapping[UUID, tuple[str, str]]:
    """Who proposed it and who decided."""
    names = shown_names(id for row in batches for id in (row.proposed_by, row.decided_by))
    return {
        row.id: (names.get(row.proposed_by, "—"), names.get(row.decided_by, "—") if row.decided_by else "")
        for row in batches
    }


def names_of(rows: Sequence[Payout] | Sequence[Payee]) -> Mapping[UUID, str]:
    names = promoter_names(row.promoter_id for row in rows)
    return {row.id: names.get(row.promoter_id, "") for row in rows}


def sent_of(payouts: Sequence[Payout]) -> Mapping[UUID, Sending]:
    return sendings_of([row.id for row in payouts])


def checkers_of(payees: Sequence[Payee]) -> Mapping[UUID, str]:
    names = shown_names(row.checked_by for row in payees)
    return {row.id: names.get(row.checked_by, "—") for row in payees if row.checked_by}


def _arrived(payout: Payout, sending: Sending | None) -> int:
    return sending.arrived_fen if sending else 0


def holdup(payout: Payout, sending: Sending | None) -> str:
    """What somebody has to do or wait for before it is paid; nothing where it is over."""
    if payout.state != "approved":
        return ""
    if payout.way == "bank":
        return str(_("Somebody of the shop has to pay it at the bank."))
    if sending is None or not sending.transfers:
        return str(_("The payee has not come to this shop by WeChat yet."))
    stuck = [row for row in sending.transfers if row.problem and row.state != "paid"]
    if stuck:
        return transfer_problem(stuck[-1].problem)
    if sending.stuck:
        return str(_("A part did not arrive. Send it again, or give the payout up."))
    waits = any(row.state == "waiting" for row in sending.transfers)
    return str(_("The payee has to take it in WeChat.")) if waits else ""


PAYOUT_BATCHES = ListSpec(
    noun="payout_batches",
    title=_("Payouts"),
    need="money.read",
    model=PayoutBatch,
    rows=lambda: PayoutBatch.objects.all(),
    parts={"totals": totals_of, "people": people_of},
    columns=(
        Column(
            "proposed",
            _("Proposed"),
            lambda b, _: b.proposed_at,
            "time",
            link=lambda b, _: Link("payout_batch", {"payout_batch_id": b.id}),
        ),
        Column("state", _("State"), lambda b, _: b.state, "tag", words=BATCH_STATES),
        Column("payouts", _("Payouts"), lambda b, totals: totals.payouts, "num", part="totals"),
        Column("amount", _("Together"), lambda b, totals: totals.fen, "money", part="totals"),
        Column(
            "paid",
            _("Payouts that arrived"),
            lambda b, totals: (totals.of("paid").payouts, totals.payouts),
            "share",
            part="totals",
        ),
        Column("arrived", _("Arrived"), lambda b, totals: totals.arrived_fen, "money", part="totals"),
        Column("by", _("Proposed by"), lambda b, people: people[0], "muted", part="people"),
        Column("decided_by", _("Decided by"), lambda b, people: people[1], "muted", part="people"),
        Column("decided", _("Decided"), lambda b, _: b.decided_at, "time", shown=False),
    ),
    filters=(
        Choice("state", _("State"), lambda: options(BATCH_STATES), coded("state")),
        Dates("proposed", _("Proposed"), "proposed_at"),
    ),
    tabs="state",
    sorts=(Sort("", _("Newest first")), Sort("old", _("Oldest first"), up=True)),
)

PAYOUTS = ListSpec(
    noun="payouts",
    title=_("All payouts"),
    need="money.read",
    model=Payout,
    rows=lambda: Payout.objects.all(),
    parts={"promoter": names_of, "sent": sent_of},
    columns=(
        Column(
            "promoter",
            _("Promoter"),
            lambda p, name: name or "—",
            part="promoter",
            link=lambda p, _: Link("payout", {"payout_id": p.id}),
        ),
        Column("name", _("Real name"), lambda p, _: p.real_name, "muted", mask=mask_name, shown=False),
        Column("amount", _("Amount"), lambda p, _: p.amount_fen, "money"),
        Column("way", pgettext_lazy("payouts", "By"), lambda p, _: str(WAYS[p.way])),
        Column("state", _("State"), lambda p, _: p.state, "tag", words=PAYOUT_STATES),
        Column("arrived", _("Arrived"), _arrived, "money", part="sent"),
        Column("problem", _("What holds it up"), holdup, "muted", part="sent"),
        Column("claimed", _("Proposed"), lambda p, _: p.claimed_at, "time"),
        Column("ended", _("Over since"), lambda p, _: p.ended_at, "time"),
        Column("proof", _("Bank's number"), lambda p, _: p.proof, "muted", shown=False),
    ),
    filters=(
        Choice("state", _("State"), lambda: options(PAYOUT_STATES), coded("state")),
        Choice("way", pgettext_lazy("payouts", "By"), lambda: options(WAYS), coded("way")),
        Choice("promoter", _("Promoter"), promoter_options, coded("promoter_id"), fixed=False),
        Dates("claimed", _("Proposed"), "claimed_at"),
        Dates("ended", _("Over since"), "ended_at"),
        Amount("amount", _("Amount"), "amount_fen"),
    ),
    tabs="state",
    sorts=(Sort("", _("Newest first")), Sort("old", _("Oldest first"), up=True)),
)

PAYEES = ListSpec(
    noun="payees",
    title=_("Payees"),
    need="money.read",
    model=Payee,
    rows=lambda: Payee.objects.all(),
    parts={"promoter": names_of, "checker": checkers_of},
    columns=(
        Column(
            "promoter",
            _("Promoter"),
            lambda p, name: name or "—",
            part="promoter",
            link=lambda p, _: Link("payee", {"promoter_id": p.promoter_id}),
        ),
        Column("name", _("Real name"), lambda p, _: p.real_name, mask=mask_name),
        Column("way", pgettext_lazy("payouts", "By"), lambda p, _: str(WAYS[p.way])),
        Column("bank", _("Bank"), lambda p, _: p.bank, "muted"),
        Column("card", _("Card"), lambda p, _: p.card or "", "muted", mask=mask_card),
        Column(
            "state",
            _("State"),
            lambda p, _: "checked" if p.checked_at else "waiting",
            "tag",
            words=PAYEE_STATES,
        ),
        Column("said", _("Said on"), lambda p, _: p.said_at, "time"),
        Column("checked", _("Checked on"), lambda p, _: p.checked_at, "time"),
        Column("by", _("Checked by"), lambda p, name: name or "", "muted", part="checker"),
    ),
    filters=(
        Choice(
            "state",
            _("State"),
            lambda: options(PAYEE_STATES),
            cases({"waiting": Q(checked_at__isnull=True), "checked": Q(checked_at__isnull=False)}),
        ),
        Choice("way", pgettext_lazy("payouts", "By"), lambda: options(WAYS), coded("way")),
        Dates("said", _("Said on"), "said_at"),
    ),
    tabs="state",
    sorts=(Sort("", _("Newest first")), Sort("old", _("Oldest first"), up=True)),
)
