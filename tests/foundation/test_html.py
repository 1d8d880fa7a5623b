from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tongdao.foundation.html import ATTRIBUTES, HTML_MAX, SPANS, TAGS, HtmlTooLong, plain_text, sanitise

pytestmark = pytest.mark.pure

PIECES = [
    "<p>", "</p>", "<b id=1>", "</b>", "<a href='javascript:alert(1)'>", "<a href=https://a.example/?x=1&y=2>",
    "</a>", "<img src=x onerror=alert(1)>", "<img src=https://a.example/x.png alt='<b>'>", "<svg>", "<math>",
    "<style>", "</style>", "<script>", "</script>", "<table>", "<td colspan=2>", "<td rowspan=9999>",
    "<mtext>", "<textarea>", "</textarea>", "<!--", "-->", "<![CDATA[", "]]>", "<noscript>", "<template>",
    "<iframe src=x>",
    "&lt;", "&#x3c;script&#x3e;", "<", ">", "\"", "'", "=", "text", "文字", "\0",
    "<p style=color:red onclick=x>",
    "<a href='java\nscript:x'>", "<a href=//evil.example>", "<a href='data:text/html,x'>", "<form action=x>",
]  # fmt: skip
fragments = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25).map("".join)


class Reader(HTMLParser):
    """Reads a result back with another parser and keeps every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@given(fragments)
def test_only_the_allowed_comes_out(html: str) -> None:
    for tag, attributes in Reader(sanitise(html)).tags:
        assert tag in TAGS
        allowed = ATTRIBUTES.get(tag, set()) | set(SPANS.get(tag, {})) | ({"rel"} if tag == "a" else set())
        assert set(attributes) <= allowed
        assert (attributes.get("src") or "https://").startswith("https://")
        assert (attributes.get("href") or "https:").split(":")[0].lower() in {
            "https",
            "http",
            "mailto",
            "tel",
        }
        assert tag != "a" or attributes["rel"] == "noopener noreferrer nofollow"


@given(fragments)
@example("<a><a><table>")
def test_cleaning_again_changes_nothing(html: str) -> None:
    once = sanitise(html)
    assert sanitise(once) == once


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>a<ul><li>b</ul>", "<p>a</p><ul><li>b</li></ul>"),
        ("<h1>Big</h1><h2>Two</h2>", "Big<h2>Two</h2>"),
        ("<script>alert(1)</script>x<style>p{}</style>", "x"),
        ('<p style="color:red" onclick="x()" class="c" id="i">a</p>', "<p>a</p>"),
        ('<img src="http://a.example/x.png" alt="A" width="10" height="1e9">', '<img width="10" alt="A">'),
        ('<img src="https://a.example/x.png">', '<img src="https://a.example/x.png">'),
        ('<B CLASS="x">a</B><strong title="1">b</strong>', "<b>a</b><strong>b</strong>"),
        (
            "<table><tr><td colspan=2 rowspan=9999>1</table>",
            '<table><tbody><tr><td colspan="2">1</td></tr></tbody></table>',
        ),
        ('<a href="javascript:x">a</a>', '<a rel="noopener noreferrer nofollow">a</a>'),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("", ""),
    ],
)
def test_bodies(html: str, clean: str) -> None:
    assert sanitise(html) == clean


def test_re_opened_formatting_does_not_explode() -> None:
    html = "".join(f"<p><b id={i}>" for i in range(1000)) + "<p>x" * 2000
    assert len(sanitise(html)) < 10 * len(html)


def test_too_long_a_body_is_refused_not_cut() -> None:
    assert sanitise("x" * HTML_MAX) == "x" * HTML_MAX
    with pytest.raises(HtmlTooLong):
        sanitise("x" * (HTML_MAX + 1))


def test_the_plain_text_reads_as_one_line() -> None:
    html = "<p>One &amp; <b>t</b>wo</p><ul><li>three</li><li>four</li></ul>five<br>six<script>no</script>"
    assert plain_text(html, 100) == "One & two three four five six"
    assert plain_text(html, 9) == "One & tw…"
    assert plain_text("&lt;script&gt;", 100) == "<script>"
    assert plain_text("x" * (HTML_MAX * 2), 5) == "xxxx…"


@given(fragments, st.integers(1, 40))
def test_the_plain_text_keeps_its_limit(html: str, limit: int) -> None:
    text = plain_text(html, limit)
    assert len(text) <= limit
    assert text == " ".join(text.split())
