"""Numbers of persons: how long a carrier keeps a given-up one from others."""

from __future__ import annotations

from datetime import date, timedelta

from tongdao.rulebook.registry import Rule, define

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
