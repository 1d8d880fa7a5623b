from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SettingsForm(forms.Form):
    name = forms.CharField(label=_("Name of the shop"), max_length=80)
    notice = forms.CharField(
        label=_("Notice"),
        max_length=300,
        required=False,
        help_text=_("A sentence at the top of your shop: opening hours, a holiday, when you ship."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    accent = forms.CharField(
        label=_("Colour"),
        max_length=7,
        required=False,
        help_text=_(
            "Of buttons and prices, such as #2f6f5e. Empty: the house's own. It must be dark enough to read."
        ),
    )
    domain = forms.CharField(
        label=_("Domain"),
        max_length=253,
        required=False,
        help_text=_(
            "A name of your own under which the shop is found too, such as shop.example.com."
            " Let its DNS entry (CNAME or A) lead to this server."
        ),
    )
