"""Every word that a buyer can meet is there in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext

import tongdao
from tongdao.faces.shop.notices import notice_of
from tongdao.foundation.refusals import REGISTRY
from tongdao.trade.orders.refusals import OutOfStock

HOUSE = Path(tongdao.__file__).parent
WORDS = re.compile(
    r"""(?:\b_\(|translate )\s*"((?:[^"\\]|\\.)+)"|\{% blocktranslate[^%]*%\}(.*?)\{%""", re.DOTALL
)
SOURCES = [
    *HOUSE.glob("faces/shop/**/*.py"),
    *HOUSE.glob("faces/shop/**/*.html"),
    *HOUSE.glob("trade/story/*.py"),
]
SAME = {"deadline", "by"}  # a context, and a word that stands with one


def words() -> set[str]:
    found = (match for path in SOURCES for match in WORDS.findall(path.read_text("utf-8")))
    texts = {
        plain or re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", " ".join(block.split()))  # as `trimmed` joins lines
        for plain, block in found
    }
    return texts - {"Pay by", *SAME}  # with a context of its own, see test_visiting


@pytest.mark.pure
def test_pages_and_stories_are_translated() -> None:
    texts = words()
    assert len(texts) > 150
    with translation.override("zh-hans"):
        assert (
            sorted(text for text in texts if gettext(text) == text and not text.startswith("%(count)s")) == []
        )


@pytest.mark.pure
def test_refusals_of_buying_are_translated() -> None:
    mine = [
        cls for cls in REGISTRY.values() if ".trade." in cls.__module__ or ".faces.shop." in cls.__module__
    ]
    assert len(mine) > 15
    with translation.override("zh-hans"):
        assert [cls.code for cls in mine if re.fullmatch(r"[ -~]+", str(cls()))] == []


@pytest.mark.pure
@pytest.mark.parametrize(
    ("language", "title"), [("en", "Not enough is left of some items."), ("zh-hans", "有些商品不够了。")]
)
def test_a_notice_says_what_happened_what_it_means_and_what_next(language: str, title: str) -> None:
    with translation.override(language):
        notice = notice_of(OutOfStock())
    assert notice.title == title
    assert notice.meaning + notice.then
