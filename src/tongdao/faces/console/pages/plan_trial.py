"""What if: the draft on the sales of the last 30 days. What was paid, what would be, for whom it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.plan_words import rule_name
from tongdao.faces.kit import charts
from tongdao.faces.kit.charts import Drawn, scale
from tongdao.faces.kit.money_text import MINUS, yuan
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.faces.lists.people import promoter_names
from tongdao.faces.lists.plan_words import rule_words
from tongdao.foundation import clock
from tongdao.foundation.clock import beijing_day
from tongdao.rewards.planning.operations import (
    AT_ONCE,
    SPAN,
    ask_trial,
    latest_trial,
    trial_of,
    try_plan,
)
from tongdao.rewards.planning.trying import DayPair, Mover, Trial
from tongdao.terms.plans.drafting import draft_now
from tongdao.terms.plans.matching import Rule


def show(desk: Desk) -> HttpResponse:
    rules, until = draft_now().rules, clock.now()
    trial = try_plan(rules, until)
    asked = latest_trial(rules) if trial is None else None
    if asked is not None:
        trial, until = trial_of(asked), asked.ends_at
    context = {
        "crumbs": [
            desk.crumb(_("Commission"), "plan"),
            desk.crumb(_("Rules"), "plan_draft"),
            desk.crumb(_("What if")),
        ],
        "since": until - SPAN,
        "until": until,
        "most": AT_ONCE,
        "waits": asked is not None and asked.done_at is None,
        "trial": trial,
        **(_drawn(desk, trial, rules, until) if trial and trial.lines else {}),
    }
    return desk.show("plan_trial", _("What if this plan had held?"), context)


def act(desk: Desk) -> HttpResponse:
    """For a shop with more sales than somebody waits for."""
    ask_trial(draft_now().rules)
    done = _("It is being reckoned. Come back in a minute.")
    return desk.done(done, "plan_trial")


def _drawn(desk: Desk, trial: Trial, rules: Sequence[Rule], until: datetime) -> dict[str, object]:
    days = _days(trial, until)
    about = [words.about for words in rule_words(rules)]
    return {
        "more": _signed(trial.would_fen - trial.was_fen),
        "days": days,
        "bars": _bars(days),
        "width": charts.WIDTH,
        "height": charts.HEIGHT,
        "shares": [(_rule_name(one.position, about), one.would_fen) for one in trial.rules if one.would_fen],
        "rule_columns": [Column(_("Rule")), *_columns(_("Lines"))],
        "rule_rows": [
            Row(
                [
                    Cell(_rule_name(one.position, about)),
                    Cell(one.lines, _("Lines"), "num"),
                    *_money(one.was_fen, one.would_fen),
                ]
            )
            for one in trial.rules
        ],
        "mover_columns": [Column(_("Promoter")), *_columns()],
        "gain": _movers(desk, trial.gain),
        "lose": _movers(desk, trial.lose),
    }


def _columns(*first: str) -> list[Column]:
    return [Column(label, num=True) for label in (*first, _("Was paid"), _("Would be paid"), _("Difference"))]


def _money(was: int, would: int) -> list[Cell]:
    return [
        Cell(was, _("Was paid"), "money"),
        Cell(would, _("Would be paid"), "money"),
        Cell(_signed(would - was), _("Difference"), "num"),
    ]


def _signed(fen: int) -> str:
    sign = MINUS if fen < 0 else "+" if fen else ""
    return f"{sign}¥{yuan(abs(fen))}"


def _rule_name(position: int, about: Sequence[str]) -> str:
    if position == 0:
        return _("No rule")
    return rule_name(position, about[position - 1])


def _movers(desk: Desk, movers: Sequence[Mover]) -> list[Row]:
    names = promoter_names(one.promoter_id for one in movers)
    return [
        Row(
            [
                Cell(names.get(one.promoter_id, "—"), url=desk.url("promoter", promoter_id=one.promoter_id)),
                *_money(one.was_fen, one.would_fen),
            ]
        )
        for one in movers
    ]


def _days(trial: Trial, until: datetime) -> list[DayPair]:
    """Every day of the span, also those without a sale."""
    known = {one.day: one for one in trial.days}
    last = beijing_day(until)
    span = [last - timedelta(days=back) for back in range(SPAN.days, -1, -1)]
    return [known.get(day, DayPair(day, 0, 0)) for day in span]


def _bars(days: Sequence[DayPair]) -> list[tuple[Drawn, Drawn]]:
    """Two columns a day, of one scale: what was paid and what would be."""
    top = max(max(one.was_fen, one.would_fen) for one in days)
    place = charts.WIDTH // len(days)
    half = place * 2 // 5

    def bar(index: int, shift: int, fen: int) -> Drawn:
        height = scale(fen, top, charts.HEIGHT)
        return Drawn("", fen, index * place + shift, charts.HEIGHT - height, half, height, 1)

    return [(bar(n, 0, one.was_fen), bar(n, half, one.would_fen)) for n, one in enumerate(days)]
