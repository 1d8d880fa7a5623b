"""Letting a browser in without going through the pages for it."""

from __future__ import annotations

from django.test import Client

from tongdao.faces.console.sessions import DESK, SHIFT
from tongdao.foundation import clock
from tongdao.party.people.sign_in import SIGNED_AT


def at_desk(browser: Client) -> Client:
    """Who is signed in did so at the console's door, just now."""
    session, now = browser.session, int(clock.now().timestamp())
    session[DESK], session[SIGNED_AT] = now + SHIFT, now
    session.save()
    return browser
