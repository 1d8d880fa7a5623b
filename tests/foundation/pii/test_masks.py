from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.pii import mask_address, mask_name, mask_phone

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "1******5678"),
        ("+86 138-1234-5678", "8********5678"),
        ("057188886666", "0*******6666"),
        ("88886666", "********"),
        ("110", "******"),
        ("", "******"),
    ],
)
def test_phones(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@given(st.text("0123456789", max_size=20))
def test_at_least_six_digits_are_hidden(phone: str) -> None:
    shown = mask_phone(phone)
    assert sum(map(str.isdigit, shown)) <= max(0, len(phone) - 6)
    assert shown.count("*") >= 6


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧***"),
        ("Alexandra Li", "A***"),
        ("李", "*"),
        ("", "*"),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("文三路478号华星大厦3幢502室", "文三路****"),
        ("浙江省杭州市西湖区文三路 478 号", "浙江省杭州市西湖区文三路****"),
        ("幸福小区三号楼二单元", "幸福小区****"),
        ("万科城A座顶层", "万科城****"),
        ("某某村东头", "某某****"),
        ("", "****"),
    ],
)
def test_addresses(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@given(st.text(min_size=1, max_size=60))
def test_an_address_never_shows_whole(address: str) -> None:
    shown = mask_address(address).removesuffix("****")
    assert len(shown) < max(1, len(address.strip())) or not address.strip()
    assert not any(char.isascii() and char.isdigit() for char in shown)
