from __future__ import annotations

import pytest
from django.utils import translation

from tongdao.faces.console.notices import FormWrong, notice_of

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_a_notice_says_ends_as_a_sentence(language: str) -> None:
    with translation.override(language):
        notice = notice_of(FormWrong())
    said = [part for part in (notice.title, notice.meaning, notice.then) if part]
    assert len(said) > 1
    assert {part[-1] for part in said} <= set(".。")
    assert not [part for part in said if part[0].islower()]
