"""The pages about what promoters earned and how it reaches them: part of table.PAGES."""

from __future__ import annotations

from tongdao.faces.console.guard import Page
from tongdao.faces.console.lists_table import keep
from tongdao.faces.console.pages import commissions, order_money, payees, payout, payouts

BATCH = "money/payouts/batches/<uuid:payout_batch_id>"
PAYOUT = "money/payouts/<uuid:payout_id>"
PAYEE = "money/payees/<uuid:promoter_id>"
HERE = "payout_batches"

PAYOUT_PAGES: tuple[Page, ...] = (
    Page("commissions", "money/commissions", "money.read", commissions.show, keep("commissions")),
    Page("order_money", "orders/<uuid:order_id>/money", "money.read", order_money.show, section="orders"),
    Page(HERE, "money/payouts/batches", "money.read", payouts.show, keep(HERE)),
    Page("payout_new", "money/payouts/new", "money.move", payouts.preview, payouts.propose, section=HERE),
    Page(
        "payout_minimum",
        "money/payouts/minimum",
        "payouts.approve",
        payouts.minimum,
        payouts.set_minimum,
        section=HERE,
    ),
    Page("payout_batch", BATCH, "money.read", payouts.one, section=HERE),
    Page(
        "payout_approve",
        f"{BATCH}/approve",
        "payouts.approve",
        act=payouts.approve,
        back="payout_batch",
        section=HERE,
    ),
    Page(
        "payout_reject",
        f"{BATCH}/reject",
        "payouts.approve",
        act=payouts.reject,
        back="payout_batch",
        section=HERE,
    ),
    Page(
        "payout_withdraw",
        f"{BATCH}/withdraw",
        "money.move",
        act=payouts.withdraw,
        back="payout_batch",
        section=HERE,
    ),
    Page("payouts", "money/payouts", "money.read", payout.show, keep("payouts"), section=HERE),
    Page("payout", PAYOUT, "money.read", payout.one, section=HERE),
    Page("payout_send", f"{PAYOUT}/send", "money.move", act=payout.send, back="payout", section=HERE),
    Page("payout_paid", f"{PAYOUT}/paid", "money.move", act=payout.paid, back="payout", section=HERE),
    Page("payout_give_up", f"{PAYOUT}/give-up", "money.move", act=payout.drop, back="payout", section=HERE),
    Page("payout_unmask", f"{PAYOUT}/card", "money.move", act=payout.unmask, back="payout", section=HERE),
    Page("payees", "money/payees", "money.read", payees.show, keep("payees"), section=HERE),
    Page("payee", PAYEE, "money.read", payees.one, section=HERE),
    Page("payee_unmask", f"{PAYEE}/full", "money.move", act=payees.unmask, back="payee", section=HERE),
    Page("payee_check", f"{PAYEE}/check", "money.move", act=payees.check, back="payee", section=HERE),
)
