"""What may stand in an event: ids, numbers, dates and codes. Never text that a person wrote."""

from __future__ import annotations

import re
from typing import NewType

Code = NewType("Code", str)
"""A word of our own: 1 to 64 of `a-z 0-9 _ . : -`, such as a state, a reason or a channel."""

CODE_PATTERN = "^[a-z0-9_.:-]{1,64}$"
_CODE = re.compile(CODE_PATTERN)
# A Chinese mobile number or identity number also consists of code characters.
_PERSONAL_NUMBER = re.compile(r"(?:86)?1[3-9]\d{9}|\d{17}[\dx]|\d{15}")

# fmt: off
PERSONAL_WORDS = frozenset({
    "address", "avatar", "bankcard", "birthday", "body", "comment", "contact", "email", "fullname",
    "idcard", "ip", "label", "latitude", "longitude", "message", "mobile", "name", "nick", "nickname",
    "note", "openid", "passport", "password", "phone", "recipient", "remark", "secret", "signature",
    "street", "surname", "tel", "telephone", "text", "title", "unionid", "url", "user", "username",
    "wechat",
})
# fmt: on


class PersonalData(ValueError):
    """An event would carry personal data or free text; it keeps the id of an erasable row instead."""


class NotACode(ValueError):
    """The text is not a code."""


def code(text: str) -> Code:
    """`text` as a Code; raises NotACode, or PersonalData for what reads like a phone or identity number."""
    if not _CODE.fullmatch(text):
        raise NotACode(f"{text[:20]!r} is not a code")
    if _PERSONAL_NUMBER.fullmatch(text):
        raise PersonalData("a code that reads like a phone or identity number")
    return Code(text)


def check_field_name(name: str, *, is_id: bool) -> None:
    """Refuse a field called like personal data; `address_id` is well when its values are ids."""
    if is_id and name.endswith(("_id", "_ids")):
        return
    found = PERSONAL_WORDS.intersection(name.lower().split("_"))
    if found:
        raise PersonalData(f"field {name!r} is called like personal data ({', '.join(sorted(found))})")
