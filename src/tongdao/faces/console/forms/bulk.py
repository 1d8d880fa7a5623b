from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.faces.console.typed import YuanField
from tongdao.foundation.money import BadMoney, parse_yuan
from tongdao.goods.editing.reckoning import PriceRule

SIGNED = re.compile(r"([+\-−–]?)\s*[¥￥]?\s*([0-9][0-9,]*(?:\.[0-9]{1,2})?)\s*%?")


class BulkPriceForm(forms.Form):
    how = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[
            ("percent", gettext_lazy("More or less, %")),
            ("amount", gettext_lazy("More or less, ¥")),
            ("set", gettext_lazy("Set to, ¥")),
        ],
    )
    value = forms.CharField(
        label=gettext_lazy("By how much"),
        max_length=20,
        help_text=gettext_lazy("−10 is less, 10 is more; at most two decimals."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    ending = forms.ChoiceField(
        label=gettext_lazy("Round"),
        required=False,
        choices=[
            ("", gettext_lazy("To the fen")),
            ("0", gettext_lazy("To the nearest .00")),
            ("90", gettext_lazy("To the nearest .90")),
        ],
    )
    floor = YuanField(
        label=gettext_lazy("Never below, ¥"),
        required=False,
        help_text=gettext_lazy("SKUs that would cost less are left out."),
    )
    compare = forms.ChoiceField(
        label=gettext_lazy("Crossed-out price"),
        choices=[
            ("keep", gettext_lazy("Leave it")),
            ("old", gettext_lazy("The price of now")),
            ("none", gettext_lazy("No crossed-out price")),
        ],
        help_text=gettext_lazy("Shown to buyers only if it was really asked in the days before."),
    )
    due_at = forms.DateTimeField(
        label=gettext_lazy("From when"),
        required=False,
        help_text=gettext_lazy("Empty: at once. Beijing time."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    note = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=120)

    def clean_value(self) -> int:
        """Fen, or ten-thousandths for a percentage; less than nothing takes off."""
        found = SIGNED.fullmatch(str(self.cleaned_data["value"]).strip())
        if found is None:
            raise ValidationError(_("Write a number with at most two decimals, such as -10 or 128.00."))
        try:
            number = int(parse_yuan(found.group(2).replace(",", "")))
        except BadMoney as error:
            raise ValidationError(
                _("Write a number with at most two decimals, such as -10 or 128.00.")
            ) from error
        return number if found.group(1) in ("", "+") else -number


def rule_of(typed: dict[str, Any]) -> PriceRule:
    """The rule that was typed; an ending is fen behind the point."""
    floor = typed["floor"]
    return PriceRule(
        how=typed["how"],
        value=typed["value"],
        ending=int(typed["ending"]) if typed["ending"] else None,
        floor_fen=None if floor is None else int(floor),
        compare=typed["compare"],
    )
