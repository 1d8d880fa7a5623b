"""Reputation as pages say it: each figure with the formula that it comes from and the counts put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.crm.reputation.queries import Mean, Rate, Reputation
from tongdao.faces.kit.shapes import Cell

MINUTE = timedelta(minutes=1)
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
        _("Units given back %(part)d ÷ units sent %(whole)d = %(rate)s"),
    )
    yield from _rate(
        _("Taken to the platform"),
        found.disputed,
        _("Disputes %(part)d ÷ orders sent %(whole)d = %(rate)s"),
    )
    yield from _rate(
        _("Decided against the shop"),
        found.lost,
        _("Against the shop %(part)d, of %(ruled)d decided ÷ orders sent %(whole)d = %(rate)s"),
        ruled=found.ruled,
    )


def _of_time(found: Reputation) -> Iterator[Figure]:
    yield from _rate(
        _("Sent in time"),
        found.in_time,
        _("Sent by the promised moment %(part)d ÷ orders sent %(whole)d = %(rate)s"),
    )
    yield from _mean(
        _("Sent after, on average"),
        found.to_send,
        _("From payment to sending %(total)s ÷ orders %(cases)d = %(mean)s"),
    )
    yield from _mean(
        _("Arrived after, on average"),
        found.to_deliver,
        _("From payment to arrival %(total)s ÷ parcels %(cases)d = %(mean)s"),
    )


def _of_answers(found: Reputation) -> Iterator[Figure]:
    hours = found.answer_within // HOUR
    yield from _rate(
        _("Answered within %(hours)d hours") % {"hours": hours},
        found.answered,
        _("Answered in time %(part)d ÷ conversations and cases %(whole)d = %(rate)s"),
    )
    yield from _mean(
        _("Answered after, on average"),
        found.to_answer,
        _("The longest waits %(total)s ÷ conversations and cases %(cases)d = %(mean)s"),
    )
    yield from _mean(
        _("Reviews answered after"),
        found.to_answer_reviews,
        _("From review to answer %(total)s ÷ answers %(cases)d = %(mean)s"),
    )


def _rate(label: str, rate: Rate, formula: str, **more: int) -> Iterator[Figure]:
    if rate.bps is not None:
        value = f"{_decimal(rate.bps)}\u00a0%"
        yield Figure(label, value, formula % {"part": rate.part, "whole": rate.whole, "rate": value, **more})


def _mean(label: str, mean: Mean, formula: str) -> Iterator[Figure]:
    if mean.time is not None:
        unit = _unit(mean.time)
        value, total = _span(mean.time, unit), _span(timedelta(seconds=mean.seconds), unit)
        yield Figure(label, value, formula % {"total": total, "cases": mean.cases, "mean": value})


def _decimal(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _unit(time: timedelta) -> timedelta:
    """Minutes, from one hour on hours, from two days on days."""
    if time >= 2 * DAY:
        return DAY
    return HOUR if time >= HOUR else MINUTE


def _span(time: timedelta, unit: timedelta) -> str:
    """In whole units, half up."""
    if time < MINUTE:
        return _("under a minute")
    told = {"count": (time + unit / 2) // unit}
    if unit == DAY:
        return ngettext("%(count)d day", "%(count)d days", told["count"]) % told
    if unit == HOUR:
        return ngettext("%(count)d hour", "%(count)d hours", told["count"]) % told
    return ngettext("%(count)d minute", "%(count)d minutes", told["count"]) % told
