"""After the sale: by when each side must have moved, and what happens when it has not.

A sheet whose name ends in `_DAYS` holds whole days in Beijing, the first being the day after the event it is
counted from; `rulebook.calendar.last_day` tells the last of them, which is never a statutory rest day (Civil
Code Art. 203). All others are a `timedelta`, counted to the minute. A case keeps the figures of the day on
which it was opened.
"""

from __future__ import annotations

from datetime import date, timedelta

from tongdao.rulebook.registry import OWN, Rule, define
from tongdao.rulebook.trade import BOOK_START

_RETURNS = "Consumer Protection Law Art. 25; Interim Measures for Seven-Day No-Reason Returns (2017)"

SELLER_ANSWERS = define("aftersales.seller_answers", Rule(timedelta(hours=48), BOOK_START, OWN, "A"))
"""From the buyer's claim to the seller's yes or no; silence is a yes."""

BUYER_SHIPS_BACK = define("aftersales.buyer_ships_back", Rule(timedelta(days=7), BOOK_START, OWN, "A"))
"""From the seller's yes until the goods are on their way back; then the claim lapses, and may be made anew
while the promise still stands."""

SELLER_CHECKS_DAYS = define(
    "aftersales.seller_checks_days", Rule(7, date(2014, 3, 15), f"{_RETURNS} Art. 25(3)", "B")
)
"""Whole days from the arrival of the returned goods until the money is back; silence is a yes."""

UNRECEIVED_AFTER = define("aftersales.unreceived_after", Rule(timedelta(days=10), BOOK_START, OWN, "A"))
"""After the buyer sent goods back and the carrier tells nothing: they count as arrived, unless the seller
says that they did not come."""

REPLACEMENT_WITHIN = define("aftersales.replacement_within", Rule(timedelta(days=7), BOOK_START, OWN, "A"))
"""From the arrival of what is exchanged or repaired until the replacement is on its way; then the buyer may
take the money instead."""

REPLACEMENT_CONFIRM = define("aftersales.replacement_confirm", Rule(timedelta(days=10), BOOK_START, OWN, "A"))
"""From sending a replacement until it counts as received, as with the first parcel."""

REFUSED_MAY_ESCALATE = define(
    "aftersales.refused_may_escalate", Rule(timedelta(days=7), BOOK_START, OWN, "A")
)
"""How long a buyer whose claim was refused may call the platform; then the case is closed."""

DISPUTE_ANSWER = define("aftersales.dispute_answer", Rule(timedelta(days=3), BOOK_START, OWN, "A"))
"""How long each side may state its case; then the platform rules on what it has."""

ARBITRATION_WITHIN = define("aftersales.arbitration_within", Rule(timedelta(days=7), BOOK_START, OWN, "A"))
"""From the end of the statements to the platform's ruling."""

APPEAL_WITHIN = define("aftersales.appeal_within", Rule(timedelta(days=7), BOOK_START, OWN, "A"))
"""How long a ruling may be appealed, once; then it is final."""

QUALITY_CLAIM_DAYS = define("aftersales.quality_claim_days", Rule(15, BOOK_START, OWN, "A"))
"""Whole days from receipt in which defective goods may be exchanged, repaired or given back for the money,
also where a no-reason return is excluded. Our own figure, after the idea of the three guarantees (repair,
exchange, return); the guarantees that law sets for a kind of goods are longer and stand beside it."""

CASE_REOPENS = define("aftersales.case_reopens", Rule(2, BOOK_START, OWN, "A"))
"""How many more claims a buyer may make for the same units after the first ended without money."""

WARN_BEFORE = define("aftersales.warn_before", Rule(timedelta(hours=12), BOOK_START, OWN, "A"))
"""How long before a deadline the side that must act is told."""
