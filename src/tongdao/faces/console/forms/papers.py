"""What is typed about licences, kinds of goods and agreements."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.company_words import AGREEMENTS, GOODS, LICENCES


def licence_choices() -> list[tuple[str, object]]:
    return list(LICENCES.items())


def goods_choices() -> list[tuple[str, object]]:
    return list(GOODS.items())


def agreement_choices() -> list[tuple[str, object]]:
    return [(kind.value, name) for kind, (name, _means) in AGREEMENTS.items()]


def _day(**more: object) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **more)  # type: ignore[arg-type]  # its own


class LicenceForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=licence_choices)
    number = forms.CharField(label=_("Licence number"), max_length=64)
    holder = forms.CharField(label=_("Holder"), max_length=120, help_text=_("Whose name stands on it."))
    valid_from = _day(label=_("First day"))
    valid_until = _day(label=_("Last day"), required=False, help_text=_("Empty: it has no end."))


class GoodsForm(forms.Form):
    category = forms.ChoiceField(label=_("Kind of goods"), choices=goods_choices, required=False)
    registration_no = forms.CharField(
        label=_("Registration or filing number"),
        max_length=64,
        required=False,
        help_text=_(
            "Of the product itself, where its kind has one: cosmetics, health food, medical devices."
        ),
    )


class AgreementForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=agreement_choices)
    title = forms.CharField(label=_("Title"), max_length=120)
    body_html = forms.CharField(
        label=_("Text"),
        max_length=60_000,
        help_text=_("HTML: paragraphs, headings, lists, tables, links, pictures. Anything else is left out."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    effective_from = _day(
        label=_("In force from"),
        help_text=_("At least 7 days from now, 15 for a major change: so says the law."),
    )
    major = forms.BooleanField(
        label=_("A major change: it touches the other side's main rights"), required=False
    )
