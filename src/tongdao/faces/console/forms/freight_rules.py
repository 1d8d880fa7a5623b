"""One rule of a freight template: where to, and what a parcel costs."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.forms.regions import RegionsField, all_provinces, region_name
from tongdao.faces.console.typed import KiloField, YuanField, kilos
from tongdao.faces.kit.joining import joined
from tongdao.faces.kit.money_text import yuan_plain
from tongdao.terms.agreements.operations import RuleDraft

F = TypeVar("F", bound="CarriageForm")
NUMBERS = ("first", "first_fee", "step", "step_fee")


class CarriageForm(forms.Form):
    """What one parcel costs. What is typed beside "not delivered" does not matter."""

    use_required_attribute = False

    first = KiloField(label=_("First weight, kg"))
    first_fee = YuanField(label=_("Price of the first weight"))
    step = KiloField(label=_("Each further, kg"))
    step_fee = YuanField(label=_("Price of each further"))
    free_from = YuanField(label=_("Free from goods of"), required=False)
    not_served = forms.BooleanField(label=_("Nothing is delivered there"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("not_served"):
            for name in (*NUMBERS, "free_from"):
                self.errors.pop(name, None)
        for name in ("first", "step"):
            if typed.get(name) == 0 and not typed.get("not_served"):
                self.add_error(name, _("A weight is more than 0."))
        return typed

    def prefixes(self) -> tuple[str, ...]:
        return ()

    def rule(self) -> RuleDraft:
        """What was typed, when it is valid."""
        typed = self.cleaned_data
        if typed["not_served"]:
            return RuleDraft(self.prefixes(), not_served=True)
        return RuleDraft(
            self.prefixes(),
            first_g=typed["first"],
            first_fee_fen=typed["first_fee"],
            step_g=typed["step"],
            step_fee_fen=typed["step_fee"],
            free_from_fen=typed["free_from"] or None,
        )


class ElsewhereForm(CarriageForm):
    """All regions that no other rule names."""

    def __init__(self, data: Any = None, *, draft: RuleDraft | None = None) -> None:
        start = {"first": "1", "step": "1"} if draft is None else _initial(draft)
        super().__init__(data, prefix="elsewhere", initial=start)

    def as_typed(self) -> Self:
        return _as_typed(self, type(self)())


class RuleForm(CarriageForm):
    """Provinces ticked, and cities or districts by name."""

    provinces = forms.MultipleChoiceField(
        label=_("Provinces"), choices=all_provinces, required=False, widget=forms.CheckboxSelectMultiple
    )
    places = RegionsField(
        label=_("Cities and districts"),
        help_text=_("Names with spaces between them, such as 杭州市 or 浙江省杭州市西湖区."),
        required=False,
    )

    def __init__(
        self, data: Any = None, *, row: int = 0, draft: RuleDraft | None = None, fresh: bool = False
    ) -> None:
        start = {"first": "1", "step": "1"} if draft is None else _initial(draft)
        super().__init__(data, prefix=f"rule{row}", initial=start)
        self.row = row
        self.fresh = fresh

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if not self.prefixes() and "places" not in self.errors:
            self.add_error("places", _("Choose at least one region."))
        return typed

    def prefixes(self) -> tuple[str, ...]:
        typed = self.cleaned_data
        return tuple(sorted({*typed.get("provinces", ()), *typed.get("places", ())}))

    def chosen(self) -> str:
        """The names of the provinces ticked, for the head of their list."""
        ticked = set(self["provinces"].value() or ())
        return joined(name for prefix, name in all_provinces() if prefix in ticked)

    def as_typed(self) -> Self:
        return _as_typed(self, type(self)(row=self.row))


def _as_typed(typed: F, form: F) -> F:
    form.initial = {name: typed[name].value() for name in typed.fields}
    return form


def _initial(draft: RuleDraft) -> dict[str, Any]:
    free = draft.free_from_fen
    finer = [region_name(prefix) for prefix in draft.prefixes if len(prefix) > 2]
    return {
        "provinces": [prefix for prefix in draft.prefixes if len(prefix) == 2],
        "places": " ".join(finer),
        "first": kilos(draft.first_g),
        "first_fee": yuan_plain(draft.first_fee_fen),
        "step": kilos(draft.step_g),
        "step_fee": yuan_plain(draft.step_fee_fen),
        "free_from": "" if free is None else yuan_plain(free),
        "not_served": draft.not_served,
    }
