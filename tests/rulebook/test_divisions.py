from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from importlib import resources

import pytest

from tongdao.rulebook import divisions
from tongdao.rulebook.divisions import Division, UnknownDivision, UnknownVersion


def everything() -> list[Division]:
    found = list(divisions.children(None))
    for division in found:
        found.extend(divisions.children(division.code))
    return found


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("330106", "浙江省杭州市西湖区"),
        ("110105", "北京市朝阳区"),
        ("440305", "广东省深圳市南山区"),
        ("310115", "上海市浦东新区"),
        ("510107", "四川省成都市武侯区"),
        ("441900", "广东省东莞市"),
        ("469002", "海南省琼海市"),
        ("429004", "湖北省仙桃市"),
        ("653101", "新疆维吾尔自治区喀什地区喀什市"),
        ("810000", "香港特别行政区"),
        ("710000", "台湾省"),
    ],
)
def test_names_known_from_elsewhere(code: str, name: str) -> None:
    assert divisions.full_name(code) == name
    assert divisions.path(code)[-1].code == code


def test_abolished_districts_are_gone_and_their_successors_are_there() -> None:
    assert divisions.full_name("330113") == "浙江省杭州市临平区"  # cut out of Yuhang in 2021
    with pytest.raises(UnknownDivision, match="'330104' in version 2026-09"):  # Jianggan, merged away in 2021
        divisions.get("330104")


def test_the_whole_tree_hangs_together() -> None:
    found = everything()
    assert len({d.code for d in found}) == len(found) == 3214
    assert Counter(d.level for d in found) == {"province": 34, "city": 333, "county": 2847}
    for division in found:
        assert division.parent is None or division in divisions.children(division.parent)
        assert divisions.path(division.code)[0].level == "province"


def test_municipalities_have_no_city_between() -> None:
    assert [d.level for d in divisions.path("110105")] == ["province", "county"]
    assert divisions.get("469002").parent == "460000"


def test_leaves() -> None:
    assert divisions.is_leaf("330106")
    assert divisions.is_leaf("441900")  # a city without counties
    assert divisions.is_leaf("820000")
    assert not divisions.is_leaf("330100")
    assert [d.code for d in everything() if d.level == "city" and divisions.is_leaf(d.code)] == [
        "441900",
        "442000",
        "460400",
        "620200",
    ]


@pytest.mark.parametrize("code", ["000000", "33010", "", "西湖区", "110100"])
def test_unknown_codes_are_refused(code: str) -> None:
    for ask in (divisions.get, divisions.children, divisions.path, divisions.full_name, divisions.is_leaf):
        with pytest.raises(UnknownDivision):
            ask(code)


def test_unknown_version_is_refused() -> None:
    assert divisions.versions() == (divisions.VERSION,)
    with pytest.raises(UnknownVersion, match="2020-01"):
        divisions.get("330106", version="2020-01")


def test_the_file_is_sorted_and_small() -> None:
    text = resources.files(divisions).joinpath(f"{divisions.VERSION}.json").read_text("utf-8")
    codes = list(json.loads(text))
    assert codes == sorted(codes)
    assert len(text.encode()) < 150_000


def test_nothing_is_read_before_it_is_asked_for() -> None:
    look = (
        "import tongdao.rulebook.divisions.table as t;"
        "a = t._table.cache_info().misses; t.get('330106'); t.full_name('110105');"
        "print(a, t._table.cache_info().misses)"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1"]
