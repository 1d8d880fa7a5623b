from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.typed import PercentField
from tongdao.faces.console.words import CHANNELS
from tongdao.goods.catalog.models import Product
from tongdao.party.network.models import Promoter

MOST_CHOICES = 500


class LinkForm(forms.Form):
    """Made inside the merchant's scope: it offers the merchant's promoters and products."""

    channel = forms.ChoiceField(label=_("Where it will be shown"), choices=list(CHANNELS.items()))
    promoter = forms.ChoiceField(label=_("Promoter"), required=False)
    product = forms.ChoiceField(label=_("Leads to"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Promoter.objects.filter(left_at__isnull=True).order_by("-id")[:MOST_CHOICES]
        goods = Product.objects.filter(published=True).order_by("-id")[:MOST_CHOICES]
        self.fields["promoter"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("Nobody: the shop's own link")),
            *((str(row.id), row.shown_name) for row in people),
        ]
        self.fields["product"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("The shop's front page")),
            *((str(row.id), row.title) for row in goods),
        ]


class PromoterForm(forms.Form):
    shown_name = forms.CharField(
        label=_("Name that buyers read"), max_length=40, help_text=_("Beside “recommended by”.")
    )
    sign_in_name = forms.CharField(
        label=_("E-mail or mobile number"), max_length=254, help_text=_("The promoter signs in with it.")
    )


class PlanForm(forms.Form):
    rate = PercentField(
        label=_("Commission, percent of what the buyer paid"),
        max_length=8,
        help_text=_("Without freight. 0 to 50."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
