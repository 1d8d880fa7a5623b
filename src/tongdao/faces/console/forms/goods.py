from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.typed import YuanField


class PriceForm(forms.Form):
    price = YuanField(label=_("Price"))
    compare_at = YuanField(
        label=_("Crossed-out price"),
        required=False,
        help_text=_("Shown to buyers only if it was really asked in the days before."),
    )


class CountForm(forms.Form):
    on_hand = forms.IntegerField(
        label=_("Units counted in the warehouse"),
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
