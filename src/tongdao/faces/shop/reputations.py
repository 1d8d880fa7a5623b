"""Reputation as the shop's pages say it, with the formula and its figures."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdao.crm.reputation.queries import Reputation
from tongdao.faces.kit.shapes import Cell

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def score_text(found: Reputation) -> str:
    """ "4.62 of 5", or empty where nobody has said anything yet."""
    if found.score_hundredths is None:
        return ""
    return _("%(score)s of 5") % {"score": _decimal(found.score_hundredths)}


def formula_text(found: Reputation) -> str:
    """The formula with this one's own figures."""
    told = {
        "weight": found.prior_reviews,
        "prior": f"{found.prior_tenths // 10}.{found.prior_tenths % 10}",
        "stars": found.stars,
        "reviews": found.reviews,
        "score": _decimal(found.score_hundredths or 0),
    }
    return (
        _("(%(weight)d × %(prior)s + %(stars)d stars) ÷ (%(weight)d + %(reviews)d reviews) = %(score)s")
        % told
    )


def figures(found: Reputation) -> list[Cell]:
    """What is known of it; what too few cases would tell is left out."""
    rates = (
        (_("Sent in time"), found.in_time_bps),
        (_("Units given back"), found.returned_bps),
    )
    times = (
        (_("Sent after, on average"), found.to_send),
        (_("Arrived after, on average"), found.to_deliver),
        (_("Reviews answered after"), found.to_answer),
    )
    cells = [Cell(score_text(found), _("Stars"), "num")] if found.score_hundredths is not None else []
    cells += [Cell(f"{_decimal(rate)}\u00a0%", label, "num") for label, rate in rates if rate is not None]
    return cells + [Cell(_span(time), label, "num") for label, time in times if time is not None]


def _decimal(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _span(time: timedelta) -> str:
    """In whole hours, from two days on in days; half up."""
    if time >= 2 * DAY:
        days = (time + DAY / 2) // DAY
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    hours = max(1, (time + HOUR / 2) // HOUR)
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
