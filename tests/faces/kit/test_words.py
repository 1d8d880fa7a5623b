from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from tongdao.faces.kit.joining import joined
from tongdao.faces.kit.templatetags import kit

pytestmark = pytest.mark.pure


def test_names_are_parted_as_the_language_does() -> None:
    with translation.override("en"):
        assert (joined(["a", "b"]), joined([])) == ("a, b", "")
    with translation.override("zh-hans"):
        assert joined(["甲", "乙"]) == "甲、乙"


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("/s/tea-1/products/x", "/s/tea-1/"),
        ("/console/0190/orders", "/console/"),
        ("/operator/x/", "/operator/"),
        ("/promote/x", "/promote/"),
        ("/s/évil/x", "/"),
        ("/s//evil.example/", "/"),
        ("/x", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_an_address_leads_back_to_its_face(path: object, start: str) -> None:
    assert kit.front(path) == start


@pytest.mark.parametrize(("path", "carts"), [("/s/tea/x", True), ("/x", True), ("/console/x", False)])
def test_a_page_that_is_not_there_speaks_of_carts_to_buyers_alone(path: str, carts: bool) -> None:
    with translation.override("en"):
        page = render_to_string("404.html", request=RequestFactory().get(path))
    assert ("Your cart" in page) is carts
    assert f'href="{kit.front(path)}"' in page
