"""My income: what stands where, drawn and in words, and each order line that it comes from."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.kit import charts
from tongdao.faces.kit.money_text import percent
from tongdao.faces.kit.shapes import NavItem
from tongdao.faces.lists.plan_words import pays
from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.faces.promoter.income_words import (
    OWED,
    PAYOUTS,
    STATES,
    booked_rows,
    debt_words,
    line_reason,
    owed_text,
    rule_text,
    sums,
)
from tongdao.faces.promoter.pages.orders import PAGE, TAIL
from tongdao.faces.promoter.pages.payouts import payee_state, payout_card
from tongdao.faces.promoter.place import picture_url
from tongdao.faces.promoter.typed import page_number, text
from tongdao.faces.promoter.words import clawed_words
from tongdao.party.merchants.queries import payout_minimum
from tongdao.rewards.commissions.queries import (
    IncomeLine,
    LineState,
    Netted,
    Sale,
    booked,
    clawed,
    income_lines,
    netted,
    sales,
    waits_for,
)
from tongdao.rewards.commissions.queries import income as read_income
from tongdao.rewards.commissions.queries import income_line as read_line
from tongdao.rewards.settlement.queries.mine import my_payee, my_payouts, payouts_of_line


@require_safe
@promoter_page
def income(walk: Walk) -> HttpResponse:
    typed = text(walk.request.GET, "state", 12)
    state = next((name for name in STATES if name == typed), None)
    number = page_number(walk.request.GET)
    with walk.scope():
        earned = read_income(walk.ids)
        found = income_lines(walk.ids, state=state, offset=(number - 1) * PAGE, limit=PAGE + 1)
        of_orders = {
            sale.order_id: sale for sale in sales(walk.ids, order_ids={one.order_id for one in found})
        }
        payee, payouts = my_payee(walk.ids), my_payouts(walk.ids, limit=1)
        least = payout_minimum()
    here, told = walk.url("income"), sums(earned)
    context = {
        "nothing": earned.nothing,
        "sums": [(name, words, fen, why, f"{here}?state={name}#lines") for name, words, fen, why in told],
        "drawn": [
            (one.label, one) for one in charts.stacked([(name, int(fen)) for name, _words, fen, _why in told])
        ],
        "owed": earned.owed.fen,
        "owed_label": str(OWED),
        "owed_text": owed_text(earned.owed),
        "payee": payee_state(payee),
        "least": least if 0 < earned.released.fen < least else 0,
        "latest": payout_card(walk, payouts[0]) if payouts else None,
        "chips": _chips(here, state),
        "cards": [_card(walk, line, of_orders[line.order_id]) for line in found[:PAGE]],
        "previous_url": _turn(here, state, number - 1) if number > 1 else "",
        "next_url": _turn(here, state, number + 1) if len(found) > PAGE else "",
        "may_share": walk.promoter_id is not None,
    }
    return walk.show("income", _("Income"), context, tab="income")


def _chips(here: str, state: LineState | None) -> list[NavItem]:
    some = [
        NavItem(f"{here}?state={name}#lines", str(words), current=name == state)
        for name, (words, _tone) in STATES.items()
    ]
    return [NavItem(f"{here}#lines", _("All"), current=state is None), *some]


def _turn(here: str, state: LineState | None, number: int) -> str:
    wanted = {"state": state, "page": number} if state else {"page": number}
    return f"{here}?{urlencode(wanted)}#lines"


def _card(walk: Walk, line: IncomeLine, sale: Sale) -> dict[str, object]:
    words, tone = STATES[line.state]
    return {
        "line": line,
        "tail": line.number[-TAIL:],
        "label": str(words),
        "tone": tone,
        "reason": line_reason(line, sale),
        "debt": debt_words(line),
        "url": walk.url("income_line", line_id=line.line_id),
    }


@require_safe
@promoter_page
def income_line(walk: Walk, line_id: UUID) -> HttpResponse:
    """One line's share: the way back to its order, the rule, the books. Somebody else's is 404."""
    with walk.scope():
        line = read_line(walk.ids, line_id)
        (sale,) = sales(walk.ids, order_id=line.order_id)
        waiting = waits_for(line.order_id) if line.state == "held" else None
        lost, nettings = clawed(walk.ids, line_id=line_id), netted(walk.ids, line_id)
        brought = payouts_of_line(walk.ids, line_id)
        rows, rule = booked(walk.ids, line_id), rule_text(line)
    context = {
        **_card(walk, line, sale),
        "reason": line_reason(line, sale, waiting),
        "image_url": picture_url(line.picture),
        "order_url": walk.url("order", order_id=line.order_id),
        "rule": rule,
        "pays": pays(line.rule),
        "percent": percent(line.rule.rate_bps) if line.rule.rate_bps is not None else "",
        "clawed": [(one, clawed_words(one.reason)) for one in lost],
        "netted": [_netted(walk, one) for one in nettings],
        "payouts": [
            (payout_card(walk, payout), str(PAYOUTS[payout.state][0]), fen) for payout, fen in brought
        ],
        "booked": booked_rows(rows),
    }
    return walk.show("income_line", line.title, context, tab="income", back="income")


def _netted(walk: Walk, one: Netted) -> dict[str, object]:
    url = walk.url("income_line", line_id=one.line_id)
    return {"one": one, "tail": one.number[-TAIL:], "url": url}
