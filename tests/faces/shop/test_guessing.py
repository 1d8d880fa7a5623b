"""Coupon codes typed at the checkout are counted: guessing ends, and nothing else of the checkout does."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.test import Client

from tests.support.builders import Shop
from tests.support.people import an_address
from tongdao.faces.kit.guessing import CODES_BY_ADDRESS, CODES_OF_BUYER, count_codes
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.throttling import TooManyTries, take


def a_buyer(shop: Shop) -> tuple[Client, str]:
    """A browser with something in the cart, and the address of its checkout."""
    browser = Client(REMOTE_ADDR="2001:db8:7::1")
    data = {"sku": str(shop.skus[0]), "quantity": "1"}
    browser.post(f"/s/{shop.slug}/p/tea-1/choose", data, headers={"origin": "http://testserver"})
    return browser, f"/s/{shop.slug}/checkout"


def out_of_tries(browser: Client) -> None:
    buyer = browser.session["_auth_user_id"]
    with suppress(TooManyTries):
        while True:
            take(CODES_OF_BUYER, buyer)


def typed(shop: Shop, **more: str) -> dict[str, str]:
    return {"key": token(32), "line": f"{shop.skus[0]}:1:0", **more}


@pytest.mark.parametrize(
    "guess", [{"code": "SPRING", "step": "code"}, {"applied": "SPRING", "step": "coupons"}]
)
def test_guessing_ends_and_the_form_stays(shop: Shop, guess: dict[str, str]) -> None:
    browser, path = a_buyer(shop)
    assert browser.post(path, typed(shop, **guess)).status_code == 200
    out_of_tries(browser)
    answer = browser.post(path, typed(shop, recipient="林小满", **guess))
    page = answer.content.decode()
    assert answer.status_code == 429 and 'value="林小满"' in page and "SPRING" not in page


def test_a_code_in_the_address_counts_too(shop: Shop) -> None:
    browser, path = a_buyer(shop)
    out_of_tries(browser)
    assert browser.get(path, {"applied": "SPRING"}).status_code == 429
    assert browser.get(path).status_code == 200


def test_who_types_no_code_is_never_held_up(shop: Shop) -> None:
    browser, path = a_buyer(shop)
    out_of_tries(browser)
    assert browser.post(path, typed(shop, step="best")).status_code == 200


def test_new_guests_from_one_address_are_counted_together() -> None:
    address = an_address()
    for _ in range(CODES_BY_ADDRESS.burst - 1):
        take(CODES_BY_ADDRESS, address)
    with pytest.raises(TooManyTries):
        for _ in range(10):
            count_codes(address, uuid7())
