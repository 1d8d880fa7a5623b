"""Refusals as the buyer reads them: what happened, what it means, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tongdao.foundation.refusals import Refusal

SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*")


@dataclass(frozen=True, slots=True)
class Notice:
    """What the kit's notice takes."""

    title: str
    meaning: str = ""
    then: str = ""
    tone: str = "error"


def notice_of(refusal: Refusal) -> Notice:
    """A refusal's message by sentences: what happened, what it means, what to do next."""
    parts = [part for part in SENTENCE.split(refusal.message) if part]
    title, *more = parts or [refusal.code]
    return Notice(title, more[0] if more else "", " ".join(more[1:]))
