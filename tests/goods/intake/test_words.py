"""Every problem and refusal of an import speaks Chinese."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from tongdao.foundation.refusals import REGISTRY
from tongdao.goods.intake import refusals
from tongdao.goods.intake.problems import MESSAGES, Problem

ARGS = {"value": "x", "count": 2, "promised": 3, "limit": 4}
OURS = [kind for kind in REGISTRY.values() if kind.__module__ == refusals.__name__]


@pytest.mark.pure
@pytest.mark.parametrize("code", MESSAGES)
def test_a_problem_has_both_languages(code: str) -> None:
    problem = Problem(1, "", code, ARGS)
    with translation.override("zh-hans"):
        chinese = problem.message
    with translation.override("en"):
        english = problem.message
    assert re.search("[一-鿿]", chinese) and not re.search("[一-鿿]", english)


@pytest.mark.pure
@pytest.mark.parametrize("kind", OURS)
def test_a_refusal_has_both_languages(kind: type[refusals.BadInput]) -> None:
    refusal = kind(merchant="CNY", stated="USD", limit_mb=64, days=30)
    with translation.override("zh-hans"):
        assert re.search("[一-鿿]", refusal.message)
    with translation.override("en"):
        assert not re.search("[一-鿿]", refusal.message)
    assert "%(" not in refusal.message
