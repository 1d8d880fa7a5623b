"""The carriers this sandbox knows: Kuaidi100's code, the name, and how their waybill numbers look."""

from __future__ import annotations

import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Carrier:
    """`prefix` and then `digits` random digits make a waybill number."""

    code: str
    name: str
    prefix: str
    digits: int
    hotline: str

    def new_number(self) -> str:
        """A number nobody can guess from the one before."""
        return self.prefix + f"{secrets.randbelow(10**self.digits):0{self.digits}d}"


CARRIERS = {
    carrier.code: carrier
    for carrier in (
        Carrier("shunfeng", "顺丰速运", "SF1", 12, "95338"),
        Carrier("zhongtong", "中通快递", "78", 12, "95311"),
        Carrier("yuantong", "圆通速递", "YT", 13, "95554"),
        Carrier("shentong", "申通快递", "77", 13, "95543"),
        Carrier("yunda", "韵达快递", "46", 13, "95546"),
        Carrier("jtexpress", "极兔速递", "JT", 13, "956025"),
        Carrier("jd", "京东快递", "JDVA", 11, "950616"),
        Carrier("ems", "EMS", "12", 11, "11183"),
        Carrier("youzhengguonei", "邮政快递包裹", "98", 11, "11183"),
        Carrier("debangkuaidi", "德邦快递", "DPK", 12, "95353"),
    )
}

NEEDS_PHONE = frozenset({"shunfeng"})
"""Carriers that show a trace only to someone who knows a phone number on the parcel."""
