from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.rulebook import NotYetInForce, find_banned_words
from tongdao.rulebook.wording import REWARD_NAMES


def words(text: str) -> list[str]:
    return [finding.word for finding in find_banned_words(text)]


def test_finds_words_of_every_kind_with_their_place() -> None:
    text = "全国顶级好茶，推荐奖丰厚，保证躺赚"
    found = find_banned_words(text)
    assert [(f.word, f.kind) for f in found] == [
        ("顶级", "superlative"),
        ("推荐奖", "reward_name"),
        ("躺赚", "income_promise"),
    ]
    assert all(text[f.start : f.end] == f.word for f in found)


def test_clean_text_stays_clean() -> None:
    assert words("明前龙井，手工炒制，七日内无理由退货。推荐给朋友，成交后可得佣金。") == []


@pytest.mark.parametrize("text", ["直 推 奖", "直·推·奖", "直​推奖", "直-推*奖", "【直】推奖"])
def test_letters_set_apart_are_still_found(text: str) -> None:
    (finding,) = find_banned_words(text)
    assert finding.word == "直推奖"
    assert text[finding.start] == "直"
    assert text[finding.end - 1] == "奖"


def test_ordinals_claim_nothing_but_rank_does() -> None:
    assert words("第一次使用前请清洗，第一时间发货，唯一编号见底部") == []
    assert words("销量第一") == ["第一"]
    assert words("第一次发货，销量第一") == ["第一"]


def test_lists_are_those_of_the_date() -> None:
    assert words("最佳") == ["最佳"]
    with pytest.raises(NotYetInForce):
        find_banned_words("最佳", on=date(2000, 1, 1))


@given(
    before=st.text(alphabet="茶叶好喝abc，。 1"),
    after=st.text(alphabet="茶叶好喝abc，。 1"),
    word=st.sampled_from(REWARD_NAMES.versions[0].value),
)
def test_a_reward_name_is_found_wherever_it_stands(before: str, after: str, word: str) -> None:
    assert any(f.start == len(before) and f.word == word for f in find_banned_words(before + word + after))
