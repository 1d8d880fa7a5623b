"""The unified social credit code of a company (GB 32100-2015): 18 characters, the last checks the rest."""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z, which read like figures
# Authority and kind, administrative division, body, check.
SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
BASE = len(ALPHABET)


def check_character(body: str) -> str:
    """The 18th character of 17: the weights are the powers of 3 modulo 31."""
    total = sum(ALPHABET.index(each) * pow(3, place, BASE) for place, each in enumerate(body))
    return ALPHABET[-total % BASE]


def normalise(text: str) -> str | None:
    """The code in capitals without spaces, or None where it is none."""
    code = re.sub(r"[\s-]", "", text).upper()
    if not SHAPE.fullmatch(code) or check_character(code[:17]) != code[17]:
        return None
    return code
