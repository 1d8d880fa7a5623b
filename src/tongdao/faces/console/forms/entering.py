from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class OpenForm(forms.Form):
    name = forms.CharField(label=_("Name of the shop"), max_length=80)
    slug = forms.CharField(
        label=_("Its path"),
        max_length=40,
        help_text=_("Small letters, digits and hyphens: your shop is found at /s/path."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )


class SignUpForm(OpenForm):
    shown_name = forms.CharField(
        label=_("Your name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    sign_in_name = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        help_text=_(
            "You sign in with it. With a mobile number: sign in with a code first, then open the shop."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        help_text=_("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
