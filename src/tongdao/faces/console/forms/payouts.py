"""What is typed about payouts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.typed import YuanField
from tongdao.foundation import clock


class BankForm(forms.Form):
    """`paid_on` is today unless somebody says otherwise."""

    number = forms.CharField(
        label=_("Bank's number for the payment"),
        max_length=80,
        help_text=_("It stands on the bank's receipt, and proves later that it was paid."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    paid_on = forms.DateField(
        label=_("Paid on"),
        initial=clock.today,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class MinimumForm(forms.Form):
    least = YuanField(
        label=_("Payouts from"),
        help_text=_("In yuan, 0.10 to 200.00. Who has less due waits until more has come together."),
    )
