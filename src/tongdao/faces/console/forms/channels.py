"""Keys of the payment channel and the carrier. They go in and never come out."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.typed import PercentField

KEYS = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
CODE = RegexValidator(r"\A[0-9A-Za-z_]+\Z", _("Only letters, digits and _ are possible here."))
NUMBER = RegexValidator(r"\A[0-9]+\Z", _("Only digits are possible here."))
API_KEY = RegexValidator(r"\A[0-9A-Za-z]{32}\Z", _("The APIv3 key has 32 letters and digits."))


def pem(label: object, kind: str) -> forms.CharField:
    """A PEM text of this kind, such as "PRIVATE KEY"."""
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # a lazy translation
        max_length=8_192,
        widget=forms.Textarea(attrs={**KEYS, "rows": 4, "placeholder": f"-----BEGIN {kind}-----"}),
        validators=[RegexValidator(rf"-----BEGIN [A-Z ]*{kind}-----", _("Paste the whole PEM text."))],
    )


def short(label: object, length: int, *validators: RegexValidator) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # a lazy translation
        max_length=length,
        validators=list(validators),
        widget=forms.TextInput(attrs=KEYS),
    )


def secret(label: object, length: int, *validators: RegexValidator) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # a lazy translation
        max_length=length,
        validators=list(validators),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class PaymentForm(forms.Form):
    mchid = short(_("Merchant number (mchid)"), 32, NUMBER)
    appid = short(_("App id"), 32, CODE)
    certificate_serial = short(_("Serial number of your certificate"), 64, CODE)
    private_key = pem(_("Your private key"), "PRIVATE KEY")
    api_v3_key = secret(_("APIv3 key"), 64, API_KEY)
    platform_key_id = short(_("Id of the platform's public key"), 64, CODE)
    platform_public_key = pem(_("The platform's public key"), "PUBLIC KEY")
    fee = PercentField(
        label=_("Fee that the channel keeps, percent"),
        max_length=8,
        initial="0.6",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


WECHAT_KINDS = (
    ("official", _("Official account: pages inside WeChat")),
    ("website", _("Website app: a code to scan beside the page")),
    ("mini", _("Mini-program")),
)


class WechatForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Where people meet it"),
        choices=WECHAT_KINDS,
    )
    appid = short(_("App id"), 32, CODE)
    secret = secret(_("App secret"), 64, CODE)


class CarrierForm(forms.Form):
    key = short(_("Key"), 200)
    secret = secret(_("Secret"), 200)
    customer = short(_("Customer number"), 200)
    partner_id = short(_("Month-settled account"), 200)
    sender_name = forms.CharField(label=_("Sender on the waybill"), max_length=40)
    sender_phone = forms.CharField(
        label=_("Sender's phone"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    sender_address = forms.CharField(label=_("Sender's address"), max_length=200)
