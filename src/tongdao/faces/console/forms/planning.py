"""What is typed about a commission plan: a rule, the grades, from when on it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from tongdao.faces.console.forms.promotions import MomentField
from tongdao.faces.console.reading.promotions import sku_name
from tongdao.faces.console.typed import PercentField, YuanField
from tongdao.faces.console.words import CHANNELS
from tongdao.faces.kit.money_text import percent, yuan_plain
from tongdao.faces.lists.company_words import GOODS
from tongdao.foundation.money import Fen
from tongdao.goods.catalog.models import Product, Sku
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.matching import Rule

MOST_CHOICES = 500
GRADES = 5
"""So many can be typed; the API takes up to nine."""
ANY = ("", _("any"))
AMOUNTS = ("unit", "least", "most", "budget")


def _percent(**more: Any) -> PercentField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return PercentField(max_length=8, required=False, widget=widget, **more)


class SeenForm(forms.Form):
    """`seen`: the version of the draft that the page showed."""

    seen = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)


class RuleForm(SeenForm):
    """Made inside the merchant's scope: it offers the merchant's goods."""

    product = forms.ChoiceField(label=_("Product"), required=False)
    sku = forms.ChoiceField(label=_("SKU"), required=False)
    category = forms.ChoiceField(label=_("Kind of goods"), required=False)
    channel = forms.ChoiceField(label=_("Link shown in"), required=False)
    grade = forms.ChoiceField(label=_("Grade of the promoter"), required=False)
    starts_at = MomentField(label=_("Begins"), required=False)
    ends_at = MomentField(label=_("Ends"), required=False)
    rate = _percent(label=_("Percent of what the buyer paid"), help_text=_("Without freight. 0 to 50."))
    unit = YuanField(label=_("Or yuan for each piece"), required=False, help_text=_("Write one of the two."))
    least = YuanField(label=_("At least, yuan a piece"), required=False)
    most = YuanField(label=_("At most, yuan a piece"), required=False)
    budget = YuanField(
        label=_("Budget, yuan"),
        required=False,
        help_text=_("When it is used up, the next rule that fits serves. Empty: no limit."),
    )
    pays_own = forms.BooleanField(
        label=_("Pays for the promoter's own orders too"),
        required=False,
        help_text=_("Usually not: commission is for sales to others."),
    )

    def __init__(
        self, data: Any = None, *, rule: Rule | None = None, grades: Sequence[Grade] = (), seen: int = 0
    ) -> None:
        super().__init__(data, initial={"seen": seen, **(_initial(rule) if rule else {})})
        if "product" in self.fields:
            self._offer(grades)

    def _offer(self, grades: Sequence[Grade]) -> None:
        goods = Product.objects.order_by("-id")[:MOST_CHOICES]
        skus = Sku.objects.filter(archived=False).select_related("product").order_by("-id")[:MOST_CHOICES]
        choices: dict[str, list[tuple[str, object]]] = {
            "product": [(str(row.id), row.title) for row in goods],
            "sku": [(str(row.id), sku_name(row)) for row in skus],
            "category": [pair for pair in GOODS.items() if pair[0]],
            "channel": list(CHANNELS.items()),
            "grade": [(grade.name, grade.name) for grade in grades],
        }
        for name, offered in choices.items():
            self.fields[name].choices = [ANY, *offered]  # type: ignore[attr-defined]  # a choice field

    def rule(self) -> Rule:
        """What was typed, when it is valid."""
        typed = self.cleaned_data
        amounts: dict[str, Any] = {f"{name}_fen": typed.get(name) for name in AMOUNTS}
        return Rule(
            rate_bps=typed["rate"],
            product_id=_id(typed.get("product")),
            sku_id=_id(typed.get("sku")),
            category=typed.get("category", ""),
            channel=typed.get("channel", ""),
            grade=typed.get("grade", ""),
            starts_at=typed.get("starts_at"),
            ends_at=typed.get("ends_at"),
            pays_own=typed["pays_own"],
            **amounts,
        )


class RestForm(RuleForm):
    """The last rule, for everything else."""

    product = sku = category = channel = grade = starts_at = ends_at = budget = None  # type: ignore[assignment]  # Django's way to drop a field


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _initial(rule: Rule) -> dict[str, Any]:
    amounts = {name: getattr(rule, f"{name}_fen") for name in AMOUNTS}
    return {
        "product": str(rule.product_id or ""),
        "sku": str(rule.sku_id or ""),
        "category": rule.category,
        "channel": rule.channel,
        "grade": rule.grade,
        "starts_at": rule.starts_at,
        "ends_at": rule.ends_at,
        "rate": "" if rule.rate_bps is None else percent(rule.rate_bps),
        "pays_own": rule.pays_own,
        **{name: "" if fen is None else yuan_plain(fen) for name, fen in amounts.items()},
    }


class GradesForm(SeenForm):
    """A few rows; a row without a name is none."""

    def __init__(self, data: Any = None, *, grades: Sequence[Grade] = (), seen: int = 0) -> None:
        super().__init__(data, initial={"seen": seen, **_typed(grades)})
        for row in range(1, GRADES + 1):
            self.fields[f"name{row}"] = forms.CharField(label=_("Grade"), max_length=24, required=False)
            self.fields[f"least{row}"] = YuanField(label=_("Own sales from, yuan"), required=False)
            self.fields[f"refunded{row}"] = _percent(label=_("Given back at most, percent"))

    def rows(self) -> list[list[forms.BoundField]]:
        return [
            [self[f"{name}{row}"] for name in ("name", "least", "refunded")] for row in range(1, GRADES + 1)
        ]

    def grades(self) -> list[Grade]:
        """What was typed, when it is valid."""
        typed = self.cleaned_data
        found = []
        for row in range(1, GRADES + 1):
            if typed[f"name{row}"]:
                most = typed[f"refunded{row}"]
                least = typed[f"least{row}"] or Fen(0)
                found.append(Grade(typed[f"name{row}"], least, 10_000 if most is None else most))
        return found


def _typed(grades: Sequence[Grade]) -> dict[str, str]:
    initial = {}
    for row, grade in enumerate(grades[:GRADES], 1):
        initial[f"name{row}"] = grade.name
        initial[f"least{row}"] = yuan_plain(grade.least_fen)
        if grade.most_refunded_bps < 10_000:
            initial[f"refunded{row}"] = percent(grade.most_refunded_bps)
    return initial


class PublishForm(SeenForm):
    effective_from = MomentField(
        label=_("In force from"), required=False, help_text=_("Beijing time. Empty: from now on.")
    )
    why = forms.CharField(
        label=_("Why"), max_length=200, required=False, help_text=_("For the record, in your own words.")
    )
