from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AgreeForm(forms.Form):
    """`version` is the one that stands on the page: another one by then is refused."""

    version = forms.CharField(max_length=24, widget=forms.HiddenInput)
    of_age = forms.BooleanField()
    listed_occupation = forms.BooleanField(
        required=False,
        label=_("I am a full-time student, a teacher, medical staff, a civil servant or a soldier"),
        help_text=_("This hinders nothing here. Your school or employer may have rules of its own."),
    )
    agreed = forms.BooleanField(label=_("I have read the agreement and agree to it"))

    def __init__(self, *args: object, least_age: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # a form's own arguments
        self.fields["of_age"].label = _("I am %(age)d years of age or older") % {"age": least_age}


class JoinForm(AgreeForm):
    shown_name = forms.CharField(
        label=_("Name that buyers see"),
        max_length=40,
        help_text=_("It stands beside “recommended by”. It need not be your real name."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )


class NewcomerForm(JoinForm):
    """For who has no account yet. A number is not typed here: it is proven by a code (the common way in)."""

    sign_in_name = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        help_text=_("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class PayeeForm(forms.Form):
    """`version` is the one of the consent's words on the page: other words by then are refused."""

    version = forms.CharField(max_length=24, widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label=_("By which way?"),
        choices=[("wechat", _("WeChat")), ("bank", _("Bank card"))],
        widget=forms.RadioSelect,
    )
    real_name = forms.CharField(
        label=_("Real name"),
        max_length=40,
        help_text=_("As in your papers. WeChat and the bank compare it; buyers never see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    bank = forms.CharField(
        label=_("Bank"),
        max_length=64,
        required=False,
        help_text=_("Only for a bank card."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    card = forms.CharField(
        label=_("Card number"),
        max_length=30,
        required=False,
        help_text=_("Only for a bank card. It is kept encrypted, and only its end is shown again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    agreed = forms.BooleanField(label=_("I agree to this"))

    def clean_card(self) -> str:
        card = str(self.cleaned_data["card"]).replace(" ", "")
        if card and not (card.isascii() and card.isdigit() and 12 <= len(card) <= 19):
            raise forms.ValidationError(_("A card number has 12 to 19 digits."))
        return card

    def clean(self) -> dict[str, object]:
        typed = self.cleaned_data
        if typed.get("way") == "bank":
            for name in ("bank", "card"):
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed for a bank card."))
        return typed
