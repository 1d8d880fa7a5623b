"""The words of a case's bundle as the shop takes it along."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.telling import ACTORS, TITLES
from tongdao.faces.console.telling_cases import MOVED
from tongdao.faces.kit.case_words import KINDS, OUTCOMES, RULE_SOURCES, RULES, SIDES, reason_words
from tongdao.faces.lists.case_words import CASE_STATES

STATED: Mapping[str, Promise] = {
    "requested": _("After-sale case opened"),
    "statement": _("More said"),
    "opening": _("Called the platform"),
    "answer": _("Stated its case"),
    "appeal": _("Appealed"),
}
STEPS: Mapping[str, Promise] = {**MOVED, **STATED}
SPOKEN: Mapping[str, Promise] = {**SIDES, "staff": _("The shop")}
WORDS: Mapping[str, Mapping[str, object]] = {
    "kind": KINDS,
    "state": {code: words for code, (words, _tone) in CASE_STATES.items()},
    "side": SPOKEN,
    "step": STEPS,
    "outcome": OUTCOMES,
    "event": TITLES,
    "actor": ACTORS,
}


def named(sort: str, code: str) -> str:
    """As compliance.evidence.paper asks for them; a code without a name stands for itself."""
    if sort == "rule":
        return f"{RULES[code][0]} ({RULE_SOURCES[code]})" if code in RULES else code
    if sort == "reason":
        return reason_words("", code)
    return str(WORDS.get(sort, {}).get(code, code))
