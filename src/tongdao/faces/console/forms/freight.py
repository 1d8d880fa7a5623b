"""A freight template with its rules, as it is typed: weights in kilograms, amounts in yuan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.forms.freight_rules import ElsewhereForm, RuleForm
from tongdao.faces.console.forms.regions import all_provinces, region_name
from tongdao.faces.console.typed import KiloField, YuanField, kilos, whole
from tongdao.terms.agreements.operations import RuleDraft, TemplateDraft
from tongdao.terms.agreements.operations.drafts import DIVISORS, LONGEST_NAME, MOST_RULES

NOWHERE_ELSE = RuleDraft((), not_served=True)


class TemplateForm(forms.Form):
    """`rules` are the forms of the regions named, `elsewhere` that of all others.

    The numbers of the rules' rows come back in hidden fields `row`, so that rows can be added and taken out
    without a script.
    """

    name = forms.CharField(label=_("Name of the template"), max_length=LONGEST_NAME)
    volume_divisor = forms.IntegerField(
        label=_("Cubic centimetres that count as 1 kg"),
        help_text=_("Usually 6000. With 0 the volume does not count."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        min_value=0,
        max_value=DIVISORS.stop - 1,
        initial=6000,
    )
    parcel_most = KiloField(
        label=_("Heaviest parcel, kg"),
        help_text=_("What is heavier goes in several parcels, each at its own price."),
        required=False,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, draft: TemplateDraft | None = None, version: int = 0) -> None:
        if draft is None:
            super().__init__(data)
        else:
            super().__init__(data, initial=_initial(draft, version))
        named = [rule for rule in draft.rules if rule.prefixes] if draft else []
        rest = next((rule for rule in draft.rules if not rule.prefixes), NOWHERE_ELSE) if draft else None
        self.rows = _rows(data) if data is not None else list(range(len(named)))
        self.rules = [
            RuleForm(data, row=row, draft=None if data is not None else named[row]) for row in self.rows
        ]
        self.elsewhere = ElsewhereForm(data, draft=rest)

    def is_valid(self) -> bool:
        parts = [part.is_valid() for part in (*self.rules, self.elsewhere)]
        if super().is_valid() and all(parts):
            self._refuse_twice()
        return super().is_valid() and all(part.is_valid() for part in (*self.rules, self.elsewhere))

    def draft(self) -> TemplateDraft:
        """What was typed, when it is valid."""
        typed = self.cleaned_data
        return TemplateDraft(
            name=typed["name"],
            volume_divisor=typed["volume_divisor"],
            parcel_most_g=typed["parcel_most"],
            rules=(*(rule.rule() for rule in self.rules), self.elsewhere.rule()),
        )

    def reshaped(self, add: bool, remove: int | None) -> TemplateForm:
        """The same as typed, not checked yet, with one more row or one less."""
        form = TemplateForm()
        form.initial = {name: self[name].value() for name in self.fields}
        form.rows = [row for row in self.rows if row != remove]
        form.rules = [rule.as_typed() for rule in self.rules if rule.row != remove]
        form.elsewhere = self.elsewhere.as_typed()
        if add and len(form.rows) < MOST_RULES - 1:
            row = max(self.rows, default=-1) + 1
            form.rows.append(row)
            form.rules.append(RuleForm(row=row, fresh=True))
        return form

    def _refuse_twice(self) -> None:
        seen: set[str] = set()
        for rule in self.rules:
            twice = next((prefix for prefix in rule.prefixes() if prefix in seen), None)
            if twice is not None:
                rule.add_error(
                    "places", _("%(region)s stands in a rule above.") % {"region": region_name(twice)}
                )
            seen |= set(rule.prefixes())


def _rows(data: Any) -> list[int]:
    numbers = [whole(value) for value in data.getlist("row")[:MOST_RULES]]
    return list(dict.fromkeys(number for number in numbers if number is not None))


def _initial(draft: TemplateDraft, version: int) -> dict[str, Any]:
    most = draft.parcel_most_g
    return {
        "name": draft.name,
        "volume_divisor": draft.volume_divisor,
        "parcel_most": "" if most is None else kilos(most),
        "version": version or None,
    }


class TrialForm(forms.Form):
    """A consignment to try a template with."""

    to = forms.ChoiceField(label=_("To"))
    kg = KiloField(label=_("Weight, kg"))
    goods = YuanField(label=_("Price of the goods"), required=False)

    def __init__(self, data: Any = None, *, places: list[str]) -> None:
        super().__init__(data, initial={"to": "11", "kg": "1"})
        finer = [(place, region_name(place)) for place in places if len(place) > 2]
        self.fields["to"].choices = [*all_provinces(), *finer]  # type: ignore[attr-defined]  # it is a ChoiceField
