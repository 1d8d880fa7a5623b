"""What personal data looks like where it need not be read.

The waybill rule (see the rulebook) hides at least one character of the name, six digits of the phone, and the
unit and room of the address.
"""

from __future__ import annotations

import re

PHONE_HIDDEN = 6
NAME_STARS = 3
ADDRESS_SHOWN = 12

_DIGIT = r"[0-9０-９一二三四五六七八九十百零〇两甲乙丙丁A-Za-zＡ-Ｚ]"
_UNIT = re.compile(rf"[0-9０-９]|{_DIGIT}+\s*(?:号|號|栋|幢|楼|座|单元|室|层|弄|期|门)")


def mask_phone(phone: str) -> str:
    """`13812345678` is `1******5678`. At least six digits are hidden; a shorter number shows nothing."""
    digits = "".join(filter(str.isdigit, phone))
    shown = len(digits) - PHONE_HIDDEN
    if shown < 5:
        return "*" * max(len(digits), PHONE_HIDDEN)
    return f"{digits[0]}{'*' * (len(digits) - 5)}{digits[-4:]}"


def mask_name(name: str) -> str:
    """`张三丰` is `张**`: the first character, then stars (at most three); a single character is hidden."""
    name = name.strip()
    if len(name) < 2:
        return "*"
    return name[0] + "*" * min(len(name) - 1, NAME_STARS)


def mask_address(address: str) -> str:
    """The street and no further: at most 12 characters, none from the first number or building on."""
    address = address.strip()
    found = _UNIT.search(address)
    end = min(found.start() if found else len(address) // 2, ADDRESS_SHOWN)
    return address[:end].rstrip() + "****"
