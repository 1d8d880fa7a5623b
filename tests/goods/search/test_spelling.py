"""Words one edit away are found by their cuts, exactly those and no others."""

from __future__ import annotations

import string
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.goods.search.shelves import Goods, put
from tests.support.builders import Shop, make_shop
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.search.models import SearchToken
from tongdao.goods.search.pinyin import ways
from tongdao.goods.search.spelling import LONGEST, SHORTEST, correct, cuts, may_be_mistyped, one_edit

FEW = st.text(alphabet="abc1", min_size=1, max_size=7)


def edits(word: str) -> set[str]:
    """All words one edit away, made one by one: what the index is compared with."""
    alphabet = string.ascii_lowercase + string.digits
    pieces = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in pieces if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in pieces if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in pieces if tail for letter in alphabet}
    found |= {head + letter + tail for head, tail in pieces for letter in alphabet}
    return found - {word}


@pytest.mark.pure
@settings(deadline=None)
@given(FEW, FEW)
def test_one_edit_is_what_an_edit_makes(one: str, other: str) -> None:
    assert one_edit(one, other) == (other in edits(one)) == one_edit(other, one)


@pytest.mark.pure
@settings(deadline=None)
@given(st.text(alphabet="abcde12", min_size=4, max_size=8), st.data())
def test_words_one_edit_apart_have_a_cut_in_common(word: str, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from(sorted(edits(word))))
    assert one_edit(word, other)
    assert cuts(word) & cuts(other)
    assert cuts(f"={'a' * len(word)}").isdisjoint(cuts("a" * len(word)))  # a sound is no word


@pytest.mark.pure
def test_only_words_and_sounds_are_mistyped() -> None:
    assert cuts("=xi") == {"=xi", "=x", "=i"}
    assert cuts("250g") == {"250g", "50g", "20g", "25g", "250"}
    assert not any(map(cuts, ("龙井", "龙", "~lj", "#lj-001", "lj-001", "lj", "é" * 5, "a" * (LONGEST + 2))))
    assert [may_be_mistyped("a" * n) for n in (SHORTEST - 1, SHORTEST, LONGEST, LONGEST + 1)] == [
        False,
        True,
        True,
        False,
    ]


TITLES = (
    "西湖龙井",
    "安溪铁观音 浓香",
    "重庆小面",
    "武夷山大红袍 Daily 0417",
    "景德镇铁观音 iPhone 250g",
    "西安",
    "茶",
)
TYPED = (
    *(
        "lonjing",
        "xihulongjinng",
        "xihulonjging",
        "ixhulongjing",
        "xihulongjing",
        "tieguanin",
        "anxitieguanyi",
    ),
    *("chha", "xi4n", "xiam", "0471", "250h", "iphnoe", "dialy", "zhongqing", "wuyishandahongpo", "qqqqqq"),
    *("wuyisandahongpao", "jingdezhentieguanin", "jingdzhentieguanyin", "nogxiang", "longjing"),
)


@pytest.fixture(scope="module")
def shop(cluster: object) -> Shop:
    made, theirs = make_shop(), make_shop()
    put(made, *TITLES)
    put(theirs, Goods("邻家绿茶 qqqqqqq"))
    return made


@pytest.mark.parametrize("typed", TYPED)
def test_no_word_that_the_index_could_mean_is_missed(shop: Shop, typed: str) -> None:
    """Compared with all edits of a word, of which those count that the index has in full."""
    with merchant_scope(shop.merchant_id):
        known = set(SearchToken.objects.values_list("token", flat=True))
        found = correct([typed]).get(typed, [])
    meant = {
        other for other in edits(typed) if other in known or any(_heard(way) <= known for way in _ways(other))
    }
    assert {
        other for other in found if other in known or any(_heard(way) <= known for way in _ways(other))
    } == meant
    assert set(found) <= edits(typed)


def _ways(word: str) -> list[tuple[str, ...]]:
    return list(ways(word, whole=True)[:2])


def _heard(way: tuple[str, ...]) -> set[str]:
    return {f"={one}{other}" for one, other in pairwise(way)} or {f"={way[0]}"}
