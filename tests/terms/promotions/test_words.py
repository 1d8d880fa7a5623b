"""Every refusal of the room is said in Chinese, with its own code."""

from __future__ import annotations

import inspect

import pytest
from django.utils.translation import override

from tongdao.foundation.refusals import Refusal
from tongdao.terms.promotions import refusals

pytestmark = pytest.mark.pure
ALL = [
    one
    for _, one in inspect.getmembers(refusals, inspect.isclass)
    if issubclass(one, Refusal) and one.__module__ == refusals.__name__
]


@pytest.mark.parametrize("refusal", ALL)
def test_it_is_said_in_both_languages(refusal: type[Refusal]) -> None:
    with override("en"):
        english = refusal().message
    with override("zh-hans"):
        chinese = refusal().message
    assert english == " ".join((refusal.__doc__ or "").split())
    assert any("一" <= sign <= "鿿" for sign in chinese)
    assert len(chinese) <= 25
