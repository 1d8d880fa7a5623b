"""Where goods go back to, as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongdao.rulebook import divisions
from tongdao.trade.shipping.models.returns import LONGEST_NOTE

ENDINGS = ("特别行政区", "自治区", "自治州", "地区", "省", "市", "区", "县", "盟", "旗")


def region_code(typed: str) -> str:
    """The county that is named from the province down, such as 浙江省杭州市西湖区; empty for none."""
    left, code = "".join(typed.split()), None
    while found := divisions.children(code):
        named = [(_named(left, one.name), one) for one in found]
        length, one = max(named, key=lambda each: each[0])
        if not length:
            return ""
        left, code = left[length:], one.code
    return code if code and not left else ""


def _named(left: str, name: str) -> int:
    """How many letters of `left` name it, with or without what such places are called."""
    short = next((name.removesuffix(ending) for ending in ENDINGS if name.endswith(ending)), name)
    for said in (name, short):
        if len(said) > 1 and left.startswith(said):
            return len(said)
    return 0


class ReturnAddressForm(forms.Form):
    node = forms.ChoiceField(label=_("For goods out of the stock of"), required=False)
    recipient = forms.CharField(label=_("Receiver"), max_length=40)
    phone = forms.CharField(
        label=_("Mobile number"), max_length=24, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    region = forms.CharField(
        label=_("Province, city and district"),
        max_length=80,
        help_text=_("Such as 浙江省杭州市西湖区."),
    )
    detail = forms.CharField(label=_("Street, number and room"), min_length=2, max_length=200)
    note = forms.CharField(
        label=_("What you ask of buyers"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("They read it beside the address, such as: no cash on delivery."),
    )

    def __init__(self, *args: Any, nodes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["node"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _now("All that has no address of its own")), *nodes]

    def clean_region(self) -> str:
        code = region_code(self.cleaned_data["region"])
        if not code:
            raise ValidationError(_now("Name a district or county, from the province down."))
        return code
