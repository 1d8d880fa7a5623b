"""Every page of every face under axe-core, in Chromium: nothing serious, nothing critical, light and dark.

All rules run in the light; in the dark those about colour, since nothing else differs there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from bench.screens.places import Place
from bench.screens.worlds import World, cookies_of
from tests.faces.looking import is_page, pages, path_of
from tests.faces.shop.visits import on_a_port
from tests.support.browsing import PHONE_AGENT, chromium_at

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GRAVE = ("serious", "critical")
DESKS = ("console", "operator")
COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
AXE = Axe()


@pytest.fixture(scope="module")
def contexts(cluster: object, chromium: str, world: World) -> Iterator[dict[str, BrowserContext]]:
    """One browser a face, signed in: a desk's is wide, all others are phones."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    made: dict[str, BrowserContext] = {}
    with on_a_port() as site, chromium_at(chromium) as browser:
        for face in dict.fromkeys(place.face for place in pages()):
            wide = face in DESKS
            made[face] = browser.new_context(
                base_url=site,
                locale="zh-CN",
                user_agent=None if wide else PHONE_AGENT,
                viewport={"width": 1440, "height": 900} if wide else {"width": 390, "height": 844},
                reduced_motion="reduce",
            )
            cookies = cookies_of(world, face)
            made[face].add_cookies([{"name": n, "value": v, "url": site} for n, v in cookies.items()])
        yield made
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def faults(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    found = AXE.run(page, options=options or {}).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:160]}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"][:3]
    ]


@pytest.mark.parametrize("place", pages(), ids=lambda place: place.name)
def test_a_page_keeps_nobody_out(place: Place, world: World, contexts: dict[str, BrowserContext]) -> None:
    path = path_of(place, world)
    if path is None or not is_page(place, world, path):  # this world has none of it, or nobody looks at it
        return
    page = contexts[place.face].new_page()
    try:
        page.emulate_media(color_scheme="light")
        page.goto(path)
        assert unquote(page.url).endswith(unquote(path)), "the viewer was led elsewhere"
        assert faults(page) == []
        page.emulate_media(color_scheme="dark")
        assert faults(page, COLOUR) == []
    finally:
        page.close()


def test_axe_would_find_something(contexts: dict[str, BrowserContext]) -> None:
    page = contexts["shop"].new_page()
    page.set_content(
        '<html lang="en"><title>x</title><main><h1>x</h1><button></button>'
        '<p style="color:#aaa;background:#fff">pale</p></main>'
    )
    found = " ".join(faults(page))
    page.close()
    assert "button-name" in found and "color-contrast" in found
