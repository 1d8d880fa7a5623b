"""Reading texts and queries, whatever they are: no database is needed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from tongdao.goods.search.asking import MOST_TYPED, MOST_WORDS, Key, read_query
from tongdao.goods.search.guessing import guess_query, mistyped
from tongdao.goods.search.marking import mark
from tongdao.goods.search.models import LONGEST
from tongdao.goods.search.pinyin import SYLLABLES, sounds, ways
from tongdao.goods.search.places import BadPlace, Place, read_place
from tongdao.goods.search.tokens import CODE, TITLE, TITLE_BEGINS, Texts, read_texts
from tongdao.goods.search.units import fold, units

pytestmark = pytest.mark.pure
ANY = st.text(max_size=200)
STORED = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=200)
HAN = st.text(alphabet="西湖龙井茶铁观音重庆小面长城音乐行走银绿女", min_size=1, max_size=12)
LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=16)


@settings(deadline=None)
@given(ANY)
def test_folding_keeps_every_place_and_is_done_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(ANY)
def test_units_stand_where_they_say_and_have_a_sound_each(text: str) -> None:
    found = units(text)
    assert [fold(text)[unit.start : unit.end] for unit in found] == [unit.text for unit in found]
    assert all(one.end <= other.start for one, other in pairwise(found))
    said = sounds(found)
    assert len(said) == len(found)
    assert all(said) and not any(" " in sound for sound in said)


@settings(deadline=None)
@given(STORED)
def test_what_is_indexed_fits_and_holds_no_sign_of_the_query(text: str) -> None:
    weights, sound = read_texts(Texts(text, kinds=[text], options=[text], codes=[text]))
    assert all(0 < len(token) <= LONGEST for token in weights)
    assert set(weights.values()) <= {1, 2, TITLE, TITLE_BEGINS, CODE}
    assert len(sound.split(" ")) == max(1, len(units(text)))


@settings(deadline=None)
@given(ANY, st.text(max_size=30))
def test_marks_change_no_character(title: str, sound: str) -> None:
    tokens = frozenset(read_texts(Texts(title))[0])
    assert "".join(part.text for part in mark(title, sound, tokens)) == title
    assert not any(part.hit for part in mark(title, sound, frozenset()))


@settings(deadline=None)
@given(HAN, st.data())
def test_each_part_of_a_title_is_asked_for_as_it_is_indexed(title: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(title) - 1))
    part = title[start : data.draw(st.integers(start + 1, len(title)))]
    indexed = read_texts(Texts(title))[0].keys()
    assert any(_has(indexed, meaning) for meaning in read_query(part)[0])


@settings(deadline=None)
@given(HAN)
def test_a_title_typed_by_its_sounds_is_found(title: str) -> None:
    typed = "".join(lazy_pinyin(title))
    indexed = read_texts(Texts(title))[0].keys()
    cut = [list(way) for way in ways(typed[:MOST_TYPED], whole=False)]
    if lazy_pinyin(title) in cut:  # the first four ways of cutting may not hold the one that was meant
        assert any(_has(indexed, meaning) for meaning in read_query(typed)[0])


def _has(indexed: object, meaning: tuple[Key, ...]) -> bool:
    known = set(indexed)  # type: ignore[call-overload]  # a view of keys
    return all(
        any(token.startswith(key.text) if key.begins else token == key.text for token in known)
        for key in meaning
    )


@settings(deadline=None)
@given(LETTERS, st.booleans())
def test_ways_are_cuts_into_syllables(letters: str, whole: bool) -> None:
    found = ways(letters, whole=whole)
    assert len(set(found)) == len(found) <= 4
    for way in found:
        assert "".join(way) == letters
        assert SYLLABLES.issuperset(way if whole else way[:-1])
        assert any(syllable.startswith(way[-1]) for syllable in SYLLABLES)


@pytest.mark.parametrize(
    ("letters", "wanted"),
    [
        ("longjing", ("long", "jing")),
        ("xian", ("xian",)),
        ("xian", ("xi", "an")),
        ("fangan", ("fang", "an")),
        ("fangan", ("fan", "gan")),
        ("lvcha", ("lv", "cha")),
    ],
)
def test_letters_that_can_be_cut_in_two_ways_are(letters: str, wanted: tuple[str, ...]) -> None:
    assert wanted in ways(letters, whole=True)


@settings(deadline=None)
@given(st.one_of(ANY, st.text(alphabet="%_&|!'\"()<>:*\\ =~#茶a-/", max_size=300)))
def test_any_query_is_read_within_bounds(query: str) -> None:
    corrections = {word: [word[1:], f"{word}a"] for word in mistyped(query)}
    for words in (read_query(query), guess_query(query, corrections)):
        assert len(words) <= MOST_WORDS
        assert all(meanings and all(meanings) for meanings in words)
        assert sum(len(meaning) for meanings in words for meaning in meanings) < 20_000
        assert not any("\x00" in key.text for found in words for one in found for key in one)
        assert all(len(key.text) <= MOST_TYPED + 1 for found in words for one in found for key in one)


@settings(deadline=None)
@given(st.integers(-(2**15), 2**15 - 1), st.uuids(), st.booleans())
def test_a_place_comes_back_from_its_text(weight: int, id: object, guessed: bool) -> None:
    place = Place(weight, id, guessed)  # type: ignore[arg-type]  # hypothesis's own word for UUID
    assert read_place(place.text) == place
    assert set(place.text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_no_other_text_is_a_place_of_another_form(text: str) -> None:
    try:
        place = read_place(text)
    except BadPlace:
        return
    assert place is not None and len(text) in (26, 27, 28)
