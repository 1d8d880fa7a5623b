"""Commission plans in the words of the desk: rules and grades as rows, and what differs between two plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Cell, Column, Row, Tone
from tongdao.faces.lists.plan_words import grade_words, rule_words
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.matching import Rule

PHASES: dict[str, tuple[Promise, Tone]] = {
    "in_force": (gettext_lazy("In force"), "success"),
    "waiting": (gettext_lazy("Waits to begin"), "waiting"),
    "over": (gettext_lazy("Over"), ""),
    "withdrawn": (gettext_lazy("Withdrawn"), "error"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A line that only one of two plans has."""

    text: str
    added: bool


def rule_columns() -> list[Column]:
    return [Column(_("Rule")), Column(_("Pays")), Column(_("Left of the budget"), num=True)]


def rule_rows(rules: Sequence[Rule]) -> list[Row]:
    """Of a version, in the order in which they are tried."""
    return [
        Row(
            [
                Cell(rule_name(position, words.about)),
                Cell(words.pays, _("Pays")),
                Cell(_budget(rule), _("Left of the budget"), "num"),
            ]
        )
        for position, (rule, words) in enumerate(zip(rules, rule_words(rules), strict=True), 1)
    ]


def rule_name(position: int, about: str) -> str:
    """ "2 · Tea"."""
    return f"{position} · {about}"


def _budget(rule: Rule) -> str:
    if rule.budget_fen is None:
        return "—"
    left = rule.budget_fen if rule.left_fen is None else rule.left_fen
    return f"¥{yuan(left)} / ¥{yuan(rule.budget_fen)}"


def changed(
    old: Sequence[Rule], old_grades: Sequence[Grade], new: Sequence[Rule], new_grades: Sequence[Grade]
) -> list[Change]:
    """What only one of the two plans says, in the order of the rules."""
    before, after = _lines(old, old_grades), _lines(new, new_grades)
    changes = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            changes += [Change(text, False) for text in before[i:j]]
            changes += [Change(text, True) for text in after[k:m]]
    return changes


def _lines(rules: Sequence[Rule], grades: Sequence[Grade]) -> list[str]:
    said = rule_words([replace(rule, left_fen=None) for rule in rules])
    lines = [
        _rule_line(rule, f"{words.about} → {words.pays}") for rule, words in zip(rules, said, strict=True)
    ]
    return lines + grade_words(grades)


def _rule_line(rule: Rule, text: str) -> str:
    return text if rule.budget_fen is None else f"{text} (¥{yuan(rule.budget_fen)})"
