"""Refusals as the staff read them: what happened, what it means, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tongdao.foundation.refusals import BadInput, Refusal

SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])\s*")
ENDS = {";": ".", "；": "。"}


class FormWrong(BadInput):
    """Some of this is not right. Nothing was saved; put the marked fields right and send it again."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the kit's notice takes."""

    title: str
    meaning: str = ""
    then: str = ""
    tone: str = "error"


def notice_of(refusal: Refusal) -> Notice:
    """The first sentence of the message says what happened, the next what it means, the rest what to do."""
    parts = [_ended(part) for part in SENTENCE.split(refusal.message) if part]
    first, second, *rest = [*parts, "", ""]
    return Notice(first or refusal.code, second, " ".join(rest).strip())


def _ended(part: str) -> str:
    """Half of a sentence that stands alone begins and ends as a whole one does."""
    whole = part[:-1] + ENDS.get(part[-1], part[-1])
    return whole[0].upper() + whole[1:]
