"""Figures about persons: numbers that change hands, and how their data is taken out and erased."""

from __future__ import annotations

from datetime import date, timedelta

from tongdao.rulebook.registry import OWN, Rule, define

NUMBER_FREEZE = define(
    "people.number_freeze",
    Rule(
        timedelta(days=90),
        date(2005, 4, 20),
        "Telecommunications Service Specification (MII Order 36, 2005), annex on mobile services",
        "U",
    ),
)
"""The shortest time between a number's end and its next holder: proven since, it is still its holder's."""

ERASURE_COOLING_OFF = define(
    "people.erasure_cooling_off", Rule(timedelta(days=7), date(2021, 11, 1), OWN, "A")
)
"""Between asking to be erased and being erased: as long as it can be taken back. PIPL (2021) Art. 47 asks for
erasure in time, and closing an account may take 15 working days."""

TAKE_OUT_LIFE = define("people.take_out_life", Rule(timedelta(days=3), date(2021, 11, 1), OWN, "A"))
"""How long a copy of one's data (PIPL Art. 45) is kept for its person."""
