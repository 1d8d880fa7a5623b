"""What is typed to make or change a promotion. Fields bear the names of the operations' arguments, so that a
refusal that names them is shown at the field.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.reading.promotions import sku_name
from tongdao.faces.console.typed import CONTROL, PercentField, YuanField
from tongdao.faces.kit.money_text import percent, yuan, yuan_plain
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.goods.catalog.models import Product, Sku
from tongdao.terms.promotions.checking import MOST_UNITS
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.queries import PromotionRow

MOST_CHOICES = 500
YEARS = range(2000, 2200)
LOCAL = "%Y-%m-%dT%H:%M"
WRONG: dict[str, Promise] = {
    "title": _("Give it a title of at most 60 characters."),
    "ends_at": _("The end lies after the start, and is not over yet."),
    "price_fen": _("Write a price above 0."),
    "off_fen": _("Write an amount or a percentage: one of the two."),
    "off_bps": _("Write a percentage up to 100."),
    "most_off_fen": _("Write an amount; it belongs to a percentage."),
    "threshold_fen": _("Write an amount of at most ten million yuan."),
    "code": _("3 to 20 letters, digits, hyphens or underscores."),
    "sku_id": _("Choose what it is for."),
    "product_ids": _("One of these products is not there any more."),
    "gift_units": _("Write a number from 1 to 99."),
    "group_size": _("Write a number from 2 to 100."),
    "group_hours": _("Write a number from 1 to 168, which is a week."),
    "quota": _("Write a number; a group buy needs at least as many as a group has buyers."),
}
BY_CODE: dict[str, Promise] = {
    "price_not_below_base": _("It has to lie below ¥%(base)s, the lowest price of the last days."),
    "code_taken": _("Another coupon has this code already."),
    "quota_below_used": _("%(used)s are used already: it cannot be less."),
}


class MomentField(forms.DateTimeField):
    """A moment in Beijing time, typed in the browser's own way."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: object) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment is not None and moment.year not in YEARS:
            raise ValidationError(_("This is too far away."))
        return moment


def _number(**kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        min_value=1,
        max_value=MOST_UNITS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **kwargs,
    )


def _products() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Only for these products"),
        required=False,
        help_text=_("None chosen: for all goods."),
        widget=forms.CheckboxSelectMultiple,
    )


def _threshold() -> YuanField:
    return YuanField(
        label=_("For goods from"), required=False, help_text=_("Yuan, after flash and group prices.")
    )


class PromotionForm(forms.Form):
    """Made inside the merchant's scope: it offers the merchant's goods. `SPAN` names the fields that take a
    whole line."""

    KIND: ClassVar[Kind]
    SPAN: ClassVar[frozenset[str]] = frozenset({"title", "sku_id", "product_ids"})

    title = forms.CharField(
        label=_("Title"), max_length=60, help_text=_("Buyers read it beside the price or on the coupon.")
    )
    starts_at = MomentField(label=_("Begins"), help_text=_("Beijing time."))
    ends_at = MomentField(label=_("Ends"))
    per_member = _number(
        label=_("A person at most"), required=False, help_text=_("Pieces, or times for a coupon.")
    )
    quota = _number(label=_("In all at most"), required=False, help_text=_("Pieces, or times for a coupon."))
    field_order = [
        *("title", "sku_id", "price_fen", "group_size", "group_hours", "gift_units"),
        *("off_fen", "off_bps", "most_off_fen", "threshold_fen", "code", "product_ids"),
        *("starts_at", "ends_at", "quota", "per_member", "stacks", "on_reduced"),
    ]

    def __init__(self, *args: Any, only: Collection[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only is not None:
            self.fields = {name: field for name, field in self.fields.items() if name in only}
        if "sku_id" in self.fields:
            skus = (
                Sku.objects.filter(saleable=True)
                .select_related("product")
                .order_by("-product_id", "position")
            )
            self._offer("sku_id", {str(sku.id): _priced(sku) for sku in skus[:MOST_CHOICES]}, empty=True)
        if "product_ids" in self.fields:
            rows = Product.objects.order_by("-id").values_list("id", "title")[:MOST_CHOICES]
            self._offer("product_ids", {str(id): title for id, title in rows})

    def _offer(self, name: str, choices: Mapping[str, str], *, empty: bool = False) -> None:
        field = self.fields[name]
        before = [("", _("Choose …"))] if empty else []
        field.choices = [*before, *choices.items()]  # type: ignore[attr-defined]  # a choice field

    def rules(self) -> dict[str, Any]:
        """The arguments for the operation, of a form that is right; of one that changes, what is new."""
        typed = {name: value for name, value in self.cleaned_data.items() if self._new(name)}
        if "sku_id" in typed:
            typed["sku_id"] = UUID(typed["sku_id"])
        if "product_ids" in typed:
            typed["product_ids"] = tuple(UUID(id) for id in typed["product_ids"])
        if "threshold_fen" in typed:
            typed["threshold_fen"] = typed["threshold_fen"] or Fen(0)
        return typed

    def _new(self, name: str) -> bool:
        return not self.initial or name in self.changed_data

    def blame(self, refusal: Refusal) -> None:
        """Say at its fields what was refused."""
        details = dict(refusal.details)
        told = BY_CODE.get(refusal.code)
        if "base_fen" in details:
            details["base"] = yuan(details["base_fen"])
        for name in details.get("fields", ()):
            words = str(told) % details if told else str(WRONG.get(name, refusal.message))
            self.add_error(name if name in self.fields else None, words)

    def typed(self) -> list[tuple[str, str]]:
        """What was typed, to be sent once more."""
        data: Any = self.data
        return [
            (name, CONTROL.sub("", value)) for name in self.fields for value in data.getlist(name) if value
        ]


class CouponForm(PromotionForm):
    KIND = Kind.COUPON
    off_fen = YuanField(label=_("Amount off"), required=False, help_text=_("Yuan; or else a percentage."))
    off_bps = PercentField(
        label=_("Percentage off"),
        required=False,
        max_length=6,
        help_text=_("12 means 12 percent off, which shops also call 8.8 折."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    most_off_fen = YuanField(
        label=_("At most off"), required=False, help_text=_("Yuan; only with a percentage.")
    )
    threshold_fen = _threshold()
    code = forms.CharField(
        label=_("Coupon code"),
        required=False,
        max_length=20,
        help_text=_("Empty: for everybody, without typing anything."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    product_ids = _products()
    stacks = forms.BooleanField(label=_("Together with other coupons that do"), required=False)
    on_reduced = forms.BooleanField(label=_("Also for goods at a flash or group price"), required=False)


class FlashForm(PromotionForm):
    KIND = Kind.FLASH
    sku_id = forms.ChoiceField(label=_("What is on sale"))
    price_fen = YuanField(label=_("Price of one piece"), help_text=_("Below the lowest of the last days."))


class GroupForm(FlashForm):
    KIND = Kind.GROUP_BUY
    group_size = forms.IntegerField(label=_("Buyers in a group"), min_value=2, max_value=100)
    group_hours = forms.IntegerField(label=_("Hours to fill it"), min_value=1, max_value=168)


class GiftForm(PromotionForm):
    KIND = Kind.GIFT
    sku_id = forms.ChoiceField(label=_("What is given"))
    gift_units = forms.IntegerField(label=_("Units with each order"), min_value=1, max_value=99)
    threshold_fen = _threshold()
    product_ids = _products()


FORMS: dict[str, type[PromotionForm]] = {
    form.KIND: form for form in (CouponForm, FlashForm, GroupForm, GiftForm)
}


def _priced(sku: Sku) -> str:
    return f"{sku_name(sku)} · ¥{yuan(sku.price_fen)}"


def as_typed(row: PromotionRow) -> dict[str, object]:
    """A promotion's rules as they stand in its form."""
    money = ("price_fen", "off_fen", "most_off_fen")
    typed: dict[str, object] = {name: getattr(row, name) for name in ("title", "per_member", "quota")}
    for name in ("starts_at", "ends_at"):  # as exact as its field: what was not typed has not changed
        typed[name] = getattr(row, name).replace(second=0, microsecond=0)
    typed |= {name: yuan_plain(value) for name in money if (value := getattr(row, name)) is not None}
    typed["off_bps"] = percent(row.off_bps) if row.off_bps is not None else ""
    typed["threshold_fen"] = yuan_plain(row.threshold_fen) if row.threshold_fen else ""
    typed["product_ids"] = [str(id) for id in row.product_ids]
    return typed
