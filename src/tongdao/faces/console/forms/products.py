from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongdao.faces.console.typed import YuanField
from tongdao.foundation.html import HTML_MAX
from tongdao.goods.editing.operations.products import LABEL_MAX, TITLE_MAX
from tongdao.goods.editing.options import OptionWish, ValueWish

BETWEEN = re.compile(r"[,，;；\n]+")
OPTIONS = (1, 2, 3)


class ProductForm(forms.Form):
    title = forms.CharField(label=pgettext_lazy("product", "Name"), max_length=TITLE_MAX)
    body_html = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=HTML_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Text or simple HTML: paragraphs, lists, tables, pictures. Anything else is taken out."),
    )
    vendor = forms.CharField(
        label=_("Brand"),
        required=False,
        max_length=LABEL_MAX,
        widget=forms.TextInput(attrs={"list": "brands", "autocomplete": "off"}),
    )
    product_type = forms.CharField(label=_("Category"), required=False, max_length=LABEL_MAX)
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=2_000, help_text=_("With commas between.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def clean_version(self) -> int:
        return int(self.cleaned_data.get("version") or 0)


class NewProductForm(ProductForm):
    price = YuanField(
        label=_("Price"), help_text=_("Of each SKU; you can change them one by one in the grid.")
    )
    option1 = forms.CharField(
        label=_("Option 1"), required=False, max_length=80, help_text=_("Such as: Colour")
    )
    values1 = forms.CharField(
        label=_("Its values"),
        required=False,
        max_length=4_000,
        help_text=_("With commas between: red, white"),
    )
    option2 = forms.CharField(label=_("Option 2"), required=False, max_length=80)
    values2 = forms.CharField(label=_("Its values"), required=False, max_length=4_000)
    option3 = forms.CharField(label=_("Option 3"), required=False, max_length=80)
    values3 = forms.CharField(label=_("Its values"), required=False, max_length=4_000)


def values_in(text: str) -> list[str]:
    """What stands between commas or line ends, each once."""
    return list(dict.fromkeys(value for each in BETWEEN.split(text) if (value := each.strip())))


def options_of(typed: dict[str, Any]) -> list[OptionWish]:
    """The options of a new product; a line of which nothing was filled in is none."""
    found = []
    for number in OPTIONS:
        name, values = typed[f"option{number}"].strip(), values_in(typed[f"values{number}"])
        if name or values:
            found.append(OptionWish(name, tuple(ValueWish(value) for value in values)))
    return found
