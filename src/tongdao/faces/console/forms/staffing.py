"""What is typed about staff: invitations, and roles of the merchant's own."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.company_words import PERMISSION_WORDS
from tongdao.faces.console.forms.entering import SignUpForm


def permission_choices() -> list[tuple[str, object]]:
    return list(PERMISSION_WORDS.items())


class InviteForm(forms.Form):
    """`choices` of roles are those that the inviter may give."""

    for_whom = forms.CharField(
        label=_("For whom"), max_length=40, help_text=_("Only you see it, to tell invitations apart.")
    )
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: object, choices: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # a form's own
        self.fields["role"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField


class GivenRoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: object, choices: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # a form's own
        self.fields["role"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField


class StaffRoleForm(forms.Form):
    label = forms.CharField(label=_("Name of the role"), max_length=40)
    permissions = forms.MultipleChoiceField(
        label=_("May"), choices=permission_choices, widget=forms.CheckboxSelectMultiple
    )


class NewcomerForm(SignUpForm):
    """Of somebody who was invited and has no account yet."""

    name = None  # type: ignore[assignment]  # leaves the field of its parent out
    slug = None  # type: ignore[assignment]  # the same
