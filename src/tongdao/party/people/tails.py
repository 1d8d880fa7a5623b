"""By what people are found who do not say who they are: the parts of names and numbers that pages show.

Both are blind indexes: without its key the database tells nothing but that two are alike.
"""

from __future__ import annotations

import unicodedata

from tongdao.foundation.pii import blind_index, mask_name
from tongdao.party.people.models import IdentityKind

TAIL = 4  # digits of a phone that people say, and that `mask_phone` shows


def tail_key(kind: str, value: str) -> bytes | None:
    """Of the last digits of a mobile number, whole or no more than they; None of what is no number."""
    if kind != IdentityKind.PHONE or len(value) < TAIL:
        return None
    return blind_index("phone_last4", value[-TAIL:])


def mask_of(name: str) -> str:
    """A name as pages show it: of a whole name or of what is shown of it already. Stars may be full-width."""
    return mask_name(unicodedata.normalize("NFKC", name))


def mask_key(name: str | None) -> bytes | None:
    """None of a name that is hidden whole, or of none."""
    mask = mask_of(name or "")
    return blind_index("name_mask", mask.casefold()) if len(mask) > 1 else None
