"""Coupon codes are typed, so they can be guessed: whatever carries some counts, for each face alike."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from tongdao.foundation.throttling import Limit, take

CODES_OF_BUYER = Limit("codes_of_buyer", 30, timedelta(seconds=30))
CODES_BY_ADDRESS = Limit("codes_by_address", 120, timedelta(seconds=5))
"""Guests are made in a moment: one who is out of tries comes back as another."""


def count_codes(address: str, person_id: UUID | None) -> None:
    """One try. Outside any scope. Raises TooManyTries."""
    take(CODES_BY_ADDRESS, address)
    take(CODES_OF_BUYER, str(person_id))
