"""Every refusal of the ledger speaks Chinese too."""

from __future__ import annotations

import inspect

import pytest
from django.utils import translation

from tongdao.finance.ledger import refusals
from tongdao.foundation.refusals import Refusal

pytestmark = pytest.mark.pure

OWN = [
    found
    for _, found in inspect.getmembers(refusals, inspect.isclass)
    if issubclass(found, Refusal) and found.__module__ == refusals.__name__
]


@pytest.mark.parametrize("refusal", OWN)
def test_is_translated(refusal: type[Refusal]) -> None:
    with translation.override("en"):
        english = refusal().message
    with translation.override("zh-hans"):
        chinese = refusal().message
    assert english == refusal.__doc__
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
