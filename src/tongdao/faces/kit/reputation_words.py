"""Reputation as pages say it: each figure with the formula that it comes from and the counts put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.crm.reputation.queries import Mean, Rate, Reputation
from tongdao.faces.kit.shapes import Cell

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """`formula`: with this one's own counts."""

    label: str
    value: str
    formula: str


def score_text(found: Reputation) -> str:
    """ "4.62 of 5", or empty where nobody has said anything yet."""
    if found.score_hundredths is None:
        return ""
    return _("%(score)s of 5") % {"score": _decimal(found.score_hundredths)}


def formula_text(found: Reputation) -> str:
    """The formula of the stars with this one's own figures; empty where nobody has said anything yet."""
    if found.score_hundredths is None:
        return ""
    told = {
        "weight": found.prior_reviews,
        "prior": f"{found.prior_tenths // 10}.{found.prior_tenths % 10}",
        "stars": found.stars,
        "reviews": found.reviews,
        "score": _decimal(found.score_hundredths),
    }
    return (
        _("(%(weight)d × %(prior)s + %(stars)d stars) ÷ (%(weight)d + %(reviews)d reviews) = %(score)s")
        % told
    )


def figures(found: Reputation) -> list[Figure]:
    """What is known of it; what too few cases would tell is left out."""
    stars = Figure(_("Stars"), score_text(found), formula_text(found))
    return [stars] * bool(stars.value) + [*_of_goods(found), *_of_time(found), *_of_answers(found)]


def short_figures(found: Reputation) -> list[Cell]:
    """The same without the formulas, as rows of a data list."""
    return [Cell(each.value, each.label, "num") for each in figures(found)]


def _of_goods(found: Reputation) -> Iterator[Figure]:
    yield from _rate(
        _("Units given back"),
        found.returned,
        _("%(part)d units whose money went back ÷ %(whole)d units sent = %(rate)s"),
    )
    yield from _rate(
        _("Taken to the platform"),
        found.disputed,
        _("%(part)d disputes ÷ %(whole)d orders sent = %(rate)s"),
    )
    yield from _rate(
        _("Decided against the shop"),
        found.lost,
        _("%(part)d of %(ruled)d decided disputes ÷ %(whole)d orders sent = %(rate)s"),
        ruled=found.ruled,
    )


def _of_time(found: Reputation) -> Iterator[Figure]:
    yield from _rate(
        _("Sent in time"),
        found.in_time,
        _("%(part)d orders sent by the promised moment ÷ %(whole)d orders sent = %(rate)s"),
    )
    yield from _mean(
        _("Sent after, on average"),
        found.to_send,
        _("%(hours)d hours from payment to sending ÷ %(cases)d orders = %(mean)s"),
    )
    yield from _mean(
        _("Arrived after, on average"),
        found.to_deliver,
        _("%(hours)d hours from payment to arrival ÷ %(cases)d parcels = %(mean)s"),
    )


def _of_answers(found: Reputation) -> Iterator[Figure]:
    hours = found.answer_within // HOUR
    yield from _rate(
        _("Answered within %(hours)d hours") % {"hours": hours},
        found.answered,
        _("%(part)d answered in time ÷ %(whole)d conversations and cases = %(rate)s"),
    )
    yield from _mean(
        _("Answered after, on average"),
        found.to_answer,
        _("%(hours)d hours, the longest wait of each ÷ %(cases)d conversations and cases = %(mean)s"),
    )
    yield from _mean(
        _("Reviews answered after"),
        found.to_answer_reviews,
        _("%(hours)d hours from review to answer ÷ %(cases)d answers = %(mean)s"),
    )


def _rate(label: str, rate: Rate, formula: str, **more: int) -> Iterator[Figure]:
    if rate.bps is not None:
        value = f"{_decimal(rate.bps)}\u00a0%"
        yield Figure(label, value, formula % {"part": rate.part, "whole": rate.whole, "rate": value, **more})


def _mean(label: str, mean: Mean, formula: str) -> Iterator[Figure]:
    if mean.time is not None:
        value, hours = _span(mean.time), (mean.seconds + 1800) // 3600
        yield Figure(label, value, formula % {"hours": hours, "cases": mean.cases, "mean": value})


def _decimal(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _span(time: timedelta) -> str:
    """In whole minutes, from one hour on in hours, from two days on in days; half up."""
    if time >= 2 * DAY:
        days = (time + DAY / 2) // DAY
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if time >= HOUR:
        hours = (time + HOUR / 2) // HOUR
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    minutes = max(1, (time + timedelta(seconds=30)) // timedelta(minutes=1))
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
