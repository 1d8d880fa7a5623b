from __future__ import annotations

import pytest

from tongdao.sandboxes.carrier.carriers import CARRIERS
from tongdao.sandboxes.carrier.places import city_of, hub_of
from tongdao.sandboxes.carrier.route import STATES, journey
from tongdao.sandboxes.carrier.signing import matches, md5_upper
from tongdao.sandboxes.carrier.waybill import hidden_phone


def test_signatures_against_known_digests() -> None:
    assert md5_upper("") == "D41D8CD98F00B204E9800998ECF8427E"  # RFC 1321, A.5
    assert md5_upper("message", " ", "digest") == "F96B697D7CB7938D525A2F31AAF161D0"  # RFC 1321, A.5
    assert matches("900150983CD24FB0D6963F7D28E17F72", "a", "bc")
    assert not matches("900150983cd24fb0d6963f7d28e17f72", "abc")
    assert not matches("签名", "abc")


@pytest.mark.parametrize(
    ("address", "city", "hub"),
    [
        ("广东省深圳市南山区科技园", "深圳市", "广州市"),
        ("广东深圳市南山区金蝶软件园", "深圳市", "广州市"),
        ("浙江省杭州市西湖区", "杭州市", "杭州市"),
        ("北京市朝阳区", "北京市", "北京市"),
        ("上海浦东新区", "上海市", "上海市"),
        ("新疆维吾尔自治区喀什地区喀什市", "喀什地区", "乌鲁木齐市"),
        ("四川省凉山彝族自治州西昌市", "凉山彝族自治州", "成都市"),
        ("somewhere", "杭州市", "杭州市"),
    ],
)
def test_addresses_are_placed(address: str, city: str, hub: str) -> None:
    assert city_of(address).city == city
    assert hub_of(address).city == hub


@pytest.mark.parametrize("company", sorted(CARRIERS))
def test_every_carrier_has_numbers_and_a_whole_journey(company: str) -> None:
    numbers = {CARRIERS[company].new_number() for _ in range(50)}
    assert len(numbers) == 50
    assert all(6 <= len(number) <= 32 for number in numbers)
    codes = [step.code for step in journey(company, "浙江省宁波市鄞州区", "北京市海淀区")]
    assert codes == ["103", "1002", "1001", "5", "301"]
    assert set(codes) <= set(STATES)


def test_a_parcel_within_one_city_is_not_sent_around() -> None:
    contexts = [step.context for step in journey("zhongtong", "北京市朝阳区", "北京市海淀区")]
    assert len(contexts) == 4
    assert all(context.startswith("【北京市】") for context in contexts)


def test_at_least_six_digits_of_a_phone_are_hidden() -> None:
    assert hidden_phone("13912345678") == "1******5678"
    assert hidden_phone("87654321") == "********"
