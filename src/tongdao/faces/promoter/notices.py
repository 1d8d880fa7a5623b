"""Refusals as a promoter reads them: what happened, what it means, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongdao.foundation.refusals import Refusal

SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])\s*")


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


def form_notice() -> Notice:
    return Notice(_("Something is missing."), _("Nothing was stored. Look at the marked places."))
