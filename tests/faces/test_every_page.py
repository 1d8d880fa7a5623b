"""Every page of every face, without a browser: its headers, its forms, and nothing inline.

What the faces' own pages promise is walked here from the table of addresses, so that a new page is tried
without a line of its own. Guessing, planted sessions, where signing in leads: tests/faces/test_entering.py.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bench.screens.places import Place
from bench.screens.worlds import World
from tests.faces.looking import browser_of, pages, path_of
from tongdao.faces.shop.own_page import from_own_page

ALL = pytest.mark.parametrize("place", pages(), ids=lambda place: place.name)
INLINE = re.compile(
    r"<[^>]+\s(?:style|on[a-z]+)=|<script(?![^>]*(?:src=|application/json))|<style|javascript:"
)
POST_FORM = re.compile(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", re.S | re.I)
EVIL = "https://evil.example/"


@cache
def answer_of(place: Place, world: World) -> Any:
    """What the page says to whom it is for; None where this world has none of it, or it only takes a form."""
    path = path_of(place, world)
    answer = browser_of(place, world).get(path, headers={"accept-language": "en"}) if path else None
    return None if answer is None or answer.status_code == 405 else answer


@ALL
def test_a_page_holds_its_policy_and_is_in_no_frame(place: Place, world: World) -> None:
    answer = answer_of(place, world)
    if answer is None:
        return
    policy = dict(part.split(maxsplit=1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["script-src"].split()[0] == "'self'"
    assert (policy["object-src"], policy["base-uri"]) == ("'none'", "'none'")
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe-inline" not in policy["script-src"] + policy["style-src"]
    assert "unsafe-eval" not in policy["script-src"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    if answer["Content-Type"].startswith("text/html") and not answer.streaming:
        assert not INLINE.search(answer.content.decode())


@ALL
def test_a_page_that_is_somebodys_is_kept_by_nobody(place: Place, world: World) -> None:
    """Shared pages are asked for again each time; own ones are not even kept for going back."""
    answer = answer_of(place, world)
    if answer is None or answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return
    kept = answer.get("Cache-Control", "")
    assert "public" not in kept
    if place.face == "console":
        assert "no-store" in kept or "private" in kept, kept


@ALL
def test_forms_of_a_page_carry_a_secret_or_name_where_they_come_from(place: Place, world: World) -> None:
    """A POST without either is refused; and a page's own form holds one where its target asks for it."""
    path = path_of(place, world)
    if path is None:
        return
    browser = browser_of(place, world)
    stranger = browser.post(path, {"x": "1"}, headers={"origin": "https://evil.example"})
    assert stranger.status_code in (403, 405), stranger.status_code
    answer = answer_of(place, world)
    if answer is None or answer.streaming or not answer["Content-Type"].startswith("text/html"):
        return
    for form in POST_FORM.findall(answer.content.decode()):
        assert "csrfmiddlewaretoken" in form or _from_own_page(form), form[:300]


def _from_own_page(form: str) -> bool:
    """Whether the view it leads to takes forms without a secret, by where they come from."""
    from django.urls import resolve

    action = re.search(r'action="([^"?#]+)', form)
    assert action, form[:200]
    made: Any = resolve(action[1]).func
    return bool(getattr(made, "csrf_exempt", False)) and made.__code__ is _GUARD


_GUARD = from_own_page(lambda request: request).__code__  # type: ignore[arg-type,return-value]


@ALL
def test_a_page_leads_to_no_other_site_because_it_was_told_to(place: Place, world: World) -> None:
    path = path_of(place, world)
    if path is None:
        return
    told = dict.fromkeys(("next", "back", "url", "return", "redirect", "to"), EVIL)
    answer = browser_of(place, world).get(path, told)
    assert "evil.example" not in answer.get("Location", "").split("?")[0]
    if answer.status_code == 200 and not answer.streaming:
        assert f'href="{EVIL}' not in answer.content.decode()


def test_the_cookies_are_out_of_reach_of_scripts_and_of_other_sites() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert settings.CSRF_COOKIE_SAMESITE == "Lax"


def test_a_language_is_chosen_from_our_own_forms_and_leads_nowhere_else() -> None:
    answer = Client().post("/i18n/setlang/", {"language": "en", "next": EVIL})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Client(enforce_csrf_checks=True).post("/i18n/setlang/", {"language": "en"}).status_code == 403
