"""A browser without scripts: reads the forms of a page and sends them as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148"
DESK = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


@dataclass
class Form:
    """`values` are those that a browser would send; `buttons` the named ones it could be sent with."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


class Page(HTMLParser):
    """One answer of the shop: its status, text, and forms."""

    def __init__(self, answer: Any, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.answer, self.path = answer, path
        self.status: int = answer.status_code
        self.html: str = answer.content.decode()
        self.forms: list[Form] = []
        self._select: tuple[str, bool] | None = None
        self._textarea: str | None = None
        self.feed(self.html)

    def form(self, end_of_action: str = "") -> Form:
        """The first form that leads to an address of this end."""
        return next(form for form in self.forms if form.action.split("?")[0].endswith(end_of_action))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append(Form(given.get("action") or self.path))
        elif self.forms and given.get("name"):
            self._control(tag, given, str(given["name"]))
        elif tag == "option" and self._select:
            self._option(given)

    def _control(self, tag: str, given: dict[str, str | None], name: str) -> None:
        form, value = self.forms[-1], given.get("value") or ""
        if tag == "button":
            form.buttons.append((name, value))
        elif tag == "textarea":
            form.add(name, "")
            self._textarea = name
        elif tag == "select":
            self._select = (name, False)
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            form.add(name, value)

    def _option(self, given: dict[str, str | None]) -> None:
        assert self._select is not None
        name, seen = self._select
        if "selected" in given or not seen:
            self.forms[-1].values[name] = [given.get("value") or ""]
            self._select = (name, True)

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1].values[self._textarea] = [data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = None
        elif tag == "select":
            self._select = None


class Browser:
    """Follows redirects inside the shop; one that leads elsewhere is kept in `outside`."""

    def __init__(self, agent: str = PHONE, language: str = "en") -> None:
        self.client = Client(
            enforce_csrf_checks=True, headers={"user-agent": agent, "accept-language": language}
        )
        self.outside = ""
        self.origin = {"origin": "http://testserver"}

    def get(self, path: str, **options: Any) -> Page:
        return self._follow(self.client.get(path, **options), path)

    def send(self, form: Form, button: tuple[str, str] | None = None, **typed: str) -> Page:
        """Send a form as it stands, with what was `typed` into it."""
        values = form.values | {name: [value] for name, value in typed.items()}
        if button:
            values[button[0]] = [button[1]]
        return self._follow(self.client.post(form.action, values, headers=self.origin), form.action)

    def _follow(self, answer: Any, path: str) -> Page:
        self.outside = ""
        while answer.status_code in (301, 302, 303):
            path = answer["Location"]
            if path.startswith("http"):
                self.outside = path
                break
            answer = self.client.get(path)
        return Page(answer, path)


ADDRESS = {"recipient": "林小满", "phone": "13812345678", "detail": "文三路 90 号 2 单元 501"}


def put_into_cart(browser: Browser, slug: str, handle: str = "tea-1", quantity: str = "1") -> Page:
    page = browser.get(f"/s/{slug}/p/{handle}")
    return browser.send(page.form("/choose"), ("then", "cart"), quantity=quantity)


def fill_region(browser: Browser, page: Page) -> Page:
    """Step by step, as without scripts: each time the form is sent for the next select."""
    page = browser.send(page.form("/checkout"), ("step", "region"), province="330000", **ADDRESS)
    page = browser.send(page.form("/checkout"), ("step", "region"), city="330100")
    return browser.send(page.form("/checkout"), ("step", "region"), county="330106")


def order_something(browser: Browser, slug: str) -> Page:
    """From the product to the answer of the last button."""
    put_into_cart(browser, slug)
    return browser.send(fill_region(browser, browser.get(f"/s/{slug}/checkout")).form("/checkout"))


def back(browser: Browser, address: str) -> Page:
    """As somebody else's page leads the browser here."""
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}")
