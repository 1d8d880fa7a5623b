"""The books: every account with what it gave and received, down to the fen."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console import listing
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.books import BookRow, KindBar, books, kind_bars
from tongdao.faces.console.typed import text
from tongdao.faces.console.words import ACCOUNTS, account_name
from tongdao.faces.kit.shapes import Action, Cell, Column, Row
from tongdao.faces.lists.plan_words import pays
from tongdao.finance.ledger.queries import last_sealed
from tongdao.foundation import clock
from tongdao.party.merchants.models import MerchantAccount
from tongdao.terms.plans.queries import plan_at
from tongdao.trade.shipping.models import CarrierAccount


def show(desk: Desk) -> HttpResponse:
    on, wrong = _day(text(desk.request.GET, "on", 10))
    rows = books(on)
    plan = plan_at(clock.now())
    context = {
        "columns": _columns(),
        "rows": [_row(row) for row in rows],
        "off": sum(row.row.balance for row in rows),
        "bars": [_bar(bar) for bar in kind_bars(rows)],
        "on": on,
        "wrong": wrong,
        "today": clock.today(),
        "sealed": last_sealed(),
        "figures": _figures(rows),
        "plan_pays": pays(plan.rest) if plan else "",
        "plan_more": plan is not None and len(plan.rules) > 1,
        "payment": MerchantAccount.objects.filter(effective_to__isnull=True).first(),
        "carrier": CarrierAccount.objects.filter(effective_to__isnull=True).first(),
    }
    names = {"postings": _("Postings"), "commissions": _("Commissions"), "payout_batches": _("Payouts")}
    context["actions"] = [Action(label, desk.url(name)) for name, label in names.items()]
    return desk.show("money", _("Books"), context)


def _day(typed: str) -> tuple[date | None, bool]:
    """The day at whose end the books are wanted, and whether what was typed is no such day."""
    try:
        found = date.fromisoformat(typed) if typed else None
    except ValueError:
        return None, True
    return (None, True) if found and found > clock.today() else (found, False)


def _bar(bar: KindBar) -> dict[str, object]:
    """Green is the seller's, amber is what others wait for, grey is outside."""
    name, means = ACCOUNTS.get(bar.kind, (bar.kind, ""))
    hue = 1 if bar.kind.endswith(".seller") else 3 if bar.kind.endswith(".promoter") else 4
    return {"name": name, "means": means, "fen": bar.fen, "length": bar.length, "hue": hue}


def _columns() -> list[Column]:
    labels = (_("Went out"), _("Came in"), _("Balance"))
    return [Column(_("Account")), Column(_("What it means")), *(Column(label, num=True) for label in labels)]


def _row(book: BookRow) -> Row:
    name = account_name(book.row.account)
    means = str(ACCOUNTS[book.row.account.kind][1]) if book.row.account.kind in ACCOUNTS else ""
    return Row(
        [
            Cell(f"{name} · {book.owner}" if book.owner else name),
            Cell(means, _("What it means"), "muted"),
            Cell(int(book.row.debit), _("Went out"), "money"),
            Cell(int(book.row.credit), _("Came in"), "money"),
            Cell(int(book.row.balance), _("Balance"), "money"),
        ]
    )


def _figures(rows: list[BookRow]) -> dict[str, int]:
    """Sums by kind of account, in fen, for the cards at the top."""
    sums = {"held": 0, "due": 0, "promoters": 0, "refunds": 0}
    names = {
        "held.seller": "held",
        "released.seller": "due",
        "held.promoter": "promoters",
        "released.promoter": "promoters",
        "refund_due": "refunds",
    }
    for book in rows:
        if name := names.get(book.row.account.kind):
            sums[name] += book.row.balance
    return sums


def postings(desk: Desk) -> HttpResponse:
    told = _("Each payment stands here, with where it went.")
    empty = listing.Empty(_("Nothing is booked yet"), told, "money")
    return listing.show(desk, "postings", empty)
