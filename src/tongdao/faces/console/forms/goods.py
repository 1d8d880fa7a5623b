from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.typed import KiloField, YuanField
from tongdao.goods.catalog.operations.sizing import MOST_CM3


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


class SizeForm(forms.Form):
    weight = KiloField(label=_("Weight, kg"), help_text=_("Of one unit, packed. 0: not known."))
    volume_cm3 = forms.IntegerField(
        label=_("Volume, cm³"),
        help_text=_("Length × width × height in centimetres. 0: not known."),
        min_value=0,
        max_value=MOST_CM3,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
