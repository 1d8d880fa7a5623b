"""Taking pictures of pages: one browser, a context for each look, a file for each shot."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from bench.screens.places import Place, values_for
from bench.screens.worlds import World, cookies_of

State = Literal["full", "empty", "loading", "error", "huge"]
STATES: tuple[State, ...] = ("full", "empty", "loading", "error", "huge")
FLAGS: tuple[str, ...] = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
FLAGS += ("--disable-background-networking", "--disable-component-update", "--disable-sync")
TALLEST = 2_400  # pixels of a page that are kept
SLOW = ("image", "script", "font", "media")
HEIGHT = "document.documentElement.scrollHeight"
WIDE = "document.documentElement.scrollWidth > window.innerWidth + 1"
# The page's own form with everything in it taken out; false: there is none that needs something, and one that
# needs nothing would be obeyed.
EMPTY_FORM = """() => {
  const form = [...document.querySelectorAll('main form[method=post]')]
    .find((one) => one.querySelector('[required]'));
  if (!form) return false;
  form.noValidate = true;
  for (const field of form.querySelectorAll('input:not([type=hidden]):not([type=radio]), textarea, select')) {
    if (field.type === 'checkbox') field.checked = false;
    else if (field.type !== 'file') field.value = '';
  }
  form.dataset.emptied = '';
  return true;
}"""
SEND = "document.querySelector('form[data-emptied]').requestSubmit()"


@dataclass(frozen=True)
class Look:
    language: str  # zh-CN, en
    scheme: Literal["light", "dark"]
    width: int
    height: int

    @property
    def name(self) -> str:
        return f"{self.language[:2]}-{self.scheme}-{self.width}"


LOOKS = tuple(
    Look(language, scheme, width, height)
    for width, height in ((390, 844), (1440, 900))
    for language in ("zh-CN", "en")
    for scheme in ("light", "dark")
)


@dataclass(frozen=True)
class Shot:
    """`status` of the page, `wide`: it is wider than the screen, `said`: what the browser complained of."""

    place: str
    face: str
    state: State
    look: str
    status: int
    wide: bool
    said: tuple[str, ...]
    file: str


@contextmanager
def browser_at(chromium: str) -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # its event loop in this thread is the browser's alone
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


def take(
    browser: Browser,
    base: str,
    world: World,
    state: State,
    look: Look,
    face: str,
    wanted: list[Place],
    out: Path,
) -> Iterator[Shot]:
    """Pages of one face in one state and look; those that this world does not have are left out.

    What sends its viewer elsewhere (a sign-in, to whoever is signed in) is shown to somebody unknown.
    """
    (out / face).mkdir(parents=True, exist_ok=True)
    viewers = [cookies_of(world, face)]
    viewers += [{}] if viewers[0] else []
    contexts = [_context(browser, base, cookies, state, look) for cookies in viewers]
    for place in wanted:
        values = values_for(place, world)
        if values is None:
            continue
        for context in contexts:
            shot = _shoot(context.new_page(), place, values, state, look, out)
            if shot and (shot.status < 400 or state == "error" or context is contexts[0]):
                yield shot
                break
    for context in contexts:
        context.close()


def _context(
    browser: Browser, base: str, cookies: dict[str, str], state: State, look: Look
) -> BrowserContext:
    context = browser.new_context(
        base_url=base,
        viewport={"width": look.width, "height": look.height},
        locale=look.language,
        color_scheme=look.scheme,
        is_mobile=look.width < 700,
        has_touch=look.width < 700,
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    context.set_default_timeout(20_000)
    if state == "loading":
        context.route(
            "**/*", lambda route: route.abort() if route.request.resource_type in SLOW else route.continue_()
        )
    return context


def _shoot(
    page: Page, place: Place, values: dict[str, str], state: State, look: Look, out: Path
) -> Shot | None:
    """In a page of its own, since an answer without a page is followed by one of the browser's.

    The window is made as tall as the page, so that bars at its foot hide nothing.
    """
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda told: said.append(told.text) if told.type == "error" else None)
    try:
        status = _open(page, place, values, state)
        if status is None:
            return None
        height = min(max(int(page.evaluate(HEIGHT)), look.height), TALLEST)
        page.set_viewport_size({"width": look.width, "height": height})
        file = f"{place.face}/{place.name.partition(':')[2]}-{state}-{look.name}.jpg"
        page.screenshot(path=out / file, type="jpeg", quality=70)
        wide = bool(page.evaluate(WIDE))
        return Shot(place.name, place.face, state, look.name, status, wide, tuple(said), file)
    except Error:  # only a form leads there, or it is a file
        return None
    finally:
        page.close()


def _open(page: Page, place: Place, values: dict[str, str], state: State) -> int | None:
    """The status of what is shown; None where the address is no page (a form's target), leads away, or
    there is nothing of the kind."""
    path = place.path(values)
    answer = page.goto(path, wait_until="domcontentloaded" if state == "loading" else "load")
    if answer is None or answer.status in (404, 405) or not page.url.partition("?")[0].endswith(path):
        return None
    return answer.status if state != "error" else _go_wrong(page, place, values)


def _go_wrong(page: Page, place: Place, values: dict[str, str]) -> int | None:
    """Its form sent empty; without one, its address with an id of nothing; without either, no such state."""
    if page.evaluate(EMPTY_FORM):
        with suppress(Error), page.expect_navigation(timeout=5_000) as sent:
            page.evaluate(SEND)
        return int(sent.value.status) if sent.is_done() and sent.value else None
    own = [name for name in place.parameters if name not in ("slug", "merchant_id")]
    if not own:
        return None
    answer = page.goto(place.path(values | {name: str(uuid.uuid4()) for name in own}))
    return answer.status if answer else None
