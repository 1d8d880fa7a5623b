"""What is typed about giving goods back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdao.faces.lists.return_words import return_groups


class ReturnsForm(forms.Form):
    exclusion = forms.ChoiceField(
        label=_("Can buyers return it within 7 days without a reason?"),
        choices=return_groups,
        required=False,
        help_text=_(
            "What the law excludes is only told to buyers. About the other kinds each buyer is asked at the"
            " checkout, and without a yes the 7 days stand. A wrong kind does not bind the buyer."
        ),
    )
