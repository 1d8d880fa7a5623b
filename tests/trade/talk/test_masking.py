"""What a promoter reads of others' words: no number, WeChat name or link, nothing known of the buyer."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.builders import an_address
from tests.trade.talk.support import Table, make_table
from tongdao.trade.talk.masking import MOST_DIGITS, hide_private

KNOWN = ("林小满", "13812345678", "文三路 90 号 2 单元 501")
DIGITS = st.sampled_from("0123456789０１２３４５６７８９٠١٢٣零〇一二三四五六七八九幺两①②③⑨➊壹叁")
GAPS = st.text(st.sampled_from(" -.·_()（）,，/\\*+\n\t\u200b\u200d\ufe0f\u20e3😀"), max_size=3)
NUMBERS = st.lists(st.tuples(DIGITS, GAPS), max_size=20).map(
    lambda parts: "".join(digit + gap for digit, gap in parts)
)
WORDS = st.sampled_from(
    ["电话", "call ", "微信", "a@b.cn", " taobao.com/x ", "茶", "x", "林小满", "wx:abc12", ""]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.one_of(NUMBERS, WORDS), max_size=8).map("".join))


def longest_run(text: str) -> int:
    """The most digits side by side once all but letters and digits is left out."""
    most = run = 0
    for letter in text:
        if unicodedata.numeric(letter, None) is not None or letter in "幺两":
            run += 1
            most = max(most, run)
        elif letter.isalpha():
            run = 0
    return most


@pytest.mark.pure
@settings(max_examples=500, deadline=None, derandomize=True)
@given(TEXTS)
@example("13812345678")
@example("12345 a@b.cn 6789012")
@example("138-1234 林小满 5678")
def test_no_seven_digits_reach_the_promoter(text: str) -> None:
    assert longest_run(hide_private(text, KNOWN)) <= MOST_DIGITS


@pytest.mark.pure
@settings(max_examples=200, deadline=None, derandomize=True)
@given(TEXTS, TEXTS, st.sampled_from(KNOWN))
def test_what_is_known_of_the_buyer_is_nowhere(before: str, after: str, word: str) -> None:
    assert word not in hide_private(before + word + after, KNOWN)


@pytest.mark.pure
@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_hiding_twice_hides_no_more_numbers(text: str) -> None:
    once = hide_private(text)
    assert longest_run(hide_private(once)) <= longest_run(once) or longest_run(once) <= MOST_DIGITS


@pytest.mark.pure
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打 138 1234 5678 找我", "打 *** 找我"),
        ("一三八 1234 五六七八", "***"),
        ("１３８００１３８０００", "***"),
        ("微信：lily_2008，谢谢", "微信：***，谢谢"),
        ("加我 wxid_a1b2c3", "加我 ***"),
        ("VX abc12345", "VX ***"),
        ("qq:55667", "qq:***"),
        ("看 https://x.cn/a?b 和 taobao.com/x 吧", "看 *** 和 *** 吧"),
        ("写给 lily@example.com", "写给 ***"),
        ("我是林小满", "我是***"),
        ("住文三路 90 号", "住***"),
    ],
)
def test_what_is_hidden(text: str, shown: str) -> None:
    assert hide_private(text, KNOWN) == shown


@pytest.mark.pure
@pytest.mark.parametrize(
    "text",
    [
        "",
        "两盒 128.00 元",
        "3.5 kg，第 2 批",
        "12 月 3 日到 12 月 5 日",
        "好喝吗？500 克装还有吗",
        "订单尾号 990017",
    ],
)
def test_what_says_nothing_of_anybody_stays(text: str) -> None:
    assert hide_private(text, KNOWN) == text


def test_the_promoter_reads_the_hidden_form_and_nobody_else_does(table: Table) -> None:
    address = an_address()
    words = f"我是{address.recipient}，{address.phone}，{address.detail}，茶好喝吗"
    table.ask(words, promoter=True)
    table.answer(f"{address.recipient}您好", promoter=True)
    table.recommend("我的电话 13900001111")
    read = [message.text for message in table.for_promoter().messages]
    assert all(word not in str(read) for word in (address.recipient, address.phone, address.detail))
    assert "茶好喝吗" in read[0] and read[2] == "我的电话 13900001111", "one's own words are one's own"
    for view in (table.for_buyer(promoter=True), table.for_staff(promoter=True)):
        assert view.messages[0].text == words
        assert [message.hidden for message in view.messages] == [True, True, False]


@pytest.fixture
def table() -> Table:
    return make_table()
