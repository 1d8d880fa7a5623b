"""A phone and a desk in real Chromium, with pictures of every page that they stop at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright

PICTURES = Path(__file__).parents[2] / "build" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE_AGENT = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"  # as its makers say it
    " Chrome/130.0 Mobile Safari/537.36"
)


class Visitor:
    """One person with one browser window. `complaints` is what the browser's console said."""

    def __init__(self, context: BrowserContext, name: str) -> None:
        self.page: Page = context.new_page()
        self.name = name
        self.taken = 0
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.set_default_timeout(20_000)

    def picture(self, what: str) -> None:
        """Keep a picture of the page as it stands, numbered in the order of the walk."""
        self.taken += 1
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{self.name}-{self.taken:02d}-{what}.png"
        for last in (False, False, True):
            try:
                self.page.screenshot(path=path)
                return
            except Error:  # "unable to capture": on a busy machine the browser drew no frame in time
                if last:
                    raise
                self.page.wait_for_timeout(500)

    def reload_until(self, text: str, *, times: int = 60) -> None:
        """What happens elsewhere takes a moment: look again, as a person would."""
        for _ in range(times):
            if self.page.get_by_text(text).first.is_visible():
                return
            self.page.wait_for_timeout(500)
            self.page.reload()
        raise AssertionError(f"{text} did not come: {self.page.inner_text('body')[:800]}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location})")


@contextmanager
def chromium_at(path: str) -> Iterator[Browser]:
    expect.set_options(timeout=20_000)  # a machine that does three things at once answers late, not wrongly
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def on_the_phone(
    browser: Browser, name: str = "phone", *, dark: bool = False, scripts: bool = True
) -> Visitor:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        user_agent=PHONE_AGENT,
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
        has_touch=True,
        is_mobile=True,
    )
    return Visitor(context, name)


def at_the_desk(browser: Browser, name: str = "desk", *, dark: bool = False) -> Visitor:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="zh-CN",
        color_scheme="dark" if dark else "light",
    )
    return Visitor(context, name)
