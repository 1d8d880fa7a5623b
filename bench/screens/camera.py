"""Taking pictures of pages: one browser, a context for each look, a file for each shot."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Error, Page, sync_playwright

from bench.screens.places import Place, values_for
from bench.screens.worlds import World, cookies_of

State = Literal["full", "empty", "loading", "error", "huge"]
STATES: tuple[State, ...] = ("full", "empty", "loading", "error", "huge")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
FLAGS += ("--disable-background-networking", "--disable-component-update", "--disable-sync")
TALLEST = 2_400  # pixels of a page that are kept
SLOW = ("image", "script", "font", "media")
# Sends the page's own form with everything in it taken out; false: there is none.
SEND_EMPTY = """() => {
  const form = [...document.querySelectorAll('main form[method=post]')]
    .find((one) => one.id !== 'hearts' && !/setlang|sign-out|end-device/.test(one.action));
  if (!form) return false;
  form.noValidate = true;
  for (const field of form.querySelectorAll('input:not([type=hidden]):not([type=radio]), textarea, select')) {
    if (field.type === 'checkbox') field.checked = false;
    else if (field.type !== 'file') field.value = '';
  }
  form.requestSubmit();
  return true;
}"""


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
    """Pages of one face in one state and look; those that this world does not have are left out."""
    context = browser.new_context(
        base_url=base,
        viewport={"width": look.width, "height": look.height},
        locale=look.language,
        color_scheme=look.scheme,
        is_mobile=look.width < 700,
        has_touch=look.width < 700,
        reduced_motion="reduce",
    )
    cookies = cookies_of(world, face)
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    context.set_default_timeout(20_000)
    if state == "loading":
        context.route(
            "**/*", lambda route: route.abort() if route.request.resource_type in SLOW else route.continue_()
        )
    for place in wanted:
        values = values_for(place, world)
        if values is not None:
            shot = _shoot(context.new_page(), place, values, state, look, out)
            if shot:
                yield shot
    context.close()


def _shoot(
    page: Page, place: Place, values: dict[str, str], state: State, look: Look, out: Path
) -> Shot | None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda told: said.append(told.text) if told.type == "error" else None)
    try:
        status = _open(page, place, values, state)
        if status is None:
            return None
        file = f"{place.face}/{place.name.partition(':')[2]}-{state}-{look.name}.jpg"
        (out / place.face).mkdir(parents=True, exist_ok=True)
        height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
        clip = {"x": 0, "y": 0, "width": look.width, "height": max(height, look.height)}
        page.screenshot(path=out / file, type="jpeg", quality=70, full_page=True, clip=clip)
        wide = bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))
        return Shot(place.name, place.face, state, look.name, status, wide, tuple(said), file)
    except Error:  # only a form leads there, or it is a file
        return None
    finally:
        page.close()


def _open(page: Page, place: Place, values: dict[str, str], state: State) -> int | None:
    """The status of what is shown; None where the address is no page (a form's target) or leads away."""
    answer = page.goto(place.path(values), wait_until="domcontentloaded" if state == "loading" else "load")
    if answer is None or answer.status == 405 or page.url.rstrip("/").rpartition("/")[0] == "":
        return None
    if answer.request.redirected_from is not None and state != "full":
        return None
    if state != "error":
        return answer.status
    return _go_wrong(page, place, values)


def _go_wrong(page: Page, place: Place, values: dict[str, str]) -> int | None:
    """Its form sent empty; without one, its address with an id of nothing; without either, no such state."""
    try:
        with page.expect_navigation(timeout=4_000) as sent:
            if not page.evaluate(SEND_EMPTY):
                raise LookupError
        return sent.value.status if sent.value else 200
    except (LookupError, Error):
        own = [name for name in place.parameters if name not in ("slug", "merchant_id")]
        if not own:
            return None
    wrong = values | {name: str(uuid.uuid4()) for name in own}
    answer = page.goto(place.path(wrong))
    return answer.status if answer else None
