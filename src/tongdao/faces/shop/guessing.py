"""Coupon codes are typed, so they can be guessed: each form that carries some counts."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest

from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.choices import CODE
from tongdao.faces.shop.typed import text
from tongdao.foundation.throttling import Limit, take
from tongdao.party.people.visitors import visitor_address

CODES_OF_BUYER = Limit("codes_of_buyer", 30, timedelta(seconds=30))
CODES_BY_ADDRESS = Limit("codes_by_address", 120, timedelta(seconds=5))
"""Guests are made in a moment: one who is out of tries comes back as another."""


def count_codes(request: HttpRequest) -> None:
    """Outside any scope. Raises TooManyTries."""
    sent = request.POST if request.method == "POST" else request.GET
    if not (text(sent, "code", CODE) or sent.getlist("applied")):
        return
    take(CODES_BY_ADDRESS, visitor_address(request))
    take(CODES_OF_BUYER, str(buyer_of(request)))
