from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.words import ROLES


def role_choices() -> list[tuple[str, object]]:
    return [(role.value, name) for role, (name, _means) in ROLES.items()]


class StaffForm(forms.Form):
    sign_in_name = forms.CharField(
        label=_("E-mail or mobile number"),
        max_length=254,
        help_text=_("Who has no account yet gets one, with a password that you hand over."),
    )
    shown_name = forms.CharField(
        label=_("Name"), max_length=40, required=False, help_text=_("For a new account only.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=role_choices)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=role_choices)
