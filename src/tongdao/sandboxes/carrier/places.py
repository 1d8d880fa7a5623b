"""Finding the city in a written address, and the hub through which a province's parcels run."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A city: area code as in Kuaidi100's answers ("" if unknown to us), and names joined by commas."""

    code: str
    area: str
    city: str


_MUNICIPAL = {"北京市": "11", "天津市": "12", "上海市": "31", "重庆市": "50"}

_HUBS = {
    "河北省": ("130100", "石家庄市"),
    "山西省": ("140100", "太原市"),
    "内蒙古自治区": ("150100", "呼和浩特市"),
    "辽宁省": ("210100", "沈阳市"),
    "吉林省": ("220100", "长春市"),
    "黑龙江省": ("230100", "哈尔滨市"),
    "江苏省": ("320100", "南京市"),
    "浙江省": ("330100", "杭州市"),
    "安徽省": ("340100", "合肥市"),
    "福建省": ("350100", "福州市"),
    "江西省": ("360100", "南昌市"),
    "山东省": ("370100", "济南市"),
    "河南省": ("410100", "郑州市"),
    "湖北省": ("420100", "武汉市"),
    "湖南省": ("430100", "长沙市"),
    "广东省": ("440100", "广州市"),
    "广西壮族自治区": ("450100", "南宁市"),
    "海南省": ("460100", "海口市"),
    "四川省": ("510100", "成都市"),
    "贵州省": ("520100", "贵阳市"),
    "云南省": ("530100", "昆明市"),
    "西藏自治区": ("540100", "拉萨市"),
    "陕西省": ("610100", "西安市"),
    "甘肃省": ("620100", "兰州市"),
    "青海省": ("630100", "西宁市"),
    "宁夏回族自治区": ("640100", "银川市"),
    "新疆维吾尔自治区": ("650100", "乌鲁木齐市"),
    "台湾省": ("", "台北市"),
    "香港特别行政区": ("", "香港"),
    "澳门特别行政区": ("", "澳门"),
}

_ENDINGS = re.compile(r"(省|市|特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区)$")
_CITY = re.compile(r"^(?:省|市|自治区)?\s*([一-鿿]{2,7}?(?:市|自治州|地区|盟))")

_DEFAULT = "浙江省"


def _province(address: str) -> tuple[str, str]:
    """The province's full name and what follows its name; the default province when none is named."""
    for full in (*_MUNICIPAL, *_HUBS):
        for name in (full, _ENDINGS.sub("", full)):
            if address.startswith(name):
                return full, address[len(name) :]
    return _DEFAULT, address


def hub_of(address: str) -> Place:
    """The city with the sorting centre of the address's province."""
    province, _ = _province(address.strip())
    if province in _MUNICIPAL:
        return Place(f"CN{_MUNICIPAL[province]}0000000000", province, province)
    code, city = _HUBS[province]
    return Place(f"CN{code}000000" if code else "", f"{province},{city}", city)


def city_of(address: str) -> Place:
    """The city an address lies in; the province's hub when the address names none."""
    hub = hub_of(address)
    province, rest = _province(address.strip())
    found = _CITY.match(rest)
    if province in _MUNICIPAL or found is None or found[1] == hub.city:
        return hub
    return Place("", f"{province},{found[1]}", found[1])
