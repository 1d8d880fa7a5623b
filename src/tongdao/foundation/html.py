"""HTML written by merchants: what may stay in a product body, and its plain text.

The allow-list: text, lists, h2 to h4, tables, https images, links with a full address. No style, script,
event handler, form or frame. Links open without a referrer and pass no rank.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

HTML_MAX = 65_536  # deep nesting costs the parser quadratic time: 0.4 s at this length, 6 s at four times it
INLINE = frozenset({"strong", "em", "b", "i", "a", "img"})
TEXT_BLOCKS = frozenset({"p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "blockquote"})
TABLE = frozenset({"table", "caption", "thead", "tbody", "tr", "th", "td"})
BLOCKS = TEXT_BLOCKS | TABLE
TAGS = INLINE | BLOCKS
ATTRIBUTES = {"img": {"src", "alt", "width", "height"}, "a": {"href"}}
CELL_SPANS = {str(n) for n in range(1, 21)}
SPANS = {tag: {"colspan": CELL_SPANS, "rowspan": CELL_SPANS} for tag in ("td", "th")}
LINK_SCHEMES = {"https", "http", "mailto", "tel"}

# The HTML parser re-opens every differing formatting element in every later block: 35 KB of <b id=1>,
# <b id=2> … became 42 MB of text and 1.5 GB of memory. Without attributes it keeps at most three of a kind.
_FORMATTING = re.compile(
    r"<(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/])[^>]*>", re.IGNORECASE
)


# A link inside a link around a table is written out so that it reads as something else: clean that too.
CLEANINGS = 6


class HtmlTooLong(ValueError):
    """More than HTML_MAX characters of HTML."""


def sanitise(html: str) -> str:
    """The safe part of some HTML, well formed. Cleaning it again changes nothing. Raises HtmlTooLong."""
    if len(html) > HTML_MAX:
        raise HtmlTooLong(f"at most {HTML_MAX} characters of HTML")
    for _ in range(CLEANINGS):
        html, before = _clean(html), html
        if html == before:
            return html
    return nh3.clean(html, tags=set())


def _clean(html: str) -> str:
    return nh3.clean(
        _without_formatting_attributes(html),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_filter,
        tag_attribute_values=SPANS,
        url_schemes=LINK_SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def plain_text(html: str, limit: int) -> str:
    """The text of some HTML on one line, at most `limit` characters, the last one … where it was cut."""
    reader = _Text()
    reader.feed(sanitise(html[:HTML_MAX]))
    reader.close()
    text = " ".join("".join(reader.parts).split())
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"


def _filter(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src" and not value.strip().lower().startswith("https://"):
        return None
    if attribute in {"width", "height"} and not (value.isascii() and value.isdigit() and len(value) <= 4):
        return None
    return value


def _without_formatting_attributes(html: str) -> str:
    end = html.rfind(">") + 1  # beyond it no tag ends, and the pattern would search the rest again and again
    return _FORMATTING.sub(r"<\1>", html[:end]) + html[end:]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
