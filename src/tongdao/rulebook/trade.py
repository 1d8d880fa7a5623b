"""Buying and selling: timers, returns, price display, attribution, tax and identity windows."""

from __future__ import annotations

from datetime import date, timedelta

from tongdao.rulebook.calendar import last_day
from tongdao.rulebook.registry import OWN, Rule, define

BOOK_START = date(2026, 1, 1)
"""First day of our own choices: the start of the year, so that trade imported from it can be read."""

_RETURNS = "Consumer Protection Law Art. 25; Interim Measures for Seven-Day No-Reason Returns (2017)"
_LAW = "E-Commerce Law (2018)"
_PROMOTION = "Interim Provisions on Regulating Promotional Acts (2020) Art. 21"

UNPAID_CLOSE = define("trade.unpaid_close", Rule(timedelta(minutes=30), BOOK_START, OWN, "A"))
"""How long an order holds its goods unpaid."""

CHANNEL_EXPIRY_MARGIN = define(
    "trade.channel_expiry_margin", Rule(timedelta(minutes=2), BOOK_START, OWN, "A")
)
"""The payment channel's order expires this much before our reservation: a late payer finds the goods."""

AUTO_CONFIRM_EXPRESS = define("trade.auto_confirm_express", Rule(timedelta(days=10), BOOK_START, OWN, "A"))
AUTO_CONFIRM_INSTANT = define("trade.auto_confirm_instant", Rule(timedelta(days=2), BOOK_START, OWN, "A"))
"""Virtual goods and pick-up."""

AUTO_CONFIRM_EXTENSIONS = define("trade.auto_confirm_extensions", Rule(1, BOOK_START, OWN, "A"))
"""How often a buyer may push the automatic confirmation back."""

ATTRIBUTION_WINDOW = define("trade.attribution_window", Rule(timedelta(days=30), BOOK_START, OWN, "A"))
"""How long after opening a shared link a purchase still counts for its promoter."""

RETURN_WINDOW_DAYS = define("trade.return_window_days", Rule(7, date(2014, 3, 15), _RETURNS, "B"))
"""Whole days, the first being the day after signing: see `return_window_ends`."""

REFUND_WITHIN_DAYS = define("trade.refund_within_days", Rule(7, date(2014, 3, 15), _RETURNS, "B"))
"""Days from receiving the returned goods to the refund."""

PRICE_BASE_DAYS = define("trade.price_base_days", Rule(7, date(2020, 12, 1), _PROMOTION, "U"))
"""A discount is measured against the lowest price of so many days before it, unless it states a base."""

REVIEW_FOLLOW_UP = define("trade.review_follow_up", Rule(timedelta(days=180), BOOK_START, OWN, "A"))
"""How long after a review its writer may add the one follow-up."""

TALK_AFTER_END = define("trade.talk_after_end", Rule(timedelta(days=180), BOOK_START, OWN, "A"))
"""How long after an order has ended its buyer and the shop may still write to each other about it."""

LOTTERY_TOP_PRIZE_FEN = define(
    "trade.lottery_top_prize_fen",
    Rule(5_000_000, date(2020, 12, 1), "Interim Provisions on Regulating Promotional Acts (2020)", "U"),
)

RULE_CHANGE_NOTICE_DAYS = define("trade.rule_change_notice_days", Rule(7, date(2019, 1, 1), _LAW, "B"))
MAJOR_CHANGE_NOTICE_DAYS = define("trade.major_change_notice_days", Rule(15, date(2019, 1, 1), _LAW, "B"))
OPERATOR_REVERIFY_MONTHS = define("trade.operator_reverify_months", Rule(6, date(2019, 1, 1), _LAW, "B"))

PETTY_EXEMPT_YEAR_FEN = define("trade.petty_exempt_year_fen", Rule(10_000_000, date(2019, 1, 1), _LAW, "U"))
"""A natural person's yearly sales under which registration may be exempt."""

PETTY_WARN_YEAR_FEN = define("trade.petty_warn_year_fen", Rule(8_000_000, BOOK_START, OWN, "A"))

WAYBILL_HIDDEN_PHONE_DIGITS = define(
    "trade.waybill_hidden_phone_digits",
    Rule(6, date(2022, 7, 1), "courier waybill privacy rules (name, phone, unit and room hidden)", "B"),
)
"""At least this many digits of the phone stay hidden on a waybill: 1******5678."""


def return_window_ends(signed_on: date) -> date:
    """The last day on which a no-reason return may be asked for, counted from the day after signing and never
    a rest day (rulebook.calendar).

    The figure is the one in force on the day of signing; both are Beijing dates.
    """
    return last_day(signed_on, RETURN_WINDOW_DAYS.on(signed_on))
