"""What is typed about the company, its brands and its shop's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CompanyForm(forms.Form):
    legal_name = forms.CharField(
        label=_("Company"), max_length=120, help_text=_("As on the business licence.")
    )
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("18 characters, as on the licence.")
    )
    legal_address = forms.CharField(label=_("Address"), max_length=200)
    service_phone = forms.CharField(
        label=_("Service phone"), max_length=32, help_text=_("The number that buyers may call.")
    )


class BrandForm(forms.Form):
    name = forms.CharField(label=_("Name of the brand"), max_length=80)


class PageForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=80)
    slug = forms.SlugField(
        label=_("Path"), max_length=40, help_text=_("Small letters, digits and hyphens, such as shipping.")
    )
    body_html = forms.CharField(
        label=_("Text"),
        max_length=60_000,
        required=False,
        help_text=_("HTML: paragraphs, headings, lists, tables, links, pictures. Anything else is left out."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    published = forms.BooleanField(label=_("Show it in the shop"), required=False)
