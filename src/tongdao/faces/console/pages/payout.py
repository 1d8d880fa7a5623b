"""One payout: the order lines that it pays for, how its money travels, and what can be done about it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.payouts import BankForm
from tongdao.faces.console.postings import posting_columns, rows_of
from tongdao.faces.console.reading.payouts import can_give_up, can_send, payout_steps
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.faces.lists.nouns.payouts import holdup, mask_card
from tongdao.faces.lists.payout_words import PAYOUT_STATES, TRANSFER_STATES, WAYS
from tongdao.faces.lists.plan_words import frozen_words
from tongdao.finance.ledger.queries import transactions_of
from tongdao.foundation.pii import mask_name
from tongdao.party.network.models import Promoter
from tongdao.rewards.settlement.models import Payout, Transfer
from tongdao.rewards.settlement.operations import (
    Revealed,
    give_up,
    note_bank_payment,
    send_again,
    unmask_payout,
)
from tongdao.rewards.settlement.proofs import proof_of
from tongdao.rewards.settlement.queries.desk import PaidLine, Sending, paid_lines, payout_row, sendings_of


def show(desk: Desk) -> HttpResponse:
    empty = listing.Empty(
        _("Nothing was paid out yet"),
        _("Each payout stands here, with its state and what holds it up."),
        "money",
    )
    return listing.show(desk, "payouts", empty)


def one(desk: Desk, payout_id: UUID) -> HttpResponse:
    return _page(desk, payout_row(payout_id), None)


def unmask(desk: Desk, payout_id: UUID) -> HttpResponse:
    """Name and card for paying at the bank: shown this once and on record."""
    return _page(desk, payout_row(payout_id), unmask_payout(payout_id, actor=desk.actor))


def _page(desk: Desk, payout: Payout, full: Revealed | None) -> HttpResponse:
    sending = sendings_of([payout.id])[payout.id]
    name = Promoter.objects.values_list("shown_name", flat=True).get(pk=payout.promoter_id)
    words, tone = PAYOUT_STATES[payout.state]
    open_ = payout.state == "approved" and desk.may("money.move")
    left = payout.amount_fen - sending.arrived_fen
    names = ("send", "paid", "give_up", "unmask")
    context = {
        "crumbs": [
            desk.crumb(_("Payouts"), "payout_batches"),
            desk.crumb(_("Batch"), "payout_batch", payout_batch_id=payout.batch_id),
            desk.crumb(name),
        ],
        "payout": payout,
        "title": _("¥%(amount)s for %(name)s") % {"amount": yuan(payout.amount_fen), "name": name},
        "words": str(words),
        "tone": tone,
        "holdup": holdup(payout, sending),
        "steps": payout_steps(payout, sending),
        "facts": _facts(payout, sending, name, full),
        "line_columns": _line_columns(),
        "lines": _lines(desk, paid_lines(payout.id)),
        "transfer_columns": _transfer_columns(),
        "transfers": [_transfer(row) for row in sending.transfers],
        "posting_columns": posting_columns(),
        "postings": rows_of(transactions_of(payout.id)),
        "form": desk.blank(BankForm) if open_ and not sending.open else None,
        "may_unmask": open_ and payout.way == "bank" and full is None,
        "left": left,
        "full": full,
        "may_send": desk.may("money.move") and can_send(payout, sending),
        "may_give_up": desk.may("money.move") and can_give_up(payout, sending),
        "moving": any(row.state in ("created", "accepted") for row in sending.transfers),
        **{f"{each}_url": desk.url(f"payout_{each}", payout_id=payout.id) for each in names},
    }
    return desk.show("payout", context["title"], context)


def _facts(payout: Payout, sending: Sending, name: str, full: Revealed | None) -> list[Cell]:
    facts = [
        Cell(name, _("Promoter")),
        Cell(full.real_name if full else mask_name(payout.real_name), _("Real name")),
        Cell(str(WAYS[payout.way]), _("Paid by")),
    ]
    if payout.way == "bank":
        if full and full.bank:
            facts.append(Cell(full.bank, _("Bank")))
        facts.append(Cell(full.card if full else mask_card(payout.card or ""), _("Card")))
    if payout.proof:
        facts.append(Cell(payout.proof, _("Bank's number")))
    facts.append(Cell(int(sending.arrived_fen), _("Arrived"), "money"))
    facts.append(Cell(int(payout.amount_fen), _("Amount"), "money", total=True))
    return facts


def _line_columns() -> list[Column]:
    return [Column(_("Order")), Column(_("Goods")), Column(_("Rule")), Column(_("Amount"), num=True)]


def _lines(desk: Desk, lines: list[PaidLine]) -> list[Row]:
    told = frozen_words({line.rule_version for line in lines})
    return [
        Row(
            [
                Cell(line.number, url=desk.url("order_money", order_id=line.order_id)),
                Cell(line.title, _("Goods")),
                Cell(told[line.rule_version], _("Rule"), "muted"),
                Cell(int(line.amount_fen), _("Amount"), "money"),
            ],
            label=line.number,
        )
        for line in lines
    ]


def _transfer_columns() -> list[Column]:
    labels = (_("Part"), _("Amount"), _("State"), _("Bill"), _("Made"), _("Over since"))
    return [Column(label, num=label == labels[1]) for label in labels]


def _transfer(row: Transfer) -> Row:
    words, tone = TRANSFER_STATES[row.state]
    over = (
        Cell(row.ended_at, _("Over since"), "time") if row.ended_at else Cell("—", _("Over since"), "muted")
    )
    return Row(
        [
            Cell(row.part),
            Cell(int(row.amount_fen), _("Amount"), "money"),
            Cell(str(words), _("State"), "tag", tone=tone),
            Cell(row.channel_no or row.bill_no, _("Bill"), "muted"),
            Cell(row.created_at, _("Made"), "time"),
            over,
        ],
        label=str(row.part),
    )


def send(desk: Desk, payout_id: UUID) -> HttpResponse:
    made = send_again(payout_id, actor=desk.actor)
    if not made:
        done = _("Nothing can be sent yet: the payee has not come to this shop by WeChat.")
    else:
        text = ngettext(
            "%(count)d transfer is sent in a moment.", "%(count)d transfers are sent in a moment.", made
        )
        done = text % {"count": made}
    return desk.done(done, "payout", payout_id=payout_id)


def paid(desk: Desk, payout_id: UUID) -> HttpResponse:
    typed = desk.read(BankForm(desk.request.POST)).cleaned_data
    note_bank_payment(payout_id, proof_of(typed["number"], typed["paid_on"]), actor=desk.actor)
    return desk.done(_("Noted: all of it has arrived."), "payout", payout_id=payout_id)


def drop(desk: Desk, payout_id: UUID) -> HttpResponse:
    give_up(payout_id, actor=desk.actor)
    done = _("Given up. The commissions are due again and come into the next batch.")
    return desk.done(done, "payout", payout_id=payout_id)
