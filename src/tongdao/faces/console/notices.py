"""Refusals as the staff read them: what happened, what it means, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tongdao.foundation.refusals import BadInput, Refusal

SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])\s*")


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
    parts = [part for part in SENTENCE.split(refusal.message) if part]
    first, second, *rest = [*parts, "", ""]
    return Notice(first or refusal.code, second, " ".join(rest).strip())
