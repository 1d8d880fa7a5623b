from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client
from django.utils import translation

from tests.faces.kit.places import KIT
from tongdao.faces.kit import icons, shapes, views

pytestmark = pytest.mark.pure
TEMPLATES = sorted((KIT / "templates").rglob("*.html"))
PARTIALS = sorted(path.stem for path in (KIT / "templates/kit").glob("*.html"))
INNER = {"base", "shop_base", "console_base", "htmx", "chart", "compare", "waterfall", "nav_item",
         "sheet_close", "field_bound", "field_plain", "field_notes", "field_attrs"}  # fmt: skip
PO = (KIT / "locale/zh_Hans/LC_MESSAGES/django.po").read_text()


def render(text: str, **context: object) -> str:
    return Template("{% load i18n kit %}" + text).render(Context(context))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_needs_an_unsafe_policy(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("name", sorted(set(PARTIALS) - INNER))
def test_every_partial_is_in_the_table(name: str) -> None:
    assert f"\n| {name} |" in (KIT / "README.md").read_text()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["", *(f"page/{page}/" for page in views.PAGES)])
def test_the_kitchen_shows_every_page_in_both_languages(name: str, language: str) -> None:
    answer = Client().get(f"/_kitchen/{name}?lang={language}")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert ("跳到正文" in text) == (language == "zh")
    assert f'lang="{"zh-hans" if language == "zh" else "en"}"' in text
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert "style=" not in text


def test_an_unknown_page_is_not_there() -> None:
    assert Client().get("/_kitchen/page/nothing/").status_code == 404


def test_chinese_is_complete() -> None:
    assert not re.search(r'msgid "[^"\n]+"\nmsgstr ""\n', PO + "\n")
    assert "fuzzy" not in PO
    known = set(re.findall(r'^msgid "(.+)"$', PO, re.M))
    used = {
        m
        for path in TEMPLATES
        for m in re.findall(r'{% translate "([^"]+)"|_\("([^"]+)"\)', path.read_text())
        for m in m
        if m
    }
    used |= set(re.findall(r'_\("([^"]+)"\)', (KIT / "samples.py").read_text()))
    assert used <= known


def test_what_users_write_is_escaped() -> None:
    nasty = "<script>alert(1)</script>"
    assert "<script>" not in render('{% include "kit/notice.html" with title=x meaning=x then=x %}', x=nasty)
    assert "<script>" not in render(
        '{% include "kit/sku_sheet.html" with title=x fen=1 sku_data=d %}', x=nasty, d=[{"id": nasty}]
    )
    assert "<script>" not in render(
        "{% bars points title=x %}{% waterfall points title=x %}", x=nasty, points=[(nasty, 1)]
    )


def test_a_crossed_out_price_needs_its_base() -> None:
    without = render('{% include "kit/price.html" with fen=5800 compare_at_fen=6800 %}')
    stated = render('{% include "kit/price.html" with fen=5800 compare_at_fen=6800 base="last week" %}')
    assert "68.00" not in without
    assert "<s>¥68.00</s> last week" in stated


def test_a_field_names_its_help_and_its_error() -> None:
    text = render('{% include "kit/field.html" with name="phone" label="Phone" help="H" error="E" %}')
    assert 'aria-describedby="f-phone_helptext f-phone_error"' in text
    assert 'id="f-phone_helptext"' in text
    assert 'id="f-phone_error"' in text
    assert 'aria-invalid="true"' in text


def test_nought_is_a_price_and_a_count() -> None:
    assert "¥0.00" in render('{% include "kit/card.html" with title="t" fen=0 %}')
    assert '<span class="count">0</span>' in render('{% include "kit/toolbar.html" with title="t" count=0 %}')


def test_tables_take_the_shapes_and_dicts_alike() -> None:
    cells = [shapes.Cell("A", "Name"), shapes.Cell(500, "Sum", "money")]
    plain = [{"value": "A", "label": "Name"}, {"value": 500, "label": "Sum", "kind": "money"}]
    source = '{% include "kit/table.html" with columns=c rows=r %}'
    columns = [shapes.Column("Name"), shapes.Column("Sum", num=True)]
    shaped = render(source, c=columns, r=[shapes.Row(cells)])
    assert shaped == render(source, c=columns, r=[{"cells": plain}])
    assert "¥5.00" in shaped


def test_a_code_is_drawn_from_its_text() -> None:
    one, other = render('{% qr "https://a.example/l/1" %}'), render('{% qr "https://a.example/l/2" %}')
    assert one != other
    assert one.startswith("<svg viewBox=")


@pytest.mark.parametrize("name", sorted(icons.PATHS))
def test_icons_are_plain_paths(name: str) -> None:
    assert re.fullmatch(r"[MmLlHhVvCcSsQqTtAaZz0-9 .\-]+", icons.PATHS[name])


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_nothing(name: str) -> None:
    with translation.override("zh-hans"):
        text = get_template(f"{name}.html").render({})
    assert text.count("<h1>") == 1
    assert "请" in text


BUTTONS: list[dict[str, object]] = [
    {"label": "Send"},
    {"label": "<b>Send</b>", "kind": "secondary"},
    {"label": "Send", "kind": "link", "small": True},
]


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_drawn_once_is_the_kits_button(button: dict[str, object]) -> None:
    kits = render('{% include "kit/button.html" %}', **button)
    named = " ".join(f"{name}={name}" for name in button if name != "label")
    assert (
        render(f"{{% submit label {named} %}}", **button)
        == kits
        == render(f"{{% submit label {named} %}}", **button)
    )


def test_a_toolbars_buttons_differ_where_their_actions_do() -> None:
    link = shapes.Action("Export <all>", "/x?a=1&b=2", icon="order")
    send = shapes.Action("Save", kind="primary", name="do", value="save", form_id="f1")
    drawn = render("{% act link %}{% act send %}{% act link %}", link=link, send=send)
    assert drawn.count('href="/x?a=1&amp;b=2"') == 2 == drawn.count("Export &lt;all&gt;")
    assert 'name="do" value="save"' in drawn and 'form="f1"' in drawn and "button-primary" in drawn
